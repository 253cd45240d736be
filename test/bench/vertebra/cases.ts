/** Whole vertebrae of the phantoms, with the slices that the product would search. */
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { benchmarkManifest, BENCHMARKS, realFolder } from '../../../evaluation/src/benchmark';
import { type BenchmarkSlice, readSlices } from '../../../evaluation/src/crops';
import { readManifest, type VertebraCase } from '../../../evaluation/src/manifest';
import { insideTrainedWidth, screened, type ScreeningModel } from '../../../evaluation/src/screened';
import { ROOT } from '../../support/shared';
import { shuffled, SUSPICIOUS } from '../referenceRuns';

/** Slices of a crop lie this far apart, mm. */
export const SLICE_MM = 0.8;

/** `test`: the benchmark's fresh split, for figures. `tuning`: a seed of its own, for choosing what the figures then judge. */
export type VertebraSet = 'test' | 'tuning';

const TUNING = { seed: 20261130, synthetic: 30, real: 12 };

/** Names files of a set: it says from which seed its phantoms are. */
export const setName = (set: VertebraSet) => `${set}-${set === 'test' ? BENCHMARKS.fresh.seed : TUNING.seed}`;

/** One vertebra: its slices within the width that the model knows, ascending, and which of them are searched. */
export interface WholeVertebra {
  readonly vertebra: VertebraCase;
  readonly known: number;
  readonly searched: readonly BenchmarkSlice[];
}

/** Vertebrae with lesions, in a fixed random order. */
export function vertebraCases(cache: string, set: VertebraSet): VertebraCase[] {
  const manifest = set === 'test' ? benchmarkManifest(cache, realFolder(undefined), 'fresh') : tuningManifest(cache);
  return shuffled(
    readManifest(manifest).filter(({ malignant }) => malignant),
    'vertebra'
  );
}

export async function wholeVertebra(model: ScreeningModel, vertebra: VertebraCase): Promise<WholeVertebra> {
  const all = await readSlices(vertebra, 'all');
  const known = insideTrainedWidth(all, model.spec).map(({ index }) => index);
  const looked = await screened(model, all, known);
  const searched = looked.filter(({ probability }) => probability >= SUSPICIOUS).map(({ slice }) => slice);
  return { vertebra, known: known.length, searched };
}

/** Phantoms of a seed that neither training nor a benchmark has. */
function tuningManifest(cache: string): string {
  const real = realFolder(undefined);
  const folder = join(cache, `vertebrae-${TUNING.seed}-${real ? 'with-real' : 'synthetic'}`);
  const manifest = join(folder, 'manifest.csv');
  if (existsSync(manifest)) return manifest;
  const unfinished = `${folder}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  const options = ['--out', unfinished, '--seed', TUNING.seed, '--split', 'test', '--count', TUNING.synthetic];
  if (real) options.push('--real', real, '--real-count', TUNING.real);
  options.push('--twins');
  const program = join(ROOT, 'phantoms/src/main.ts');
  const made = spawnSync(process.execPath, [...process.execArgv, program, ...options.map(String)], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (made.status !== 0) throw new Error(`the phantoms could not be made (ended with ${made.status ?? made.signal})`);
  renameSync(unfinished, folder);
  return manifest;
}
