/** The way back from analysed sagittal slices to the voxels of the CT. */
import { type Labelmap, PATCH_SIZE, type PatchMask } from '../types';
import { applyAffine, type Vec3, voxelHalfWidthMm } from './affine';
import type { LabelExtent } from './labels';
import type { PatchFrame } from './patch';

/** A slice and the value of each of its 64 x 64 pixels. */
export interface LabelledSlice {
  readonly frame: PatchFrame;
  readonly labels: PatchMask;
}

/** What `backProject` tells of one voxel of the body. */
export type VisitVoxel = (offset: number, label: number | undefined) => void;

/** Positions computed from floating-point affines may miss a border by this much, mm. */
const ROUNDING_MM = 1e-6;

/**
 * Visits every voxel of one vertebral body with the label of the nearest pixel of the nearest analysed slice.
 * The label is undefined where no analysed slice passes through the voxel or within half a slice step of it,
 * or where the voxel lies outside the 64 x 64 pixels: there, nothing is known.
 */
export function backProject(
  bodies: Labelmap,
  extent: LabelExtent,
  slices: readonly LabelledSlice[],
  visit: VisitVoxel
): void {
  const { labels, dims, indexToLps } = bodies;
  const { min, max, label } = extent;
  const reach = voxelHalfWidthMm(indexToLps) + ROUNDING_MM;
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0]; i <= max[0]; i++) {
        const offset = i + dims[0] * (j + dims[1] * k);
        if (labels[offset] !== label) continue;
        const position = applyAffine(indexToLps, [i, j, k]);
        const slice = nearestSlice(slices, position[0], reach);
        visit(offset, slice && labelAt(slice, position));
      }
    }
  }
}

function nearestSlice(slices: readonly LabelledSlice[], x: number, voxelReach: number): LabelledSlice | undefined {
  let best: LabelledSlice | undefined;
  let distance = Infinity;
  for (const slice of slices) {
    const gap = Math.abs(x - slice.frame.origin[0]);
    if (gap < distance) [best, distance] = [slice, gap];
  }
  return best && distance <= Math.max(voxelReach, best.frame.spacing.leftRight / 2 + ROUNDING_MM) ? best : undefined;
}

function labelAt({ frame, labels }: LabelledSlice, position: Vec3): number | undefined {
  const { origin, rowDirection, columnDirection, spacing } = frame;
  const from: Vec3 = [position[0] - origin[0], position[1] - origin[1], position[2] - origin[2]];
  const row = Math.round(dot(from, rowDirection) / spacing.anteriorPosterior);
  const column = Math.round(dot(from, columnDirection) / spacing.superiorInferior);
  const inside = row >= 0 && row < PATCH_SIZE && column >= 0 && column < PATCH_SIZE;
  return inside ? labels[row * PATCH_SIZE + column] : undefined;
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
