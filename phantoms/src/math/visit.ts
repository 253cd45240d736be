import type { Field } from './grid';
import { toLps, type Point, type Pose } from './pose';

// Local names: inside a test runner's sandbox the look-up of Math per voxel would cost more than the arithmetic.
const { ceil, floor, max, min } = Math;

/** Called per voxel with its index and its position in the vertebra's frame (mm). */
export type VoxelVisitor = (index: number, x: number, y: number, z: number) => void;

/**
 * Visits every voxel of the field whose position lies in an axis-parallel box of the vertebra's frame.
 * Only the LPS bounding box of that box is walked.
 */
export function visitBox(field: Field, pose: Pose, low: Point, high: Point, visit: VoxelVisitor): void {
  const { dims, origin, spacing } = field;
  const { axes, centre } = pose;
  const from = [Infinity, Infinity, Infinity];
  const to = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const at = toLps(pose, [
      corner & 1 ? high[0] : low[0],
      corner & 2 ? high[1] : low[1],
      corner & 4 ? high[2] : low[2],
    ]);
    for (let a = 0; a < 3; a++) {
      from[a] = min(from[a], at[a]);
      to[a] = max(to[a], at[a]);
    }
  }
  const first = from.map((value, a) => max(0, ceil((value - origin[a]) / spacing[a])));
  const last = to.map((value, a) => min(dims[a] - 1, floor((value - origin[a]) / spacing[a])));
  for (let k = first[2]; k <= last[2]; k++) {
    const dz = origin[2] + k * spacing[2] - centre[2];
    for (let j = first[1]; j <= last[1]; j++) {
      const dy = origin[1] + j * spacing[1] - centre[1];
      let index = first[0] + dims[0] * (j + dims[1] * k);
      for (let i = first[0]; i <= last[0]; i++, index++) {
        const dx = origin[0] + i * spacing[0] - centre[0];
        const x = axes[0] * dx + axes[3] * dy + axes[6] * dz;
        if (x < low[0] || x > high[0]) continue;
        const y = axes[1] * dx + axes[4] * dy + axes[7] * dz;
        if (y < low[1] || y > high[1]) continue;
        const z = axes[2] * dx + axes[5] * dy + axes[8] * dz;
        if (z < low[2] || z > high[2]) continue;
        visit(index, x, y, z);
      }
    }
  }
}

/** 0 below `low`, 1 above `high`, linear between: the share of a voxel that a surface cuts off. */
export function ramp(value: number, low: number, high: number): number {
  return value <= low ? 0 : value >= high ? 1 : (value - low) / (high - low);
}
