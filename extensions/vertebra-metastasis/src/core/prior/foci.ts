/** Separate parts of a lesion, and where they lie in another scan. */
import { applyAffine, invert, multiply } from '../geometry';
import type { Affine, Labelmap } from '../types';

/** Voxel offsets of each 26-connected part of these voxels, largest first. */
export function foci(offsets: readonly number[], { dims }: Pick<Labelmap, 'dims'>): number[][] {
  const open = new Set(offsets);
  const parts: number[][] = [];
  for (const start of open) {
    open.delete(start);
    const part = [start];
    for (let n = 0; n < part.length; n++) {
      for (const next of neighbours(part[n], dims)) if (open.delete(next)) part.push(next);
    }
    parts.push(part);
  }
  return parts.sort((a, b) => b.length - a.length);
}

function neighbours(at: number, [columns, rows, slices]: Labelmap['dims']): number[] {
  const i = at % columns;
  const j = Math.floor(at / columns) % rows;
  const k = Math.floor(at / (columns * rows));
  const found: number[] = [];
  for (let c = Math.max(0, k - 1); c <= Math.min(slices - 1, k + 1); c++) {
    for (let b = Math.max(0, j - 1); b <= Math.min(rows - 1, j + 1); b++) {
      for (let a = Math.max(0, i - 1); a <= Math.min(columns - 1, i + 1); a++) {
        const next = a + columns * (b + rows * c);
        if (next !== at) found.push(next);
      }
    }
  }
  return found;
}

/**
 * How many of these voxels of `from` fall onto each label of `to`; 0 and outside are left out.
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
