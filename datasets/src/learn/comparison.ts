import type { LabelFigures } from '@spine/evaluation/labels/evaluateLabels';
import type { RegionFigures } from './regions';

/** A model on the patients held out. */
export interface Compared {
  /** "id version" */
  readonly model: string;
  readonly labels: LabelFigures;
  readonly regions: RegionFigures;
}

export interface Comparison {
  readonly before: Compared;
  readonly after: Compared;
  readonly notWorse: boolean;
}

/** Neither figure is lower; an AUC must exist, regions need not. */
export function notWorse(before: Compared, after: Compared): boolean {
  const [a, b] = [after.labels.auc, before.labels.auc];
  if (a === null || b === null || a < b) return false;
  const [f, g] = [after.regions.f1, before.regions.f1];
  return f === null || g === null ? f === g || f !== null : f >= g;
}

/** The figures in which the new model is worse, in words. */
export function whyWorse({ before, after }: Comparison): string {
  const number = (value: number | null) => (value === null ? 'undefined' : value.toFixed(3));
  if (after.labels.auc === null || before.labels.auc === null) {
    return 'the patients held out do not have vertebrae of both labels yet, so that the models cannot be compared: review more studies';
  }
  const parts = [];
  if (after.labels.auc < before.labels.auc) {
    parts.push(
      `its held-out AUC is ${number(after.labels.auc)}, that of the model in use ${number(before.labels.auc)}`
    );
  }
  if ((after.regions.f1 ?? 0) < (before.regions.f1 ?? 0)) {
    parts.push(
      `its F1 against accepted regions is ${number(after.regions.f1)}, that of the model in use ${number(before.regions.f1)}`
    );
  }
  return parts.join('; ');
}
