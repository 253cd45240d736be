import { InputError, PATCH_PIXELS } from '../types';
import type { Patch } from '../types';
import { quantile } from './quantile';

/** Upper percentile that maps to 1; the authors' value. */
export const HIGH_FRACTION = 0.995;

/**
 * v' = (v - min) / (p99.5 - min), not clipped: the range is [0, about 1.2]. A linear rescaling of HU changes nothing.
 * @param raw 64 x 64 intensities (HU or any linear image of it), not modified
 * @throws InputError 'flat-patch' when the patch has no contrast, 'patch-size' or 'patch-not-finite' when unusable
 */
export function normalisePatch(raw: ArrayLike<number>): Patch {
  if (raw.length !== PATCH_PIXELS) {
    throw new InputError('patch-size', { found: raw.length, expected: PATCH_PIXELS });
  }
  let low = Infinity;
  for (let i = 0; i < raw.length; i++) {
    if (!Number.isFinite(raw[i])) throw new InputError('patch-not-finite', { pixel: i, value: raw[i] });
    low = Math.min(low, raw[i]);
  }
  const span = quantile(raw, HIGH_FRACTION) - low;
  if (!(span > 0)) {
    throw new InputError('flat-patch');
  }
  const patch = new Float32Array(PATCH_PIXELS);
  for (let i = 0; i < PATCH_PIXELS; i++) patch[i] = (raw[i] - low) / span;
  return patch;
}
