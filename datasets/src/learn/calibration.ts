/** Newton's method needs a handful of steps for one number. */
const STEPS = 50;
/** A part that is told apart without error would shift without bound. */
const MAX_SHIFT = 5;

/**
 * The shift of all logits with the highest likelihood on vertebrae that nothing was fitted to: afterwards the mean probability is
 * the share of malignant ones, so that the gate at one half means what it says.
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
