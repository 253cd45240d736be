import { mkdirSync } from 'node:fs';
import { attributeSlice, InputError, PATCH_PIXELS, samplerById } from '@spine/core';
import { methodOf } from '@spine/runtime/method';
import { parseOptions, required, runCommand, wholeNumber } from './cli';
import { defaultModelFolder } from './defaultModel';
import { loadModelFromFolder } from './nodeModel';
import { readNpy } from './npy';
import { writeSliceAttribution } from './sliceFiles';

const USAGE = `npm run attribute -- [--model <dir>] --patch <p.npy> --body-mask <m.npy> --out <dir> [--sampler reference|fast|thorough] [--threads n]
Hide-and-Seek Attribution of one percentile-scaled 64 x 64 sagittal patch (rows anterior to posterior, columns superior to
inferior). Writes every intermediate array as .npy and result.json into --out. Research use only.`;

function readPatchArray(path: string): Float32Array {
  const { data, shape } = readNpy(path);
  if (data.length !== PATCH_PIXELS) {
    throw new InputError('patch-shape', { shape }, { file: path });
  }
  return Float32Array.from(data);
}

void runCommand('attribute', USAGE, async () => {
  const options = parseOptions({
    model: { type: 'string' },
    patch: { type: 'string' },
    'body-mask': { type: 'string' },
    out: { type: 'string' },
    sampler: { type: 'string', default: 'reference' },
    threads: { type: 'string', default: '2' },
  });
  const out = required(options.out, 'out');
  const patch = readPatchArray(required(options.patch, 'patch'));
  const bodyMask = Uint8Array.from(readPatchArray(required(options['body-mask'], 'body-mask')), v => (v ? 1 : 0));
  // A wrong name is told before a model is loaded.
  samplerById(options.sampler);
  const { manifest, network } = await loadModelFromFolder(options.model ?? defaultModelFolder(), {
    threads: wholeNumber(options.threads, 'threads'),
  });

  let planned = 0;
  let done = 0;
  let shown = -1;
  const method = methodOf(manifest, options.sampler);
  const result = await attributeSlice(network, manifest.classifier, patch, bodyMask, method, {
    onPlan: count => (planned = count),
    onEvaluations: count => {
      done += count;
      const percent = Math.floor((100 * done) / planned);
      if (percent !== shown)
        process.stderr.write(`\r${done} of ${planned} network evaluations (${(shown = percent)} %) `);
    },
  });
  process.stderr.write('\n');
  mkdirSync(out, { recursive: true });
  writeSliceAttribution(out, result, method, manifest);
  const kept = result.candidates.filter(candidate => candidate.kept);
  process.stdout.write(
    `P(malignant) ${result.malignancyProbability.toFixed(4)}; ${result.candidates.length} candidates, ${kept.length} kept; written to ${out}\n`
  );
});
