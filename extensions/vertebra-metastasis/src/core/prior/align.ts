/** Registers one vertebral body to the same body in another scan. */
import { applyAffine, type LabelExtent, multiply, type Vec3 } from '../geometry';
import type { Affine, Labelmap } from '../types';
import { centroid, towardsSurface, translation } from './rigid';
import { type SurfacePoint, surfacePoints } from './surface';

/** Points taken of either surface: about one per 3 mm2 of a lumbar body for the fixed one. */
const FIXED_POINTS = 2500;
const MOVING_POINTS = 500;
const MAX_ITERATIONS = 40;
/** Stops when the mean distance falls by less, mm. */
const SETTLED_MM = 1e-3;
/** The worst fifth of the pairs is discarded: where the body mask was cut from the pedicles, and where a lesion broke the cortex. */
const KEPT_SHARE = 0.8;
/** A worse fit is rejected, mm: about the size of a CT voxel. */
export const MAX_MEAN_DISTANCE_MM = 1.5;

export interface Alignment {
  /** LPS of the moving scan -> LPS of the fixed scan, rigid. */
  readonly transform: Affine;
  /** Mean distance of the kept surface points, mm; infinite when the bodies could not be aligned. */
  readonly meanDistanceMm: number;
}

/** One body in a labelmap. */
export interface BodyMaskOf {
  readonly labelmap: Labelmap;
  readonly extent: LabelExtent;
}

/**
 * Iterative closest points on the bodies' surfaces (Besl and McKay, PAMI 1992; with tangent planes), trimmed, from centroid on centroid:
 * two CTs of a lying patient differ little in orientation.
 */
export function alignBodies(moving: BodyMaskOf, fixed: BodyMaskOf): Alignment {
  const target = surfacePoints(fixed.labelmap, fixed.extent, FIXED_POINTS);
  const source = surfacePoints(moving.labelmap, moving.extent, MOVING_POINTS).map(({ point }) => point);
  const middle = centroid(target.map(({ point }) => point));
  const start = centroid(source);
  let transform = translation([middle[0] - start[0], middle[1] - start[1], middle[2] - start[2]]);
  let best: Alignment = { transform, meanDistanceMm: Infinity };
  for (let n = 0; n < MAX_ITERATIONS; n++) {
    const current = transform;
    const pairs = closest(
      source.map(point => applyAffine(current, point)),
      target
    );
    const mean = pairs.reduce((sum, { distance }) => sum + distance, 0) / pairs.length;
    if (best.meanDistanceMm - mean < SETTLED_MM) break;
    best = { transform, meanDistanceMm: mean };
    const step = towardsSurface(pairs);
    if (!step) return { transform, meanDistanceMm: Infinity };
    transform = multiply(step, transform);
  }
  return best;
}

/** The nearest target of each point, the best {@link KEPT_SHARE} of them. */
function closest(points: readonly Vec3[], target: readonly SurfacePoint[]) {
  const pairs = points.map(from => {
    let best = target[0];
    let least = Infinity;
    for (const place of target) {
      const to = place.point;
      const square = (from[0] - to[0]) ** 2 + (from[1] - to[1]) ** 2 + (from[2] - to[2]) ** 2;
      if (square < least) [best, least] = [place, square];
    }
    return { from, to: best.point, normal: best.normal, distance: Math.sqrt(least) };
  });
  pairs.sort((a, b) => a.distance - b.distance);
  return pairs.slice(0, Math.max(3, Math.round(KEPT_SHARE * pairs.length)));
}
