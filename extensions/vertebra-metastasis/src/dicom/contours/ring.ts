/** Closed polygons in a plane, without a repeated last point. Units are the caller's (mm here). */
export type Point = readonly [number, number];
export type Ring = readonly Point[];

/** Shoelace formula; positive for counter-clockwise in a right-handed plane. */
export function signedArea(ring: Ring): number {
  let twice = 0;
  for (let n = 0; n < ring.length; n++) {
    const [a, b] = [ring[n], ring[(n + 1) % ring.length]];
    twice += a[0] * b[1] - b[0] * a[1];
  }
  return twice / 2;
}

const side = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** True when segments ab and cd cross in a point inside both. */
export const crosses = (a: Point, b: Point, c: Point, d: Point): boolean =>
  side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;

/** True when a segment crosses an edge of the ring. */
export const crossesRing = (a: Point, b: Point, ring: Ring): boolean =>
  ring.some((point, n) => crosses(a, b, point, ring[(n + 1) % ring.length]));

/** True when no two edges of the rings cross. */
export function areSimple(rings: readonly Ring[]): boolean {
  const edges = rings.flatMap(ring => ring.map((point, n) => [point, ring[(n + 1) % ring.length]] as const));
  return !edges.some(([a, b], n) => edges.slice(n + 1).some(([c, d]) => crosses(a, b, c, d)));
}

/**
 * Douglas-Peucker on a closed ring: no removed point lies further than the tolerance from the result. The two anchors are the
 * first point and the one farthest from it.
 * @param tolerance 0 removes only points on a straight line
 * @returns the ring without points on straight lines when fewer than three points would remain otherwise
 */
export function simplifyRing(ring: Ring, tolerance: number): Ring {
  if (ring.length <= 3) return ring;
  let far = 0;
  ring.forEach((point, n) => {
    if (distance(point, ring[0]) > distance(ring[far], ring[0])) far = n;
  });
  const limit = Math.max(tolerance, 1e-9);
  const simplified = [
    ...simplifyLine(ring.slice(0, far + 1), limit).slice(0, -1),
    ...simplifyLine([...ring.slice(far), ring[0]], limit).slice(0, -1),
  ];
  if (simplified.length >= 3 && signedArea(simplified) !== 0) return simplified;
  return tolerance === 0 ? ring : simplifyRing(ring, 0);
}

const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

function simplifyLine(points: readonly Point[], tolerance: number): Point[] {
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  const stack: [number, number][] = [[0, points.length - 1]];
  for (let range = stack.pop(); range; range = stack.pop()) {
    const [first, last] = range;
    let worst = tolerance;
    let at = -1;
    for (let n = first + 1; n < last; n++) {
      const away = distanceToSegment(points[n], points[first], points[last]);
      if (away > worst) [worst, at] = [away, n];
    }
    if (at < 0) continue;
    keep[at] = 1;
    stack.push([first, at], [at, last]);
  }
  return points.filter((_, n) => keep[n]);
}

function distanceToSegment(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / squared;
  const t = Math.max(0, Math.min(1, along));
  return distance(p, [a[0] + t * dx, a[1] + t * dy]);
}
