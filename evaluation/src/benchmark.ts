import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The fixed test splits: their seeds are never used for training. */
export const BENCHMARKS = {
  /** Developers have looked at this one for months. */
  first: { seed: 20261123, synthetic: 160, real: 60, twins: false },
  /** With twins, mimics as frequent in both labels, and the real bodies of the larger collection's test patients. */
  fresh: { seed: 20261129, synthetic: 100, real: 37, twins: true },
} as const;
export type BenchmarkName = keyof typeof BENCHMARKS;

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
export function benchmarkManifest(cache: string, real: string | undefined, name: BenchmarkName = 'first'): string {
  const { seed, synthetic, real: realCount, twins } = BENCHMARKS[name];
  const folder = join(cache, `benchmark-${seed}-${real ? 'with-real' : 'synthetic'}`);
  const manifest = join(folder, 'manifest.csv');
  if (existsSync(manifest)) return manifest;
  const unfinished = `${folder}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const options = ['--out', unfinished, '--seed', seed, '--split', 'test', '--count', synthetic, '--jobs', 2];
  if (real) options.push('--real', real, '--real-count', realCount);
  if (twins) options.push('--twins');
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
