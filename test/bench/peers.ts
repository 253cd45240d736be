/** One slice with the same weights as a researcher would run it (PyTorch), and natively in Node. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attributeSlice, PATCH_SIZE } from '@spine/core';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { writeNpy } from '@spine/headless/npy';
import type { ModelManifest } from '@spine/runtime/manifest';
import { methodOf } from '@spine/runtime/method';
import type { BenchmarkSlice } from '../../evaluation/src/crops';
import { ROOT } from '../support/shared';

type Pixels = Pick<BenchmarkSlice, 'patch' | 'bodyMask'>;

export interface TorchTiming {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly evaluations: number;
}

function python(module: string, args: readonly string[]): string | undefined {
  const run = spawnSync(process.execPath, [join(ROOT, 'training/run.mjs'), `vertebra_dae.${module}`, ...args], {
    encoding: 'utf8',
  });
  return run.status === 0 ? undefined : run.stderr.trim().split('\n')[0];
}

/** The weights of a model folder as a PyTorch checkpoint, made once. */
function checkpointOf(folder: string, { files }: ModelManifest): { checkpoint: string } | { missing: string } {
  const cache = join(ROOT, '.cache/checkpoints');
  const checkpoint = join(cache, `${files.noisePredictor.sha256.slice(0, 16)}.ckpt`);
  if (existsSync(checkpoint)) return { checkpoint };
  mkdirSync(cache, { recursive: true });
  const missing = python('recover', ['--model', folder, '--out', checkpoint]);
  return missing === undefined ? { checkpoint } : { missing };
}

/** The PyTorch implementation with the reference schedule on one slice; the reason where it cannot run. */
export function torchTiming(
  folder: string,
  manifest: ModelManifest,
  { patch, bodyMask }: Pixels,
  threads: number
): TorchTiming | { missing: string } {
  const weights = checkpointOf(folder, manifest);
  if ('missing' in weights) return weights;
  const out = mkdtempSync(join(tmpdir(), 'bench-torch-'));
  try {
    const shape = [PATCH_SIZE, PATCH_SIZE];
    writeNpy(join(out, 'patch.npy'), patch, shape);
    writeNpy(join(out, 'mask.npy'), bodyMask, shape);
    writeFileSync(join(out, 'classifier.json'), JSON.stringify(manifest.classifier));
    const options = {
      checkpoint: weights.checkpoint,
      config: join(folder, 'config.json'),
      'classifier-json': join(out, 'classifier.json'),
      patch: join(out, 'patch.npy'),
      'body-mask': join(out, 'mask.npy'),
      'target-probability': String(manifest.method.targetProbability),
      threads: String(threads),
      out: join(out, 'result'),
    };
    const missing = python(
      'reference',
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
    );
    if (missing !== undefined) return { missing };
    return JSON.parse(readFileSync(join(out, 'result/timing.json'), 'utf8')) as TorchTiming;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** The default sampler on the slice in Node: the best of `runs`, and the processor time of that one. */
export async function nodeTiming(
  folder: string,
  { patch, bodyMask }: Pixels,
  threads: number,
  runs = 2
): Promise<{ seconds: number; processorSeconds: number }> {
  const { network, manifest } = await loadModelFromFolder(folder, { threads });
  const timings: { seconds: number; processorSeconds: number }[] = [];
  for (let run = 0; run < runs; run++) {
    const [start, processor] = [performance.now(), process.cpuUsage()];
    await attributeSlice(network, manifest.classifier, patch, bodyMask, methodOf(manifest, 'fast'));
    const { user, system } = process.cpuUsage(processor);
    timings.push({ seconds: (performance.now() - start) / 1000, processorSeconds: (user + system) / 1e6 });
  }
  await network.dispose();
  return timings.reduce((best, one) => (one.seconds < best.seconds ? one : best));
}
