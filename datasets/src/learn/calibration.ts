/** Intercept of the classifier and score threshold of a model, chosen on the validation part, to which nothing was fitted. */
import { regionFigures, type SearchedSlice } from './regions';

/** Newton's method needs a handful of steps for one number. */
const STEPS = 50;
/** Without a limit the shift diverges where the classifier makes no error. */
const MAX_SHIFT = 5;

/**
 * The shift of all logits with the highest likelihood on vertebrae that nothing was fitted to: afterwards the mean probability is
 * the share of malignant ones, so that P(malignant) 0.5, from which a slice is searched, means even odds.
 * @returns undefined when there is one label only
 */
export function calibratedIntercept(vertebrae: readonly { logit: number; malignant: boolean }[]): number | undefined {
  const positives = vertebrae.filter(({ malignant }) => malignant).length;
  if (!positives || positives === vertebrae.length) return undefined;
  let shift = 0;
  for (let step = 0; step < STEPS; step++) {
    const probabilities = vertebrae.map(({ logit }) => 1 / (1 + Math.exp(-logit - shift)));
    const excess = probabilities.reduce((sum, p) => sum + p, 0) - positives;
    const slope = probabilities.reduce((sum, p) => sum + p * (1 - p), 0);
    // A step of at most one keeps Newton's method from overshooting where all probabilities are near 0 or 1.
    shift -= Math.max(-1, Math.min(1, excess / Math.max(slope, 1e-9)));
  }
  return Math.max(-MAX_SHIFT, Math.min(MAX_SHIFT, shift));
}

/** Thresholds of the attribution score to choose from. */
const THRESHOLDS = Array.from({ length: 15 }, (_, i) => Number((0.2 + 0.05 * i).toFixed(2)));
/** With fewer accepted regions than this the best threshold is a matter of chance. */
export const ENOUGH_REGIONS = 5;

export interface ThresholdChoice {
  readonly threshold: number;
  /** Pooled F1 of the validation part at the threshold chosen and at the model's own. */
  readonly f1: number | null;
  readonly f1Before: number | null;
  readonly regions: number;
}

/**
 * The threshold with the highest F1 against the regions that readers accepted in the validation part; of equals the one nearest
 * to the model's own, which stays where there is too little to choose by.
 */
export function chosenThreshold(
  searched: readonly SearchedSlice[],
  method: { readonly attributionThreshold: number; readonly minPixels: number }
): ThresholdChoice {
  const own = method.attributionThreshold;
  const at = (threshold: number) => regionFigures(searched, { ...method, attributionThreshold: threshold });
  const before = at(own);
  const regions = before.lytic.lesions + before.blastic.lesions;
  const unchanged = { threshold: own, f1: before.f1, f1Before: before.f1, regions };
  if (regions < ENOUGH_REGIONS) return unchanged;
  const nearest = [...THRESHOLDS].sort((a, b) => Math.abs(a - own) - Math.abs(b - own));
  return nearest.reduce((best, threshold) => {
    const f1 = at(threshold).f1 ?? 0;
    return f1 > (best.f1 ?? 0) + 1e-9 ? { ...best, threshold, f1 } : best;
  }, unchanged);
}
