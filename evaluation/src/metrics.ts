import type { LesionKind } from '@spine/core';
import type { SliceCounts } from './matching';

/** What one method made of one slice. */
export interface SliceOutcome {
  readonly vertebra: string;
  readonly patient: string;
  readonly malignant: boolean;
  readonly mimic: boolean;
  readonly source: string;
  readonly sliceThicknessMm: number;
  /** P(malignant) of the slice by the encoder and the latent classifier. */
  readonly probability: number;
  readonly counts: Readonly<Record<LesionKind, SliceCounts>>;
}

/** A ratio, or null where nothing was there to count. */
export type Figure = number | null;

export interface KindFigures {
  readonly f1: Figure;
  readonly precision: Figure;
  readonly recall: Figure;
  /** Mean Dice over the slices that hold a lesion of this kind. */
  readonly dice: Figure;
  readonly lesions: number;
  readonly slices: number;
}

export interface Figures {
  readonly blastic: KindFigures;
  readonly lytic: KindFigures;
  /** Regions shown per healthy vertebra without, and with, a mimic. */
  readonly falsePerHealthy: Figure;
  readonly falsePerMimic: Figure;
  /** Area under the ROC curve of the vertebra's largest slice probability. */
  readonly auc: Figure;
}

const ratio = (part: number, whole: number): Figure => (whole > 0 ? part / whole : null);
const sum = <T>(items: readonly T[], value: (item: T) => number) =>
  items.reduce((total, item) => total + value(item), 0);

export function kindFigures(outcomes: readonly SliceOutcome[], kind: LesionKind): KindFigures {
  const counts = outcomes.map(outcome => outcome.counts[kind]);
  const found = sum(counts, c => c.found);
  const missed = sum(counts, c => c.missed);
  const falseRegions = sum(counts, c => c.falseRegions);
  const withLesion = counts.filter(c => c.lesions.length > 0);
  const dice = withLesion.map(c => (2 * c.commonPixels) / (c.truePixels + c.predictedPixels));
  return {
    f1: ratio(2 * found, 2 * found + missed + falseRegions),
    precision: ratio(found, found + falseRegions),
    recall: ratio(found, found + missed),
    dice: ratio(
      sum(dice, d => d),
      dice.length
    ),
    lesions: found + missed,
    slices: withLesion.length,
  };
}

function falseRegionsPerVertebra(outcomes: readonly SliceOutcome[]): Figure {
  const vertebrae = new Set(outcomes.map(outcome => outcome.vertebra));
  return ratio(
    sum(outcomes, o => o.counts.lytic.falseRegions + o.counts.blastic.falseRegions),
    vertebrae.size
  );
}

/** Mann-Whitney estimate of the area under the ROC curve; ties count half. */
export function areaUnderCurve(positives: readonly number[], negatives: readonly number[]): Figure {
  const wins = sum(positives, p => sum(negatives, n => (p > n ? 1 : p === n ? 0.5 : 0)));
  return ratio(wins, positives.length * negatives.length);
}

function vertebraAuc(outcomes: readonly SliceOutcome[]): Figure {
  const highest = new Map<string, { malignant: boolean; probability: number }>();
  for (const { vertebra, malignant, probability } of outcomes) {
    const before = highest.get(vertebra)?.probability ?? 0;
    highest.set(vertebra, { malignant, probability: Math.max(before, probability) });
  }
  const all = [...highest.values()];
  const of = (malignant: boolean) => all.filter(v => v.malignant === malignant).map(v => v.probability);
  return areaUnderCurve(of(true), of(false));
}

/** Area of a disc of 10 mm, in pixels of 0.8 x 0.675 mm. */
const LARGE_PIXELS = (Math.PI * 25) / (0.8 * 0.675);

/** Slices whose lesions are all at least 10 mm across, the paper's sizes, and slices without one. */
export function largeOnly(outcomes: readonly SliceOutcome[]): SliceOutcome[] {
  return outcomes.filter(({ counts }) =>
    [...counts.lytic.lesions, ...counts.blastic.lesions].every(({ pixels }) => pixels >= LARGE_PIXELS)
  );
}

const showsLesion = ({ counts }: SliceOutcome) => counts.lytic.lesions.length + counts.blastic.lesions.length > 0;

/** Slices that show a lesion. */
export function withLesion(outcomes: readonly SliceOutcome[]): SliceOutcome[] {
  return outcomes.filter(showsLesion);
}

/** Area under the ROC curve of the slices' P(malignant): those that show a lesion against all others. */
export function sliceAuc(outcomes: readonly SliceOutcome[]): Figure {
  const of = (ill: boolean) => outcomes.filter(one => showsLesion(one) === ill).map(({ probability }) => probability);
  return areaUnderCurve(of(true), of(false));
}

/** All figures of one method over some outcomes. */
export function figures(outcomes: readonly SliceOutcome[]): Figures {
  const healthy = outcomes.filter(outcome => !outcome.malignant);
  return {
    blastic: kindFigures(outcomes, 'blastic'),
    lytic: kindFigures(outcomes, 'lytic'),
    falsePerHealthy: falseRegionsPerVertebra(healthy.filter(outcome => !outcome.mimic)),
    falsePerMimic: falseRegionsPerVertebra(healthy.filter(outcome => outcome.mimic)),
    auc: vertebraAuc(outcomes),
  };
}
