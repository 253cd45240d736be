/** Where a plane of a viewer cuts a region or a lesion. */
import { applyAffine, axisStep, gridOutlines, type PatchFrame, type Vec3 } from '../geometry';
import { type Labelmap, PATCH_SIZE, type PatchMask } from '../types';

/** LPS mm; the normal has length 1. */
export interface Plane {
  readonly point: Vec3;
  readonly normal: Vec3;
}

/** Closed outlines on a plane, LPS mm, the first point not repeated; none where the plane misses. */
export type Cut = (plane: Plane) => Vec3[][];

/** A candidate stands for boxes: its pixels, as thick as the sagittal slices are apart. */
export function crossSection(frame: PatchFrame, mask: PatchMask, plane: Plane): Vec3[][] {
  const { origin, rowDirection, columnDirection, spacing } = frame;
  const row: Axis = { direction: rowDirection, step: spacing.anteriorPosterior, count: PATCH_SIZE };
  const column: Axis = { direction: columnDirection, step: spacing.superiorInferior, count: PATCH_SIZE };
  const across: Axis = { direction: frame.normal, step: spacing.leftRight, count: 1 };
  const inside = ([i, j]: readonly number[]) => mask[i * PATCH_SIZE + j] > 0;
  return cutBoxes({ origin, axes: [row, column, across], inside }, plane);
}

/** A lesion stands for its voxels. @param offsets into the grid, at least one */
export function lesionCut(
  offsets: readonly number[],
  { dims, indexToLps }: Pick<Labelmap, 'dims' | 'indexToLps'>
): Cut {
  const [columns, rows] = dims;
  const indexOf = (at: number) => [at % columns, Math.floor(at / columns) % rows, Math.floor(at / (columns * rows))];
  const low = [Infinity, Infinity, Infinity];
  const high = [-1, -1, -1];
  for (const at of offsets) {
    indexOf(at).forEach((value, axis) => {
      low[axis] = Math.min(low[axis], value);
      high[axis] = Math.max(high[axis], value);
    });
  }
  const counts = high.map((value, axis) => value - low[axis] + 1);
  const solid = new Uint8Array(counts[0] * counts[1] * counts[2]);
  const place = (index: readonly number[]) => index[0] + counts[0] * (index[1] + counts[1] * index[2]);
  for (const at of offsets) solid[place(indexOf(at).map((value, axis) => value - low[axis]))] = 1;
  const axes = ([0, 1, 2] as const).map((axis): Axis => {
    const along = axisStep(indexToLps, axis);
    const step = Math.hypot(...along);
    return { direction: [along[0] / step, along[1] / step, along[2] / step], step, count: counts[axis] };
  });
  const origin = applyAffine(indexToLps, [low[0], low[1], low[2]]);
  return plane => cutBoxes({ origin, axes, inside: index => solid[place(index)] > 0 }, plane);
}

/** Boxes in a grid of three axes. */
interface Boxes {
  /** Centre of the first box, LPS mm. */
  readonly origin: Vec3;
  readonly axes: readonly Axis[];
  readonly inside: (index: readonly number[]) => boolean;
}

function cutBoxes({ origin, axes, inside: isSolid }: Boxes, { point, normal }: Plane): Vec3[][] {
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
    return isSolid(index);
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
