import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The benchmark's fixed test split: this seed is never used for training. */
export const BENCHMARK_SEED = 20261123;
const SYNTHETIC_COUNT = 160;
const REAL_COUNT = 60;

const ROOT = resolve(__dirname, '../..');

/** Real CT to insert lesions into: the folder given, else `shared/ct` beside the repository, else none. */
export function realFolder(given: string | undefined): string | undefined {
  const folder = given ?? join(process.env.SPINE_SHARED ?? resolve(ROOT, '../shared'), 'ct');
  return existsSync(folder) ? folder : undefined;
}

/**
 * Builds the test split into `cache` on first use and returns its manifest. Synthetic vertebrae always; lesions inserted into real
 * healthy vertebrae where a folder of them is given.
 */
export function benchmarkManifest(cache: string, real: string | undefined): string {
  const folder = join(cache, `benchmark-${BENCHMARK_SEED}-${real ? 'with-real' : 'synthetic'}`);
  const manifest = join(folder, 'manifest.csv');
  if (existsSync(manifest)) return manifest;
  const unfinished = `${folder}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const options = [
    '--out',
    unfinished,
    '--seed',
    BENCHMARK_SEED,
    '--split',
    'test',
    '--count',
    SYNTHETIC_COUNT,
    '--jobs',
    2,
  ];
  if (real) options.push('--real', real, '--real-count', REAL_COUNT);
  const made = spawnSync(
    process.execPath,
    [...process.execArgv, join(ROOT, 'phantoms/src/main.ts'), ...options.map(String)],
    {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
    }
  );
  if (made.status !== 0)
    throw new Error(`The benchmark could not be built (npm run phantoms ended with ${made.status ?? made.signal}).`);
  renameSync(unfinished, folder);
  return manifest;
}
