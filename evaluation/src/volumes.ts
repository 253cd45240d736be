/** Lesions as the product saves them: in three dimensions, over all slices of a body that the model knows. */
import { type LesionKind, PATCH_PIXELS, PATCH_SIZE } from '@spine/core';
import { connectedParts } from '@spine/core/lesions/connect';
import { readSlices } from './crops';
import { type EvaluatedSlice, evaluateSlice, type EvaluationOptions } from './evaluate';
import type { ModelUnderTest } from './modelUnderTest';
import type { VertebraCase } from './manifest';
import { matchRegions } from './matching';
import type { Figure } from './metrics';
import { insideTrainedWidth, screened } from './screened';
import { followedSlices } from './settled';

/** Of a crop's voxel: 0.8 x 0.675 x 0.8 mm. */
const VOXEL_ML = (0.8 * 0.675 * 0.8) / 1000;
/** Smaller parts are specks: about 13 mm3. */
const LEAST_VOXELS = 30;
const KINDS: readonly LesionKind[] = ['blastic', 'lytic'];

export interface VolumeFigures {
  /** A true lesion is found by a part of its kind with an intersection over union of at least 0.25. */
  readonly f1: Figure;
  /** Mean over the vertebrae that hold the kind, of all its voxels. */
  readonly dice: Figure;
  /** Mean of |shown - true| over those vertebrae, ml, and the mean true volume. */
  readonly volumeErrorMl: Figure;
  readonly trueMl: Figure;
  readonly lesions: number;
  readonly vertebrae: number;
}

export type Volumes = Readonly<Record<LesionKind, VolumeFigures>> & { readonly analysed: number };

interface KindOutcome {
  readonly found: number;
  readonly missed: number;
  readonly falseParts: number;
  readonly dice: Figure;
  readonly trueMl: number;
  readonly shownMl: number;
}

/** Analyses whole vertebrae; slow: every suspicious slice of each. */
export async function volumes(
  model: ModelUnderTest,
  cases: readonly VertebraCase[],
  options: Pick<EvaluationOptions, 'method' | 'screenBelow'>,
  onVertebra?: (done: number) => void
): Promise<Volumes> {
  const outcomes: Record<LesionKind, KindOutcome[]> = { blastic: [], lytic: [] };
  for (const [n, vertebra] of cases.entries()) {
    const all = await readSlices(vertebra, 'all');
    const size = PATCH_PIXELS * (all[all.length - 1].index + 1);
    const shown: Record<LesionKind, number[]> = { blastic: [], lytic: [] };
    const known = insideTrainedWidth(all, model.spec).map(({ index }) => index);
    const evaluated: EvaluatedSlice[] = [];
    for (const slice of await screened(model, all, known)) evaluated.push(await evaluateSlice(model, slice, options));
    for (const { slice, predictions } of await followedSlices(model, evaluated, options.method))
      for (const kind of KINDS)
        predictions.method?.[kind].forEach((inside, i) => {
          if (inside && !slice.ignored[i]) shown[kind].push(slice.index * PATCH_PIXELS + i);
        });
    for (const kind of KINDS) {
      const truth = all.flatMap(slice =>
        [...slice.truth[kind].keys()].filter(i => slice.truth[kind][i]).map(i => slice.index * PATCH_PIXELS + i)
      );
      outcomes[kind].push(compareVolumes(truth, shown[kind], size / PATCH_PIXELS));
    }
    onVertebra?.(n + 1);
  }
  return { blastic: figuresOf(outcomes.blastic), lytic: figuresOf(outcomes.lytic), analysed: cases.length };
}

/** Compares voxels of one kind in one vertebra, offsets in a grid of 64 x 64 x `slices`. */
export function compareVolumes(truth: readonly number[], shown: readonly number[], slices: number): KindOutcome {
  const dims = [PATCH_SIZE, PATCH_SIZE, slices] as const;
  const parts = (offsets: readonly number[]) =>
    connectedParts(offsets, { dims })
      .filter(part => part.length >= LEAST_VOXELS)
      .map(part => new Set(part));
  const [lesions, regions] = [parts(truth), parts(shown)];
  const found = matchRegions(lesions, regions).size;
  const all = new Set(truth);
  const common = shown.filter(at => all.has(at)).length;
  return {
    found,
    missed: lesions.length - found,
    falseParts: regions.length - found,
    dice: lesions.length > 0 ? (2 * common) / (truth.length + shown.length) : null,
    trueMl: truth.length * VOXEL_ML,
    shownMl: shown.length * VOXEL_ML,
  };
}

function figuresOf(outcomes: readonly KindOutcome[]): VolumeFigures {
  const sum = (value: (one: KindOutcome) => number, of = outcomes) => of.reduce((total, one) => total + value(one), 0);
  const [found, missed, wrong] = [sum(o => o.found), sum(o => o.missed), sum(o => o.falseParts)];
  const ill = outcomes.filter(({ dice }) => dice !== null);
  const mean = (value: (one: KindOutcome) => number) => (ill.length > 0 ? sum(value, ill) / ill.length : null);
  const counted = 2 * found + missed + wrong;
  return {
    f1: counted > 0 ? (2 * found) / counted : null,
    dice: mean(o => o.dice ?? 0),
    volumeErrorMl: mean(o => Math.abs(o.shownMl - o.trueMl)),
    trueMl: mean(o => o.trueMl),
    lesions: found + missed,
    vertebrae: ill.length,
  };
}
