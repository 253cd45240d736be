/** What these slices allow at all: how good the method could be if one of its steps made no mistake. */
import { connectedComponents, type LesionKind, MIN_PIXELS, type PatchMask, refineOutlines } from '@spine/core';
import type { EvaluatedSlice } from './evaluate';
import { compareSlice, MATCH_IOU } from './matching';
import { type KindFigures, kindFigures, type SliceOutcome } from './metrics';

const KINDS: readonly LesionKind[] = ['blastic', 'lytic'];

/** Figures of one ceiling. */
export type Ceiling = Readonly<Record<LesionKind, Pick<KindFigures, 'f1' | 'dice'>>>;

export interface Ceilings {
  /** Every proposed candidate that matches a lesion is kept and nothing else: what is left is the edit and the median rule. */
  readonly perfectChoice: Ceiling;
  /** The outline refinement on the true lesions themselves: what is left is the CT's own noise and contrast. */
  readonly outlineOfTruth: Ceiling;
}

/** @param slices evaluated with nothing screened out, so that each with a lesion has its candidates */
export function ceilings(slices: readonly EvaluatedSlice[]): Ceilings {
  return {
    perfectChoice: ceilingOf(slices, perfectChoice),
    outlineOfTruth: ceilingOf(slices, outlineOfTruth),
  };
}

type Predict = (evaluated: EvaluatedSlice, kind: LesionKind) => PatchMask;

function ceilingOf(slices: readonly EvaluatedSlice[], predict: Predict): Ceiling {
  const outcomes = slices.map((evaluated): SliceOutcome => {
    const { slice, probability } = evaluated;
    const counts = (kind: LesionKind) => compareSlice(predict(evaluated, kind), slice.truth[kind]);
    return {
      vertebra: slice.vertebra.id,
      patient: slice.vertebra.patient,
      malignant: slice.vertebra.malignant,
      mimic: false,
      source: slice.vertebra.source,
      sliceThicknessMm: slice.vertebra.sliceThicknessMm,
      probability,
      counts: { lytic: counts('lytic'), blastic: counts('blastic') },
    };
  });
  const of = (kind: LesionKind) => {
    const { f1, dice } = kindFigures(outcomes, kind);
    return { f1, dice };
  };
  return { blastic: of('blastic'), lytic: of('lytic') };
}

const perfectChoice: Predict = ({ slice, attribution }, kind) => {
  const lesions = connectedComponents(slice.truth[kind]).filter(pixels => pixels.length >= MIN_PIXELS);
  const chosen = (attribution?.candidates ?? []).filter(
    ({ kind: of, mask, pixelCount }) =>
      of === kind &&
      lesions.some(pixels => {
        const common = pixels.filter(i => mask[i]).length;
        return common / (pixels.length + pixelCount - common) >= MATCH_IOU;
      })
  );
  return union(chosen.map(({ mask }) => mask));
};

const outlineOfTruth: Predict = ({ slice }, kind) => {
  const sign = kind === 'lytic' ? 1 : -1;
  const lesions = connectedComponents(slice.truth[kind]).filter(pixels => pixels.length >= MIN_PIXELS);
  const candidates = lesions.map((pixels, id) => {
    const mask = new Uint8Array(slice.truth[kind].length);
    for (const i of pixels) mask[i] = 1;
    return { id, kind, mask, pixelCount: pixels.length, kept: false, probability: 1, attributionScore: 1 };
  });
  const difference = Float32Array.from(slice.truth[kind], inside => (inside ? sign : 0));
  const outlines = refineOutlines(candidates, slice.patch, slice.bodyMask, difference, MIN_PIXELS);
  return union(outlines.filter(({ leftOut }) => !leftOut).map(({ mask }) => mask));
};

function union(masks: readonly PatchMask[]): PatchMask {
  const all = new Uint8Array(64 * 64);
  for (const mask of masks) mask.forEach((inside, i) => inside && (all[i] = 1));
  return all;
}

/** Rows for a table. */
export function ceilingRows({ perfectChoice: choice, outlineOfTruth: outline }: Ceilings): string[][] {
  const number = (value: number | null) => (value === null ? '-' : value.toFixed(3));
  const row = (name: string, ceiling: Ceiling) => [
    name,
    ...KINDS.flatMap(kind => [number(ceiling[kind].f1), number(ceiling[kind].dice)]),
  ];
  return [
    row('perfect screening and choice among the proposed regions', choice),
    row('outline refinement started from the true lesion', outline),
  ];
}
