/** One step of a rigid alignment of points with a surface. */
import type { Vec3 } from '../geometry';
import type { Affine } from '../types';

/** A point and the place of the surface nearest to it; LPS mm. */
export interface SurfacePair {
  readonly from: Vec3;
  readonly to: Vec3;
  /** Unit normal of the surface there. */
  readonly normal: Vec3;
}

/** Mean of points. @param points at least one */
export function centroid(points: readonly Vec3[]): Vec3 {
  const sum = [0, 0, 0];
  for (const point of points) for (let axis = 0; axis < 3; axis++) sum[axis] += point[axis];
  return [sum[0] / points.length, sum[1] / points.length, sum[2] / points.length];
}

/** Pure translation. */
export function translation([x, y, z]: Vec3): Affine {
  return Float64Array.from([1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z, 0, 0, 0, 1]);
}

/**
 * The motion that brings the points nearest to the surface's tangent planes (Chen and Medioni, Image Vision Comput. 1992): it lets them
 * slide along the surface, so few steps are enough. The rotation is linearised about the points' mean and then made a true one.
 * @returns undefined when the pairs do not fix a motion (too few points, or a body of a few voxels)
 */
export function towardsSurface(pairs: readonly SurfacePair[]): Affine | undefined {
  const middle = centroid(pairs.map(({ from }) => from));
  const matrix = Array.from({ length: 6 }, () => new Float64Array(7));
  for (const { from, to, normal } of pairs) {
    const arm: Vec3 = [from[0] - middle[0], from[1] - middle[1], from[2] - middle[2]];
    const row = [...cross(arm, normal), ...normal];
    const gap = normal[0] * (to[0] - from[0]) + normal[1] * (to[1] - from[1]) + normal[2] * (to[2] - from[2]);
    for (let r = 0; r < 6; r++) {
      for (let c = 0; c < 6; c++) matrix[r][c] += row[r] * row[c];
      matrix[r][6] += row[r] * gap;
    }
  }
  const solution = solve(matrix);
  if (!solution) return undefined;
  const [a, b, c, x, y, z] = solution;
  const rotation = rotationOf([a, b, c]);
  const shift = (row: number) =>
    middle[row] +
    [x, y, z][row] -
    (rotation[3 * row] * middle[0] + rotation[3 * row + 1] * middle[1] + rotation[3 * row + 2] * middle[2]);
  return Float64Array.from([
    ...[...rotation.slice(0, 3), shift(0)],
    ...[...rotation.slice(3, 6), shift(1)],
    ...[...rotation.slice(6, 9), shift(2)],
    ...[0, 0, 0, 1],
  ]);
}

const cross = ([a, b, c]: Vec3, [x, y, z]: Vec3): Vec3 => [b * z - c * y, c * x - a * z, a * y - b * x];

/** Rotation by |v| radians about v (Rodrigues), 3 x 3 row-major. */
function rotationOf(v: Vec3): number[] {
  const angle = Math.hypot(...v);
  if (angle === 0) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const [x, y, z] = v.map(value => value / angle);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const t = 1 - cos;
  return [
    ...[cos + t * x * x, t * x * y - sin * z, t * x * z + sin * y],
    ...[t * x * y + sin * z, cos + t * y * y, t * y * z - sin * x],
    ...[t * x * z - sin * y, t * y * z + sin * x, cos + t * z * z],
  ];
}

/** Gaussian elimination with pivots. @param matrix n rows of n coefficients and the right-hand side; changed */
function solve(matrix: Float64Array[]): number[] | undefined {
  const n = matrix.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column])) pivot = row;
    }
    [matrix[column], matrix[pivot]] = [matrix[pivot], matrix[column]];
    if (Math.abs(matrix[column][column]) < 1e-9) return undefined;
    for (let row = 0; row < n; row++) {
      if (row === column) continue;
      const factor = matrix[row][column] / matrix[column][column];
      for (let k = column; k <= n; k++) matrix[row][k] -= factor * matrix[column][k];
    }
  }
  return matrix.map((row, r) => row[n] / row[r]);
}
