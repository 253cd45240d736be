/**
 * Converts a random checkpoint of the published architecture (64 channels, 363 MB, made on the fly) with a limit on memory, and
 * compares the graphs with those of the Python converter, which checks them against PyTorch, where training/.venv is there.
 *
 *   npm run check:conversion
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertModel } from '@spine/conversion/convert';
import { classifierFromJson } from '@spine/conversion/model/classifier';
import { PUBLISHED_ARCHITECTURE } from '@spine/conversion/model/architecture';
import { DEFAULT_DESCRIPTION, FILES, sha256OfFile } from '@spine/conversion/model/manifest';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { parseSelfTest, runSelfTest } from '@spine/runtime/selfTest';
import { readFileSync } from 'node:fs';
import { randomTensors, writeCheckpoint } from '../support/checkpointFile';
import { ROOT } from '../support/shared';

const MEMORY_LIMIT_GB = 1.5;
const PYTHON = join(ROOT, 'training/.venv/bin/python');

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'published-size-'));
  try {
    const checkpoint = join(folder, 'last.ckpt');
    writeCheckpoint(checkpoint, randomTensors(PUBLISHED_ARCHITECTURE, 'published size'));
    const z = PUBLISHED_ARCHITECTURE.style_channels;
    const classifier = { mean: Array(z).fill(0), scale: Array(z).fill(1), coef: Array(z).fill(0.01), intercept: 0 };
    writeFileSync(join(folder, 'classifier.json'), JSON.stringify(classifier));
    console.log(`checkpoint: ${(statSync(checkpoint).size / 1e6).toFixed(0)} MB`);

    const child = spawnSync(process.execPath, [...process.execArgv, __filename, folder], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (child.status !== 0) throw new Error(`the conversion ended with status ${child.status}`);
    if (!existsSync(PYTHON)) return console.log('skipped: comparison with PyTorch (no training/.venv)');
    await compareWithPython(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs in a process of its own, so that its memory is its own. */
async function convert(folder: string): Promise<void> {
  const started = performance.now();
  await convertModel({
    checkpoint: join(folder, 'last.ckpt'),
    classifier: classifierFromJson(join(folder, 'classifier.json')),
    description: {
      ...DEFAULT_DESCRIPTION,
      id: 'ours',
      name: 'ours',
      provenance: { source: 'random', createdBy: 'check' },
    },
    precision: 'float32',
    out: join(folder, 'ours'),
  });
  const gigabytes = process.resourceUsage().maxRSS / 1e6;
  console.log(
    `converted in ${((performance.now() - started) / 1000).toFixed(1)} s, at most ${gigabytes.toFixed(2)} GB of memory`
  );
  if (gigabytes > MEMORY_LIMIT_GB) throw new Error(`more than ${MEMORY_LIMIT_GB} GB of memory`);
}

async function compareWithPython(folder: string): Promise<void> {
  const options = ['--checkpoint', join(folder, 'last.ckpt'), '--classifier-json', join(folder, 'classifier.json')];
  const python = spawnSync(PYTHON, ['-m', 'vertebra_dae.convert', ...options, '--out', join(folder, 'theirs')], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PYTHONPATH: join(ROOT, 'training') },
  });
  if (python.status !== 0) throw new Error(`the Python converter ended with status ${python.status}`);
  for (const name of Object.values(FILES)) {
    if (name === FILES.selfTest) continue;
    const same = sha256OfFile(join(folder, 'ours', name)) === sha256OfFile(join(folder, 'theirs', name));
    console.log(`${name}: ${same ? 'the same bytes' : 'differs'}`);
    if (!same) process.exitCode = 1;
  }
  const { network } = await loadModelFromFolder(join(folder, 'ours'), { threads: 2 });
  const pytorch = parseSelfTest(JSON.parse(readFileSync(join(folder, 'theirs', FILES.selfTest), 'utf8')));
  const { codeError, noiseError } = await runSelfTest(network, pytorch);
  console.log(`off from PyTorch: code ${codeError.toExponential(1)}, noise ${noiseError.toExponential(1)}`);
  if (Math.max(codeError, noiseError) > 1e-4) process.exitCode = 1;
}

const [, , folder] = process.argv;
void (folder ? convert(folder) : main());
