import type { CtSeries } from '@spine/dicom';

type Inside = (i: number, j: number, k: number) => boolean;

/** A labelmap on the CT grid; later regions win. */
export function labelmapOf(series: CtSeries, regions: readonly { label: number; inside: Inside }[]) {
  const [columns, rows, slices] = series.dims;
  const labels = new Uint8Array(columns * rows * slices);
  for (let n = 0; n < labels.length; n++) {
    const [i, j, k] = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))];
    for (const { label, inside } of regions) if (inside(i, j, k)) labels[n] = label;
  }
  return { labels, dims: series.dims, indexToLps: series.indexToLps };
}

/** A ball around a voxel, in mm. */
export function ball(series: CtSeries, centre: readonly [number, number, number], radiusMm: number): Inside {
  const { spacingMm } = series;
  return (i, j, k) =>
    Math.hypot((i - centre[0]) * spacingMm[0], (j - centre[1]) * spacingMm[1], (k - centre[2]) * spacingMm[2]) <=
    radiusMm;
}

/** Every voxel centre within `marginMm` of the box of a labelled voxel, by brute force. */
export function grown(series: CtSeries, labels: Uint8Array, marginMm: number): Uint8Array {
  const { dims, spacingMm } = series;
  const reach = spacingMm.map(mm => Math.ceil(marginMm / mm) + 1);
  const gap = (step: number, axis: number) => Math.max(0, Math.abs(step) - 0.5) * spacingMm[axis];
  const stamp: [number, number, number][] = [];
  for (let x = -reach[0]; x <= reach[0]; x++) {
    for (let y = -reach[1]; y <= reach[1]; y++) {
      for (let z = -reach[2]; z <= reach[2]; z++) {
        if (Math.hypot(gap(x, 0), gap(y, 1), gap(z, 2)) <= marginMm) stamp.push([x, y, z]);
      }
    }
  }
  const result = new Uint8Array(labels.length);
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] === 0) continue;
    const [i, j, k] = [n % dims[0], Math.floor(n / dims[0]) % dims[1], Math.floor(n / (dims[0] * dims[1]))];
    for (const [x, y, z] of stamp) {
      const inside = i + x >= 0 && j + y >= 0 && k + z >= 0 && i + x < dims[0] && j + y < dims[1] && k + z < dims[2];
      if (inside) result[i + x + dims[0] * (j + y + dims[1] * (k + z))] = 1;
    }
  }
  return result;
}

/** 2 |A and B| / (|A| + |B|) */
export function dice(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [both, sum] = [0, 0];
  for (let n = 0; n < a.length; n++) {
    const [x, y] = [a[n] ? 1 : 0, b[n] ? 1 : 0];
    both += x * y;
    sum += x + y;
  }
  return (2 * both) / sum;
}

/** Where two label arrays differ: '' when nowhere. Quicker to print, and to compare, than toEqual on arrays. */
export function difference(found: ArrayLike<number>, expected: ArrayLike<number>): string {
  if (found.length !== expected.length) return `${found.length} voxels instead of ${expected.length}`;
  let [wrong, first] = [0, -1];
  for (let n = 0; n < expected.length; n++) {
    if (found[n] === expected[n]) continue;
    if (wrong++ === 0) first = n;
  }
  return wrong === 0 ? '' : `${wrong} voxels differ, first at ${first}: ${found[first]} not ${expected[first]}`;
}
