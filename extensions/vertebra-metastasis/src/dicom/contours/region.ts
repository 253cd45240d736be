import type { Labelmap } from '../../core';
import type { PlaneField } from './outline';

/** A box of voxels around a region, inclusive. May reach beyond the grid in i and j; never in k. */
interface Box {
  readonly min: readonly [number, number, number];
  readonly max: readonly [number, number, number];
}

/** A region as it is contoured: one field per slice that it meets. */
export interface RegionSlice {
  readonly slice: number;
  readonly field: PlaneField;
}

const INSIDE = 0.5;
const OUTSIDE = -0.5;

/** Inclusive bounding boxes of all labels, in one pass. */
export function labelBoxes({ labels, dims }: Labelmap): Map<number, Box> {
  const boxes = new Map<number, { min: [number, number, number]; max: [number, number, number] }>();
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n];
    if (label === 0) continue;
    const at = [n % dims[0], Math.floor(n / dims[0]) % dims[1], Math.floor(n / (dims[0] * dims[1]))];
    const box = boxes.get(label);
    if (!box) boxes.set(label, { min: [at[0], at[1], at[2]], max: [at[0], at[1], at[2]] });
    else {
      for (let axis = 0; axis < 3; axis++) {
        box.min[axis] = Math.min(box.min[axis], at[axis]);
        box.max[axis] = Math.max(box.max[axis], at[axis]);
      }
    }
  }
  return boxes;
}

/** The region itself: boundaries lie half-way between a labelled and an unlabelled pixel. */
export function plainRegion(labelmap: Labelmap, label: number, box: Box): RegionSlice[] {
  return fieldsOf(grow(box, [1, 1, 0], labelmap.dims[2]), (i, j, k) =>
    labelAt(labelmap, i, j, k) === label ? INSIDE : OUTSIDE
  );
}

export interface MarginOptions {
  readonly marginMm: number;
  readonly spacingMm: readonly [number, number, number];
  /** Grown parts are kept only where this holds. */
  readonly within?: (i: number, j: number, k: number) => boolean;
}

/**
 * The region grown isotropically: every point within `marginMm` of its voxels (of their boxes, not their centres), sampled at
 * the CT's pixel centres and slices, contoured with sub-pixel precision.
 */
export function grownRegion(labelmap: Labelmap, label: number, box: Box, options: MarginOptions): RegionSlice[] {
  const { marginMm, spacingMm, within } = options;
  const reach = spacingMm.map(mm => Math.ceil(marginMm / mm) + 2) as [number, number, number];
  const grown = grow(box, reach, labelmap.dims[2]);
  const distance = distanceMm(labelmap, label, grown, spacingMm, reach);
  const pixel = Math.min(spacingMm[0], spacingMm[1]);
  return fieldsOf(grown, (i, j, k, n) => {
    if (labelAt(labelmap, i, j, k) === label) return INSIDE;
    if (within && !within(i, j, k)) return OUTSIDE;
    return Math.max(OUTSIDE, Math.min(INSIDE, (marginMm - distance[n]) / pixel));
  });
}

function grow({ min, max }: Box, by: readonly number[], slices: number): Box {
  return {
    min: [min[0] - by[0], min[1] - by[1], Math.max(0, min[2] - by[2])],
    max: [max[0] + by[0], max[1] + by[1], Math.min(slices - 1, max[2] + by[2])],
  };
}

function labelAt({ labels, dims }: Labelmap, i: number, j: number, k: number): number {
  const inside = i >= 0 && j >= 0 && i < dims[0] && j < dims[1];
  return inside ? labels[i + dims[0] * (j + dims[1] * k)] : 0;
}

/** One field per slice of the box in which some pixel is inside. */
function fieldsOf(box: Box, value: (i: number, j: number, k: number, n: number) => number): RegionSlice[] {
  const [width, height] = [box.max[0] - box.min[0] + 1, box.max[1] - box.min[1] + 1];
  const slices: RegionSlice[] = [];
  for (let slice = box.min[2]; slice <= box.max[2]; slice++) {
    const offset = (slice - box.min[2]) * width * height;
    const values = new Float32Array(width * height);
    for (let n = 0; n < values.length; n++) {
      values[n] = value(box.min[0] + (n % width), box.min[1] + Math.floor(n / width), slice, offset + n);
    }
    if (values.some(inside => inside >= 0)) {
      slices.push({ slice, field: { values, width, height, left: box.min[0], top: box.min[1] } });
    }
  }
  return slices;
}

/**
 * Distance from each voxel centre of a box to the nearest box of a labelled voxel. Squared distances to axis-parallel boxes
 * separate by axis, so three passes of a windowed minimum are exact within `reach`.
 */
function distanceMm(
  labelmap: Labelmap,
  label: number,
  { min, max }: Box,
  spacingMm: readonly number[],
  reach: readonly number[]
): Float32Array {
  const size = min.map((low, axis) => max[axis] - low + 1);
  let squared = new Float32Array(size[0] * size[1] * size[2]);
  for (let n = 0; n < squared.length; n++) {
    const [i, j] = [n % size[0], Math.floor(n / size[0]) % size[1]];
    const k = Math.floor(n / (size[0] * size[1]));
    squared[n] = labelAt(labelmap, min[0] + i, min[1] + j, min[2] + k) === label ? 0 : Infinity;
  }
  const strides = [1, size[0], size[0] * size[1]];
  for (let axis = 0; axis < 3; axis++) {
    const cost = Float64Array.from(
      { length: reach[axis] + 1 },
      (_, step) => Math.max(0, (step - 0.5) * spacingMm[axis]) ** 2
    );
    squared = nearestAlong(squared, size[axis], strides[axis], cost);
  }
  return squared.map(Math.sqrt);
}

function nearestAlong(
  values: Float32Array,
  size: number,
  stride: number,
  cost: Float64Array
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length);
  for (let n = 0; n < values.length; n++) {
    const at = Math.floor(n / stride) % size;
    let best = values[n];
    for (let step = 1; step < cost.length && cost[step] < best; step++) {
      if (step <= at) best = Math.min(best, values[n - step * stride] + cost[step]);
      if (at + step < size) best = Math.min(best, values[n + step * stride] + cost[step]);
    }
    result[n] = best;
  }
  return result;
}
