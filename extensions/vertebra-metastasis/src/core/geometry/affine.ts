/** 4 x 4 affine maps between voxel indices and LPS millimetres. Row-major, 16 numbers, see {@link Affine}. */
import type { Affine } from '../types';

/** A point or direction (x, y, z): LPS mm for positions, voxel units for indices. */
export type Vec3 = readonly [number, number, number];

/** The product a * b: apply b first, then a. */
export function multiply(a: Affine, b: Affine): Affine {
  const product = new Float64Array(16);
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[4 * row + k] * b[4 * k + column];
      product[4 * row + column] = sum;
    }
  }
  return product;
}

/** The point (x, y, z, 1) mapped by the affine. */
export function applyAffine(affine: Affine, [x, y, z]: Vec3): Vec3 {
  return [
    affine[0] * x + affine[1] * y + affine[2] * z + affine[3],
    affine[4] * x + affine[5] * y + affine[6] * z + affine[7],
    affine[8] * x + affine[9] * y + affine[10] * z + affine[11],
  ];
}

/** Determinant of the 3 x 3 part: the signed volume of one voxel in mm3; negative for a left-handed index frame. */
export function determinant(affine: Affine): number {
  const [a, b, c, , d, e, f, , g, h, i] = affine;
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** The inverse map. @throws RangeError when the affine is singular: check volumes with `checkVolume` first. */
export function invert(affine: Affine): Affine {
  const det = determinant(affine);
  if (!Number.isFinite(det) || det === 0) throw new RangeError(`affine is singular (determinant ${det})`);
  const [a, b, c, x, d, e, f, y, g, h, i, z] = affine;
  const linear = [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ].map(cofactor => cofactor / det);
  const shift = (row: number) => -(linear[3 * row] * x + linear[3 * row + 1] * y + linear[3 * row + 2] * z);
  return Float64Array.from([
    ...[linear[0], linear[1], linear[2], shift(0)],
    ...[linear[3], linear[4], linear[5], shift(1)],
    ...[linear[6], linear[7], linear[8], shift(2)],
    ...[0, 0, 0, 1],
  ]);
}

/** Column `axis` of the 3 x 3 part: the LPS step in mm of one voxel along that index axis. */
export function axisStep(affine: Affine, axis: 0 | 1 | 2): Vec3 {
  return [affine[axis], affine[4 + axis], affine[8 + axis]];
}

/** Distance in mm between neighbouring voxel centres along i, j and k. */
export function voxelSpacingMm(affine: Affine): Vec3 {
  return [Math.hypot(...axisStep(affine, 0)), Math.hypot(...axisStep(affine, 1)), Math.hypot(...axisStep(affine, 2))];
}

/** Volume of one voxel in millilitres. */
export function voxelMillilitres(affine: Affine): number {
  return Math.abs(determinant(affine)) / 1000;
}

/** Half the width of one voxel's box along the patient's left-right axis, mm. */
export function voxelHalfWidthMm(affine: Affine): number {
  return (Math.abs(affine[0]) + Math.abs(affine[1]) + Math.abs(affine[2])) / 2;
}

/** Files give origins to about 1e-4 mm (DICOM decimal strings, float32 of NIfTI) ... */
const ORIGIN_STEP_MM = 1e-4;
/** ... and steps between voxels so well that the last voxel of a long stack is known as well as the first. */
const AXIS_STEP_MM = 1e-6;

/**
 * The affine without the noise of the file it came from, so that the same CT as DICOM and as NIfTI, in any storage order, has
 * the same geometry to the last bit. Moves no voxel by more than 1e-3 mm.
 */
export function withoutNoise(affine: Affine): Affine {
  return affine.map((value, at) => {
    if (at >= 12) return value;
    const step = at % 4 === 3 ? ORIGIN_STEP_MM : AXIS_STEP_MM;
    // + 0 turns -0 into 0.
    return Math.round(value / step) / Math.round(1 / step) + 0;
  });
}
