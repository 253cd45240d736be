/** Where the voxels of one scan lie in another. */
import { applyAffine, invert, multiply } from '../geometry';
import type { Affine, Labelmap } from '../types';

/**
 * How many of these voxels of `from` fall onto each label of `to`; 0 and voxels outside do not count.
 * @param transform LPS of `from` -> LPS of `to`
 */
export function labelsUnder(
  offsets: readonly number[],
  from: Labelmap,
  to: Labelmap,
  transform: Affine
): Map<number, number> {
  const map = multiply(invert(to.indexToLps), multiply(transform, from.indexToLps));
  const [columns, rows] = from.dims;
  const counts = new Map<number, number>();
  for (const at of offsets) {
    const place = applyAffine(map, [at % columns, Math.floor(at / columns) % rows, Math.floor(at / (columns * rows))]);
    const [i, j, k] = place.map(Math.round);
    if (i < 0 || j < 0 || k < 0 || i >= to.dims[0] || j >= to.dims[1] || k >= to.dims[2]) continue;
    const label = to.labels[i + to.dims[0] * (j + to.dims[1] * k)];
    if (label > 0) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}
