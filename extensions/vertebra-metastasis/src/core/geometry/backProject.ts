/** The way back from analysed sagittal slices to the voxels of the CT. */
import { type Labelmap, PATCH_SIZE } from '../types';
import { applyAffine, type Vec3, voxelHalfWidthMm } from './affine';
import type { LabelExtent } from './labels';
import type { PatchFrame } from './patch';

/**
 * What `backProject` reports for one voxel of the body: the nearest pixel (row-major in the 64 x 64) of the nearest slice, by its position in
 * the list; both -1 where nothing is known.
 */
export type VisitVoxel = (offset: number, slice: number, pixel: number) => void;

/** Positions computed from floating-point affines may miss a border by this much, mm. */
const ROUNDING_MM = 1e-6;

/**
 * Visits every voxel of one vertebral body once. Nothing is known where no slice passes through the voxel or within half a slice step of
 * it, or where the voxel lies outside the 64 x 64 pixels.
 * @param frames of the analysed slices
 */
export function backProject(
  bodies: Labelmap,
  extent: LabelExtent,
  frames: readonly PatchFrame[],
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
        const slice = nearestSlice(frames, position[0], reach);
        const pixel = slice < 0 ? -1 : pixelAt(frames[slice], position);
        visit(offset, pixel < 0 ? -1 : slice, pixel);
      }
    }
  }
}

/** @returns position in the list, -1 when none is near */
function nearestSlice(frames: readonly PatchFrame[], x: number, voxelReach: number): number {
  let best = -1;
  let distance = Infinity;
  for (let n = 0; n < frames.length; n++) {
    const gap = Math.abs(x - frames[n].origin[0]);
    if (gap < distance) [best, distance] = [n, gap];
  }
  const reach = best < 0 ? 0 : Math.max(voxelReach, frames[best].spacing.leftRight / 2 + ROUNDING_MM);
  return distance <= reach ? best : -1;
}

/** @returns -1 outside the patch */
function pixelAt({ origin, rowDirection, columnDirection, spacing }: PatchFrame, position: Vec3): number {
  const from: Vec3 = [position[0] - origin[0], position[1] - origin[1], position[2] - origin[2]];
  const row = Math.round(dot(from, rowDirection) / spacing.anteriorPosterior);
  const column = Math.round(dot(from, columnDirection) / spacing.superiorInferior);
  const inside = row >= 0 && row < PATCH_SIZE && column >= 0 && column < PATCH_SIZE;
  return inside ? row * PATCH_SIZE + column : -1;
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
