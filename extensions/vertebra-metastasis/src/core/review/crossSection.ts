/** Where a plane of a viewer cuts a candidate region. */
import type { PatchFrame, Vec3 } from '../geometry';
import { gridOutlines } from '../geometry';
import { PATCH_SIZE, type PatchMask } from '../types';

/** LPS mm; the normal has length 1. */
export interface Plane {
  readonly point: Vec3;
  readonly normal: Vec3;
}

/**
 * A candidate stands for boxes: its pixels, as thick as the sagittal slices are apart. This outlines the boxes on a plane.
 * @returns closed outlines in LPS mm, all points on the plane, the first not repeated; none when the plane misses the region
 */
export function crossSection(frame: PatchFrame, mask: PatchMask, { point, normal }: Plane): Vec3[][] {
  const { origin, rowDirection, columnDirection, spacing } = frame;
  const row: Axis = { direction: rowDirection, step: spacing.anteriorPosterior, count: PATCH_SIZE };
  const column: Axis = { direction: columnDirection, step: spacing.superiorInferior, count: PATCH_SIZE };
  const across: Axis = { direction: frame.normal, step: spacing.leftRight, count: 1 };
  const axes = [row, column, across];
  const slopes = axes.map(({ direction }) => dot(normal, direction));
  // The axis that pierces the plane most steeply is told by the plane; the other two span the picture.
  const depth = slopes.reduce((best, slope, n) => (Math.abs(slope) > Math.abs(slopes[best]) + 1e-9 ? n : best), 0);
  const [u, v] = [0, 1, 2].filter(n => n !== depth);
  const height = dot(normal, [point[0] - origin[0], point[1] - origin[1], point[2] - origin[2]]);
  /** Position along the depth axis, mm from the origin, of the plane at u and v (in cells). */
  const depthAt = (atU: number, atV: number) =>
    (height - atU * axes[u].step * slopes[u] - atV * axes[v].step * slopes[v]) / slopes[depth];
  // Many regions, few of them on the plane: the depth is linear, so its extremes are at the corners of the grid.
  const corners = [0, axes[u].count - 1].flatMap(atU => [0, axes[v].count - 1].map(atV => depthAt(atU, atV)));
  const places = corners.map(mm => Math.round(mm / axes[depth].step));
  if (Math.max(...places) < 0 || Math.min(...places) >= axes[depth].count) return [];
  const index = [0, 0, 0];
  const inside = (atU: number, atV: number): boolean => {
    index[u] = atU;
    index[v] = atV;
    index[depth] = Math.round(depthAt(atU, atV) / axes[depth].step);
    if (index[depth] < 0 || index[depth] >= axes[depth].count) return false;
    return mask[index[0] * PATCH_SIZE + index[1]] > 0;
  };
  return gridOutlines(axes[u].count, axes[v].count, inside).map(loop =>
    loop.map(([cornerU, cornerV]): Vec3 => {
      // Cells lie about their centres: corner 0 is half a cell before the centre of cell 0.
      const [atU, atV] = [cornerU - 0.5, cornerV - 0.5];
      const along = [0, 0, 0];
      along[u] = atU * axes[u].step;
      along[v] = atV * axes[v].step;
      along[depth] = depthAt(atU, atV);
      const at = (axis: 0 | 1 | 2) =>
        origin[axis] + axes.reduce((sum, { direction }, n) => sum + along[n] * direction[axis], 0);
      return [at(0), at(1), at(2)];
    })
  );
}

interface Axis {
  readonly direction: Vec3;
  /** Size of a cell, mm. */
  readonly step: number;
  readonly count: number;
}

const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
