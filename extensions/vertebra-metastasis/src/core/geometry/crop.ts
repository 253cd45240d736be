/** A box cut out of a volume: all that work on one vertebra needs of a whole CT. */
import type { Affine, Volume } from '../types';
import { applyAffine, invert, type Vec3 } from './affine';

/** Inclusive index box. */
export interface IndexBox {
  readonly min: Vec3;
  readonly max: Vec3;
}

/**
 * The index box that holds the LPS cuboid of half width `halfMm` around a point, clipped to the grid.
 * Undefined when the point's cuboid misses the grid.
 */
export function boxAround(
  { dims, indexToLps }: Pick<Volume, 'dims' | 'indexToLps'>,
  centre: Vec3,
  halfMm: Vec3
): IndexBox | undefined {
  const toIndex = invert(indexToLps);
  const middle = applyAffine(toIndex, centre);
  const half = [0, 1, 2].map(axis =>
    [0, 1, 2].reduce((sum, along) => sum + Math.abs(toIndex[4 * axis + along]) * halfMm[along], 0)
  );
  const min = middle.map((value, axis) => Math.max(0, Math.floor(value - half[axis]))) as unknown as Vec3;
  const max = middle.map((value, axis) => Math.min(dims[axis] - 1, Math.ceil(value + half[axis]))) as unknown as Vec3;
  return min.every((value, axis) => value <= max[axis]) ? { min, max } : undefined;
}

/** The voxels of a box as a volume of their own, on the same grid in space. @param box inside the volume */
export function cropVolume({ hu, dims, indexToLps }: Volume, { min, max }: IndexBox): Volume {
  const size: [number, number, number] = [max[0] - min[0] + 1, max[1] - min[1] + 1, max[2] - min[2] + 1];
  const out =
    hu instanceof Int16Array
      ? new Int16Array(size[0] * size[1] * size[2])
      : new Float32Array(size[0] * size[1] * size[2]);
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++, at += size[0]) {
      const start = min[0] + dims[0] * (min[1] + j + dims[1] * (min[2] + k));
      out.set(hu.subarray(start, start + size[0]), at);
    }
  }
  return { hu: out, dims: size, indexToLps: shifted(indexToLps, min) };
}

/** The affine of a grid that starts at index `first` of another. */
export function shifted(indexToLps: Affine, first: Vec3): Affine {
  const origin = applyAffine(indexToLps, first);
  const moved = indexToLps.slice();
  origin.forEach((value, row) => (moved[4 * row + 3] = value));
  return moved;
}
