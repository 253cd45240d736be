/** Voxel grids in all the orientations that CTs come in, and analytic contents to fill them with. For tests. */
import { applyAffine, type Vec3 } from '../geometry';
import type { Affine, Labelmap, Volume } from '../types';

export interface Grid {
  readonly dims: readonly [number, number, number];
  readonly indexToLps: Affine;
}

/** A grid whose index axes run along `directions` (unit vectors, LPS), centred on `centre`. */
export function gridAlong(
  directions: readonly [Vec3, Vec3, Vec3],
  spacing: Vec3,
  dims: readonly [number, number, number],
  centre: Vec3
): Grid {
  const steps = directions.map((direction, axis) => direction.map(value => value * spacing[axis]));
  const origin = centre.map((value, row) =>
    steps.reduce((at, step, axis) => at - (step[row] * (dims[axis] - 1)) / 2, value)
  );
  const rows = [0, 1, 2].flatMap(row => [steps[0][row], steps[1][row], steps[2][row], origin[row]]);
  return { dims, indexToLps: Float64Array.from([...rows, 0, 0, 0, 1]) };
}

const L: Vec3 = [1, 0, 0];
const R: Vec3 = [-1, 0, 0];
const P: Vec3 = [0, 1, 0];
const A: Vec3 = [0, -1, 0];
const S: Vec3 = [0, 0, 1];
const I: Vec3 = [0, 0, -1];
/** The stack tilted by 20 degrees about the left-right axis and then by 15 about the vertical. */
const oblique = (v: Vec3): Vec3 => {
  const [c, s, d, t] = [Math.cos(0.35), Math.sin(0.35), Math.cos(0.26), Math.sin(0.26)];
  const [x, y, z] = [v[0], v[1] * c - v[2] * s, v[1] * s + v[2] * c];
  return [x * d - y * t, x * t + y * d, z];
};

/** A body of about 40 x 30 x 26 mm about this point fits into each grid with room around it. */
export const CENTRE: Vec3 = [-12.3, 45.6, -310.7];

/** Name -> grid; voxels differ in size along each axis. */
export const GRIDS: Record<string, Grid> = {
  'head first, L P S': gridAlong([L, P, S], [1.2, 1.2, 1.6], [68, 60, 45], CENTRE),
  'feet first, R P I': gridAlong([R, P, I], [1.2, 1.2, 1.6], [68, 60, 45], CENTRE),
  'prone, R A S': gridAlong([R, A, S], [1.1, 1.3, 2.0], [70, 58, 38], CENTRE),
  'left-handed, L P I': gridAlong([L, P, I], [1.2, 1.2, 1.6], [68, 60, 45], CENTRE),
  'P I R': gridAlong([P, I, R], [1.3, 1.4, 1.2], [58, 50, 68], CENTRE),
  'oblique L P S': gridAlong([oblique(L), oblique(P), oblique(S)], [1.1, 1.1, 1.4], [80, 76, 64], CENTRE),
};

/** HU as a function of the LPS position. */
export function volumeOf({ dims, indexToLps }: Grid, huAt: (position: Vec3) => number): Volume {
  const hu = new Float32Array(dims[0] * dims[1] * dims[2]);
  eachVoxel({ dims, indexToLps }, (offset, position) => (hu[offset] = huAt(position)));
  return { hu, dims, indexToLps };
}

/** Labels as a function of the LPS position. */
export function labelsOf({ dims, indexToLps }: Grid, labelAt: (position: Vec3) => number): Labelmap {
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2]);
  eachVoxel({ dims, indexToLps }, (offset, position) => (labels[offset] = labelAt(position)));
  return { labels, dims, indexToLps };
}

/** Visits every voxel with its linear offset and LPS position. */
export function eachVoxel({ dims, indexToLps }: Grid, visit: (offset: number, position: Vec3) => void): void {
  for (let k = 0, at = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++, at++) visit(at, applyAffine(indexToLps, [i, j, k]));
    }
  }
}

/** 1 inside the ellipsoid with these half axes (left-right, anterior-posterior, superior-inferior) about a point. */
export function ellipsoid(centre: Vec3, halfAxes: Vec3): (position: Vec3) => number {
  return position =>
    position.reduce((sum, value, axis) => sum + ((value - centre[axis]) / halfAxes[axis]) ** 2, 0) <= 1 ? 1 : 0;
}
