/** Trilinear interpolation at fractional voxel indices. */

type Dims = readonly [number, number, number];

/** Points up to half a voxel beyond the outermost centres still lie inside a voxel and take its value. */
const HALF_VOXEL = 0.5;
/** Indices computed from floating-point positions may miss the half-voxel border by rounding. */
const ROUNDING = 1e-6;

/** Whether the fractional index lies inside some voxel of the grid. */
export function insideGrid(dims: Dims, i: number, j: number, k: number): boolean {
  const low = -HALF_VOXEL - ROUNDING;
  const high = -HALF_VOXEL + ROUNDING;
  return i >= low && j >= low && k >= low && i <= dims[0] + high && j <= dims[1] + high && k <= dims[2] + high;
}

/**
 * Trilinear interpolation of `valueAt(offset)` at the fractional index (i, j, k), which must be inside the grid.
 * @param valueAt the value of the voxel at a linear offset i + dims[0] * (j + dims[1] * k)
 */
export function trilinear(dims: Dims, valueAt: (offset: number) => number, i: number, j: number, k: number): number {
  const x = clamp(i, dims[0] - 1);
  const y = clamp(j, dims[1] - 1);
  const z = clamp(k, dims[2] - 1);
  const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const [fx, fy, fz] = [x - x0, y - y0, z - z0];
  const stepX = x0 + 1 < dims[0] ? 1 : 0;
  const stepY = y0 + 1 < dims[1] ? dims[0] : 0;
  const stepZ = z0 + 1 < dims[2] ? dims[0] * dims[1] : 0;
  const base = x0 + dims[0] * (y0 + dims[1] * z0);
  const near = along(valueAt, base, stepX, fx) * (1 - fy) + along(valueAt, base + stepY, stepX, fx) * fy;
  const behind = base + stepZ;
  const far = along(valueAt, behind, stepX, fx) * (1 - fy) + along(valueAt, behind + stepY, stepX, fx) * fy;
  return near * (1 - fz) + far * fz;
}

/** A function of its own: as a closure it would be made anew for each sample, which doubles the time under tsx. */
function along(valueAt: (offset: number) => number, offset: number, step: number, fraction: number): number {
  return valueAt(offset) * (1 - fraction) + valueAt(offset + step) * fraction;
}

function clamp(value: number, last: number): number {
  return value < 0 ? 0 : value > last ? last : value;
}
