/** Whole vertebrae, phantoms and real ones, with the slices that the product would search. */
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DiffusionAutoencoder,
  InputError,
  type KindLogits,
  type Labelmap,
  localEngine,
  patchSite,
  prepareSlices,
  screenPrepared,
  vertebralBodies,
  type Volume,
} from '@spine/core';
import { demoPlan, demoTruth, generateDemoVolume } from '@spine/phantoms';
import { readRealCase, REAL_PATIENTS } from '@spine/phantoms/real/patients';
import type { ModelManifest } from '@spine/runtime/manifest';
import { benchmarkManifest, BENCHMARKS, realFolder } from '../../../evaluation/src/benchmark';
import { type BenchmarkSlice, readSlices } from '../../../evaluation/src/crops';
import { readManifest, type VertebraCase } from '../../../evaluation/src/manifest';
import { insideTrainedWidth, screened, SLICE_MM } from '../../../evaluation/src/screened';
import { lesionCount } from '../../../evaluation/src/vertebraAgreement';
import { ROOT } from '../../support/shared';
import { shuffled, SUSPICIOUS } from '../referenceRuns';

/**
 * `test`: the benchmark's fresh split, for figures. `tuning`: a seed of its own, for choosing what the figures then judge. `demo`: the
 * demo study. `real`: the real spines at hand, healthy as far as anybody knows but for one.
 */
export const VERTEBRA_SETS = ['test', 'tuning', 'demo', 'real'] as const;
export type VertebraSet = (typeof VERTEBRA_SETS)[number];

const TUNING = { seed: 20261130, synthetic: 30, real: 12 };
const T10 = 'hide-and-seek-t10';

/** Names files of a set: it says from which seed its phantoms are. */
export function setName(set: VertebraSet): string {
  if (set === 'test') return `test-${BENCHMARKS.fresh.seed}`;
  return set === 'tuning' ? `tuning-${TUNING.seed}` : set;
}

/** One slice of a vertebra; what the benchmark's crops know of theirs is enough. */
export interface StudySlice extends Pick<BenchmarkSlice, 'index' | 'patch' | 'bodyMask' | 'raw'> {
  readonly vertebra: { readonly id: string };
  readonly offsetMm: number;
  readonly probability: number;
  readonly kindLogits?: KindLogits;
  /** Of phantoms. */
  readonly truth?: BenchmarkSlice['truth'];
  /** Suspicious with its neighbours: the product searches it. */
  readonly searched: boolean;
}

export interface WholeVertebra {
  readonly id: string;
  /** Lesions in the truth, where there is one. */
  readonly lesions?: number;
  /** Slices that hold enough of the body to be analysed at all, whether the model knows that part of a body or not. */
  readonly bodySlices: number;
  /** Those within the width that the model knows, ascending. */
  readonly slices: readonly StudySlice[];
}

export interface StudyModel {
  readonly network: DiffusionAutoencoder;
  readonly manifest: ModelManifest;
}

export const searchedOf = ({ slices }: WholeVertebra) => slices.filter(({ searched }) => searched);
export const leftOutOf = ({ slices }: WholeVertebra) => slices.filter(({ searched }) => !searched);

/** The vertebrae of a set one after the other: phantoms in a fixed random order, healthy ones among them as they come. */
export async function* wholeVertebrae(
  cache: string,
  set: VertebraSet,
  model: StudyModel
): AsyncGenerator<WholeVertebra> {
  if (set === 'demo') return yield* demoVertebrae(model);
  if (set === 'real') return yield* realVertebrae(model);
  const manifest = set === 'test' ? benchmarkManifest(cache, realFolder(undefined), 'fresh') : tuningManifest(cache);
  for (const vertebra of shuffled(readManifest(manifest), 'vertebra')) yield wholeCrop(model, vertebra);
}

async function wholeCrop({ network, manifest }: StudyModel, vertebra: VertebraCase): Promise<WholeVertebra> {
  const { patch: spec, classifier } = manifest;
  const all = await readSlices(vertebra, 'all');
  const known = insideTrainedWidth(all, spec).map(({ index }) => index);
  const looked = await screened({ network, classifier, spec }, all, known);
  const masks = all.map(({ index, truth }) => ({ index, lyticMask: truth.lytic, blasticMask: truth.blastic }));
  return {
    id: vertebra.id,
    ...(vertebra.truth === undefined ? {} : { lesions: lesionCount(masks) }),
    bodySlices: insideTrainedWidth(all, {}).length,
    slices: looked.map(({ slice, probability, kindLogits }) => ({
      ...slice,
      ...{ probability, kindLogits },
      offsetMm: slice.index * SLICE_MM,
      searched: probability >= SUSPICIOUS,
    })),
  };
}

async function* demoVertebrae(model: StudyModel): AsyncGenerator<WholeVertebra> {
  const demo = generateDemoVolume();
  const { bodies } = vertebralBodies(
    demo.vertebrae,
    demo.levels.map(level => ({ ...level, region: 'vertebra' as const }))
  );
  const { lesions } = demoTruth(demo, demoPlan('baseline'));
  for (const { label, level } of demo.levels) {
    const whole = await wholeBody(model, { volume: demo.volume, bodies }, label, `demo-${level}`);
    if (whole) yield { ...whole, lesions: lesions.filter(one => one.level === level).length };
  }
}

async function* realVertebrae(model: StudyModel): AsyncGenerator<WholeVertebra> {
  const folder = realFolder(undefined);
  if (!folder) throw new Error('there are no real spines: ../shared/ct is missing');
  const crop = { id: T10, patient: T10, level: 'T10', mimic: '', source: T10, malignant: true, sliceThicknessMm: 0.8 };
  const [image, bodyMask] = ['ct', 'body'].map(name => join(folder, T10, `${name}.nii.gz`));
  yield wholeCrop(model, { ...crop, image, bodyMask });
  for (const patient of REAL_PATIENTS) {
    const ct = await readRealCase(folder, patient);
    for (const label of ct.labels) {
      const whole = await wholeBody(model, ct, label, `${patient.id}-${label}`);
      if (whole) yield whole;
    }
  }
}

/** A body of a CT; undefined where the product refuses to analyse it. */
async function wholeBody(
  { network, manifest }: StudyModel,
  { volume, bodies }: { readonly volume: Volume; readonly bodies: Labelmap },
  label: number,
  id: string
): Promise<WholeVertebra | undefined> {
  const { patch: spec, classifier } = manifest;
  try {
    const site = patchSite(bodies, label, spec);
    const { slices } = prepareSlices(volume, bodies, site, spec, 'all');
    const whole = prepareSlices(volume, bodies, site, { ...spec, trainedWidthFraction: undefined }, 'all');
    const found = await screenPrepared(localEngine(network, classifier), { volume, bodies, site, spec }, slices);
    const indexOf = (offsetMm: number) => site.offsetsMm.indexOf(offsetMm);
    return {
      id,
      bodySlices: whole.slices.length,
      slices: slices.map(({ patch, bodyMask, hu, offsetMm }, n) => {
        const { malignancyProbability: probability, kindLogits } = found[n];
        const searched = probability >= SUSPICIOUS;
        const index = indexOf(offsetMm);
        return { vertebra: { id }, index, patch, bodyMask, raw: hu, offsetMm, probability, kindLogits, searched };
      }),
    };
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
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
