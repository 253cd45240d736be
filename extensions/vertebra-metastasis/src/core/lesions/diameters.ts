/** Diameters of a lesion as they would be drawn on the images: edge to edge. */
import { applyAffine, axisStep, type Vec3, voxelSpacingMm } from '../geometry';
import type { Labelmap } from '../types';
import type { LesionDiameters } from './types';

/** Directions in which the farthest voxels are looked for: a diameter is missed by less than 0.2 % between two of them. */
const DIRECTIONS_IN_PLANE = 64;
const DIRECTIONS_IN_SPACE = 500;

/**
 * The longest diameter in any axial slice, the one across it in that slice, and the longest in space.
 * @param offsets of the lesion's voxels, at least one
 * @param grid of any orientation: the axial slices of a sagittal series run across its images
 */
export function diameters(offsets: readonly number[], grid: Pick<Labelmap, 'dims' | 'indexToLps'>): LesionDiameters {
  const [columns, rows] = grid.dims;
  const [across, p, q] = axialAxes(grid);
  const spacing = voxelSpacingMm(grid.indexToLps);
  const place = (at: number): Vec3 =>
    applyAffine(grid.indexToLps, [at % columns, Math.floor(at / columns) % rows, Math.floor(at / (columns * rows))]);
  // Voxel centres end up to half a voxel before the edge on either side: on average half of that, as the farthest pair is picked. A single
  // voxel is one voxel wide.
  const inPlane = (spacing[p] + spacing[q]) / 2;
  const inSpace = (spacing[0] + spacing[1] + spacing[2]) / 3;
  const edgeToEdge = (length: number, voxel: number) => Math.max(voxel, length + voxel / 2);
  const bySlice = new Map<number, Vec3[]>();
  const all = offsets.map(place);
  offsets.forEach((at, n) => {
    const index = [at % columns, Math.floor(at / columns) % rows, Math.floor(at / (columns * rows))];
    const list = bySlice.get(index[across]);
    if (list) list.push(all[n]);
    else bySlice.set(index[across], [all[n]]);
  });
  const [u, v] = [axisStep(grid.indexToLps, p), axisStep(grid.indexToLps, q)].map(unit);
  const around = Array.from({ length: DIRECTIONS_IN_PLANE }, (_, n): Vec3 => {
    const angle = (Math.PI * n) / DIRECTIONS_IN_PLANE;
    return sum(u, Math.cos(angle), v, Math.sin(angle));
  });
  let best = { length: -1, across: 0 };
  for (const points of bySlice.values()) {
    const { length, direction } = farthest(points, around);
    if (length <= best.length) continue;
    // Within the plane, square to the longest diameter; any direction for a single voxel.
    const [a, b] = [dot(direction, u), dot(direction, v)];
    best = { length, across: extent(points, sum(u, -b, v, a)) };
  }
  return {
    longestAxialMm: edgeToEdge(best.length, inPlane),
    perpendicularAxialMm: edgeToEdge(best.across, inPlane),
    longestMm: edgeToEdge(farthest(all, SPHERE).length, inSpace),
  };
}

type Axis = 0 | 1 | 2;
const AXES: readonly Axis[] = [0, 1, 2];

/** The index axis that runs nearest to head and feet, and the two in the plane across it. */
function axialAxes({ indexToLps }: Pick<Labelmap, 'indexToLps'>): readonly [across: Axis, p: Axis, q: Axis] {
  const upright = AXES.map(axis => Math.abs(unit(axisStep(indexToLps, axis))[2]));
  const across = AXES[upright.indexOf(Math.max(...upright))];
  const [p, q] = AXES.filter(axis => axis !== across);
  return [across, p, q];
}

/** Evenly spread over half a sphere (a Fibonacci lattice: Gonzalez, Math. Geosci. 2010). */
const SPHERE: readonly Vec3[] = Array.from({ length: DIRECTIONS_IN_SPACE }, (_, n) => {
  const z = (n + 0.5) / DIRECTIONS_IN_SPACE;
  const angle = n * Math.PI * (3 - Math.sqrt(5));
  const radius = Math.sqrt(1 - z * z);
  return [radius * Math.cos(angle), radius * Math.sin(angle), z];
});

/** The two points farthest apart among those that lie farthest out in some direction. */
function farthest(points: readonly Vec3[], directions: readonly Vec3[]): { length: number; direction: Vec3 } {
  const outer = new Set<Vec3>();
  for (const direction of directions) {
    let [low, high] = [points[0], points[0]];
    let [least, most] = [Infinity, -Infinity];
    for (const point of points) {
      const along = dot(point, direction);
      if (along < least) [least, low] = [along, point];
      if (along > most) [most, high] = [along, point];
    }
    outer.add(low).add(high);
  }
  const ends = [...outer];
  let length = 0;
  let direction = directions[0];
  ends.forEach((a, n) => {
    for (const b of ends.slice(n + 1)) {
      const between: Vec3 = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
      const distance = Math.hypot(...between);
      if (distance > length) [length, direction] = [distance, unit(between)];
    }
  });
  return { length, direction };
}

function extent(points: readonly Vec3[], direction: Vec3): number {
  let [least, most] = [Infinity, -Infinity];
  for (const point of points) {
    const along = dot(point, direction);
    least = Math.min(least, along);
    most = Math.max(most, along);
  }
  return most - least;
}

const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const sum = (a: Vec3, s: number, b: Vec3, t: number): Vec3 => [
  a[0] * s + b[0] * t,
  a[1] * s + b[1] * t,
  a[2] * s + b[2] * t,
];
const unit = (a: Vec3): Vec3 => {
  const length = Math.hypot(...a) || 1;
  return [a[0] / length, a[1] / length, a[2] / length];
};
