/** Where a label lies in a labelmap: one pass over the voxels for all labels. */
import type { Labelmap } from '../types';
import { applyAffine, type Vec3 } from './affine';

/** Inclusive index box of one label and what follows from it. */
export interface LabelExtent {
  readonly label: number;
  readonly voxels: number;
  /** Smallest and largest index (i, j, k) that carries the label, inclusive. */
  readonly min: Vec3;
  readonly max: Vec3;
  /** Centroid of the voxel centres, LPS mm. */
  readonly centreLps: Vec3;
  /** True when a labelled voxel lies in the outermost layer of the grid. */
  readonly touchesEdge: boolean;
}

interface Running {
  voxels: number;
  sum: [number, number, number];
  min: [number, number, number];
  max: [number, number, number];
}

/** Extents of every label above 0, by label. */
export function labelExtents(labelmap: Labelmap): Map<number, LabelExtent> {
  const { labels, dims } = labelmap;
  const running = new Map<number, Running>();
  let current: Running | undefined;
  let currentLabel = 0;
  let at = 0;
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++, at++) {
        const label = labels[at];
        if (label === 0) continue;
        if (!current || label !== currentLabel) {
          current = running.get(label);
          if (!current) running.set(label, (current = { voxels: 0, sum: [0, 0, 0], min: [i, j, k], max: [i, j, k] }));
          currentLabel = label;
        }
        accumulate(current, i, j, k);
      }
    }
  }
  return new Map([...running].map(([label, found]) => [label, finish(label, found, labelmap)]));
}

function accumulate(running: Running, i: number, j: number, k: number): void {
  const { sum, min, max } = running;
  running.voxels++;
  sum[0] += i;
  sum[1] += j;
  sum[2] += k;
  if (i < min[0]) min[0] = i;
  if (i > max[0]) max[0] = i;
  if (j < min[1]) min[1] = j;
  if (j > max[1]) max[1] = j;
  if (k < min[2]) min[2] = k;
  if (k > max[2]) max[2] = k;
}

function finish(label: number, { voxels, sum, min, max }: Running, { dims, indexToLps }: Labelmap): LabelExtent {
  return {
    label,
    voxels,
    min,
    max,
    centreLps: applyAffine(indexToLps, [sum[0] / voxels, sum[1] / voxels, sum[2] / voxels]),
    touchesEdge: min.some(n => n === 0) || max.some((n, axis) => n === dims[axis] - 1),
  };
}

/** Voxel offsets of every label above 0, ascending: one pass, as a CT has a hundred million voxels. */
export function labelOffsets({ labels }: Labelmap): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  let list: number[] | undefined;
  let current = 0;
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at];
    if (label === 0) continue;
    if (label !== current || !list) {
      list = found.get(label);
      if (!list) found.set(label, (list = []));
      current = label;
    }
    list.push(at);
  }
  return found;
}

/** Voxels of one label, ascending offsets into the grid. */
export function offsetsWithin({ labels, dims }: Labelmap, { label, min, max }: LabelExtent): number[] {
  const offsets: number[] = [];
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0]; i <= max[0]; i++) {
        const at = i + dims[0] * (j + dims[1] * k);
        if (labels[at] === label) offsets.push(at);
      }
    }
  }
  return offsets;
}
