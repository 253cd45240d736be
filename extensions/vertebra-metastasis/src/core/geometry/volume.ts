/** Checks a volume once, at the boundary, so that the rest of the geometry can trust it. */
import { type Affine, InputError, type Labelmap, type Volume } from '../types';
import { axisStep, determinant, voxelSpacingMm } from './affine';

/** Fewer slices than this along any axis cannot hold a vertebral body with a margin. */
export const MIN_SLICES = 3;
/** Cosine between two index axes above which the stack is sheared (gantry tilt): 0.2 degrees, beyond rounding of DICOM decimals. */
const MAX_AXIS_COSINE = 0.0035;
/** Two grids are the same when no corner differs by more than this; DICOM decimal strings and NIfTI float32 agree to about 1e-3 mm. */
const SAME_GRID_MM = 0.05;

/**
 * Any axis order and either handedness are fine; what is refused is what would silently misplace a lesion.
 * @throws InputError 'bad-dimensions', 'too-few-slices', 'bad-affine', 'gantry-tilt' (index axes not at right angles)
 */
export function checkVolume(volume: Volume): void {
  const { dims, hu, indexToLps } = volume;
  if (dims.some(n => !Number.isInteger(n) || n < 1) || hu.length !== dims[0] * dims[1] * dims[2]) {
    throw new InputError('bad-dimensions', { voxels: hu.length, dims });
  }
  if (dims.some(n => n < MIN_SLICES)) {
    throw new InputError('too-few-slices', { found: Math.min(...dims), needed: MIN_SLICES });
  }
  if (
    indexToLps.length !== 16 ||
    indexToLps.some(x => !Number.isFinite(x)) ||
    Math.abs(determinant(indexToLps)) < 1e-9
  ) {
    throw new InputError('bad-affine', { affine: [...indexToLps] });
  }
  const spacing = voxelSpacingMm(indexToLps);
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    const [p, q] = [axisStep(indexToLps, a), axisStep(indexToLps, b)];
    const cosine = (p[0] * q[0] + p[1] * q[1] + p[2] * q[2]) / (spacing[a] * spacing[b]);
    if (Math.abs(cosine) > MAX_AXIS_COSINE) {
      const degrees = (Math.abs(Math.asin(cosine)) * 180) / Math.PI;
      throw new InputError('gantry-tilt', { degrees });
    }
  }
}

/** @throws InputError 'grid-mismatch' when the labelmap does not lie on the volume's voxel grid */
export function checkSameGrid(volume: Volume, labelmap: Labelmap): void {
  const sameDims = volume.dims.every((n, axis) => n === labelmap.dims[axis]);
  if (!sameDims || gridDistanceMm(volume.indexToLps, labelmap.indexToLps, volume.dims) > SAME_GRID_MM) {
    throw new InputError('grid-mismatch', { masks: labelmap.dims, ct: volume.dims });
  }
}

/** The largest displacement, in mm, between two grids over the corners of the index box. */
function gridDistanceMm(a: Affine, b: Affine, dims: readonly [number, number, number]): number {
  let worst = 0;
  for (let corner = 0; corner < 8; corner++) {
    const index = [0, 1, 2].map(axis => ((corner >> axis) & 1) * (dims[axis] - 1));
    const gap = [0, 1, 2].map(row => {
      const delta = (column: number) => a[4 * row + column] - b[4 * row + column];
      return delta(0) * index[0] + delta(1) * index[1] + delta(2) * index[2] + delta(3);
    });
    worst = Math.max(worst, Math.hypot(...gap));
  }
  return worst;
}
