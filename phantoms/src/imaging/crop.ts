import { sampleField, type Field } from '../math/grid';
import type { Point } from '../math/pose';

// Local names: inside a test runner's sandbox the look-up of Math per voxel would cost more than the arithmetic.
const { floor } = Math;

/** Samples of a crop along anterior-posterior and superior-inferior, and their spacing in mm (method: 0.8 / 0.675 / 0.8). */
export const CROP_SIZE = 64;
export const CROP_SPACING_MM = { anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 0.8 } as const;

/**
 * A stack of sagittal slices. `data[a + 64 * (s + 64 * k)]`: a from anterior to posterior, s from superior to inferior,
 * k from right to left. The body's centroid lies at a = s = 31.5 and k = floor(slices / 2).
 */
export interface CropGeometry {
  readonly slices: number;
  /** LPS mm of the body's centroid. */
  readonly centre: Point;
}

/** LPS position of a crop's voxel. */
export function cropPosition({ centre, slices }: CropGeometry, a: number, s: number, k: number): Point {
  const middle = (CROP_SIZE - 1) / 2;
  return [
    centre[0] + (k - floor(slices / 2)) * CROP_SPACING_MM.leftRight,
    centre[1] + (a - middle) * CROP_SPACING_MM.anteriorPosterior,
    centre[2] - (s - middle) * CROP_SPACING_MM.superiorInferior,
  ];
}

/** Calls back for every voxel of a crop, in memory order, with its LPS position. */
export function visitCrop(
  geometry: CropGeometry,
  visit: (index: number, x: number, y: number, z: number) => void
): void {
  // The crop is axis-parallel: one coordinate per axis, no allocation per voxel.
  const xs = Float64Array.from({ length: geometry.slices }, (_, k) => cropPosition(geometry, 0, 0, k)[0]);
  const ys = Float64Array.from({ length: CROP_SIZE }, (_, a) => cropPosition(geometry, a, 0, 0)[1]);
  const zs = Float64Array.from({ length: CROP_SIZE }, (_, s) => cropPosition(geometry, 0, s, 0)[2]);
  for (let k = 0, n = 0; k < geometry.slices; k++)
    for (let s = 0; s < CROP_SIZE; s++) for (let a = 0; a < CROP_SIZE; a++, n++) visit(n, xs[k], ys[a], zs[s]);
}

/** Trilinear resampling of a field onto a crop. */
export function cropField(field: Field, geometry: CropGeometry): Float32Array {
  const out = new Float32Array(CROP_SIZE * CROP_SIZE * geometry.slices);
  visitCrop(geometry, (n, x, y, z) => {
    out[n] = sampleField(field, x, y, z);
  });
  return out;
}

/** Voxel-to-RAS affine of a crop (rows of 4), for NIfTI. */
export function cropAffineRas(geometry: CropGeometry): number[][] {
  const [x, y, z] = cropPosition(geometry, 0, 0, 0);
  return [
    [0, 0, -CROP_SPACING_MM.leftRight, -x],
    [-CROP_SPACING_MM.anteriorPosterior, 0, 0, -y],
    [0, -CROP_SPACING_MM.superiorInferior, 0, z],
    [0, 0, 0, 1],
  ];
}
