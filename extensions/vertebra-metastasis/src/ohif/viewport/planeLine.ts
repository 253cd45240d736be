/** Where the plane of one viewport cuts that of another. */
import type { Vec3 } from '../../core';

/** LPS mm; the normal has length 1. */
interface Camera {
  readonly viewPlaneNormal?: Vec3;
  readonly focalPoint?: Vec3;
}

/** Planes that are nearly parallel have no line to show: sine of the angle between them. */
const PARALLEL = 0.05;
/** The line is drawn so far to either side, mm: beyond any view. */
const REACH_MM = 2000;

/** @returns two ends of the line, LPS mm; undefined for parallel planes */
export function planeLine(own: Camera, other: Camera): readonly [Vec3, Vec3] | undefined {
  const { viewPlaneNormal: n, focalPoint: p } = own;
  const { viewPlaneNormal: m, focalPoint: q } = other;
  if (!n || !p || !m || !q) return undefined;
  const along = cross(n, m);
  const length = Math.hypot(...along);
  if (length < PARALLEL) return undefined;
  // From p within the own plane, at right angles to the line, to the other plane.
  const towards = cross(along, n);
  const distance = dot(m, [q[0] - p[0], q[1] - p[1], q[2] - p[2]]) / dot(m, towards);
  const end = (sign: 1 | -1): Vec3 => {
    const at = (axis: 0 | 1 | 2) => p[axis] + distance * towards[axis] + (sign * REACH_MM * along[axis]) / length;
    return [at(0), at(1), at(2)];
  };
  return [end(-1), end(1)];
}

const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
