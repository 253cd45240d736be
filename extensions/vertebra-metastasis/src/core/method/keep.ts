import { PATCH_PIXELS } from '../types';
import type { PatchMask, ScoredCandidate } from '../types';

export interface KeptRegions {
  readonly candidates: ScoredCandidate[];
  readonly lyticMask: PatchMask;
  readonly blasticMask: PatchMask;
}

type Kept = Pick<ScoredCandidate, 'attributionScore' | 'pixelCount' | 'skipped' | 'leftOut'>;

/** The rule of the method: scored at all, not excluded afterwards, the score strictly above the threshold, and at least this many pixels. */
export function isKept(
  { attributionScore, pixelCount, skipped, leftOut }: Kept,
  threshold: number,
  minPixels: number
): boolean {
  return !skipped && !leftOut && attributionScore > threshold && pixelCount >= minPixels;
}

/**
 * Decides which candidates are lesions; no inference, so a threshold slider can call it on every move.
 * @param threshold a candidate is kept when its score is strictly above it
 * @param minPixels and when it has at least this many pixels
 */
export function applyThreshold(candidates: readonly ScoredCandidate[], threshold: number, minPixels = 0): KeptRegions {
  const masks = { lytic: new Uint8Array(PATCH_PIXELS), blastic: new Uint8Array(PATCH_PIXELS) };
  const decided = candidates.map(candidate => {
    const kept = isKept(candidate, threshold, minPixels);
    if (kept) candidate.mask.forEach((inside, i) => inside && (masks[candidate.kind][i] = 1));
    return { ...candidate, kept };
  });
  return { candidates: decided, lyticMask: masks.lytic, blasticMask: masks.blastic };
}
