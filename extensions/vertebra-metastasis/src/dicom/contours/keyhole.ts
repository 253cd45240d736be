import { crossesRing, signedArea } from './ring';
import type { Point, Ring } from './ring';

/**
 * Joins an outer ring and its holes to one ring by channels of no width ("keyholes", PS3.3 C.8.8.6.3), since CLOSED_PLANAR
 * has no holes. Each hole is reached from its closest visible point of what is joined already, nearest hole first.
 * @param holes inside the outer ring, not touching one another
 */
export function keyhole(outer: Ring, holes: readonly Ring[]): Ring {
  let joined = signedArea(outer) < 0 ? [...outer].reverse() : [...outer];
  const waiting = holes.map(hole => (signedArea(hole) > 0 ? [...hole].reverse() : [...hole]));
  while (waiting.length > 0) {
    const bridges = waiting.map(hole => shortestBridge(joined, hole, waiting));
    const next = bridges.reduce((best, bridge, n) => (bridge.length < bridges[best].length ? n : best), 0);
    const { from, to } = bridges[next];
    const [hole] = waiting.splice(next, 1);
    const around = [...hole.slice(to), ...hole.slice(0, to + 1)];
    joined = [...joined.slice(0, from + 1), ...around, ...joined.slice(from)];
  }
  return joined;
}

/** The closest pair of points whose connection crosses no edge; the closest pair at all should none exist. */
function shortestBridge(ring: Ring, hole: Ring, holes: readonly Ring[]): { from: number; to: number; length: number } {
  const pairs = ring.flatMap((a, from) => hole.map((b, to) => ({ from, to, length: length(a, b) })));
  pairs.sort((a, b) => a.length - b.length);
  const clear = ({ from, to }: { from: number; to: number }) =>
    ![ring, ...holes].some(other => crossesRing(ring[from], hole[to], other));
  return pairs.find(clear) ?? pairs[0];
}

const length = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
