import { signedArea } from './ring';
import type { Point, Ring } from './ring';

/** Corners of a cell, clockwise from top left, as bits of the case number; edges top, right, bottom, left. */
const [TOP, RIGHT, BOTTOM, LEFT] = [0, 1, 2, 3];
/**
 * Directed segments [from edge, to edge] of each of the 16 cases (Lorensen and Cline in two dimensions); outer rings come out
 * with negative, holes with positive area. In the saddles 5 and 10 the two inside corners stay apart.
 */
const SEGMENTS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[LEFT, TOP]],
  [[TOP, RIGHT]],
  [[LEFT, RIGHT]],
  [[RIGHT, BOTTOM]],
  [
    [LEFT, TOP],
    [RIGHT, BOTTOM],
  ],
  [[TOP, BOTTOM]],
  [[LEFT, BOTTOM]],
  [[BOTTOM, LEFT]],
  [[BOTTOM, TOP]],
  [
    [TOP, RIGHT],
    [BOTTOM, LEFT],
  ],
  [[BOTTOM, RIGHT]],
  [[RIGHT, LEFT]],
  [[RIGHT, TOP]],
  [[TOP, LEFT]],
  [],
];
/** A crossing never falls on a pixel centre, where several edges meet. */
const MARGIN = 1e-3;

/** A region of the plane: an outer ring and its holes. */
export interface Polygon {
  readonly outer: Ring;
  readonly holes: readonly Ring[];
}

/**
 * Zero level of a function on a grid, linear between grid points; inside where the value is >= 0.
 * @param values row by row; must be negative on the border
 * @returns polygons in grid units: (column, row)
 */
export function zeroLevel(values: Float32Array, width: number, height: number): Polygon[] {
  const next = new Map<number, number>();
  // Edges by number: 2n runs right from grid point n, 2n + 1 runs down from it.
  const edgesOf = (n: number) => [2 * n, 2 * (n + 1) + 1, 2 * (n + width), 2 * n + 1];
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const n = y * width + x;
      const corners = [n, n + 1, n + width + 1, n + width];
      const cell = corners.reduce((bits, corner, bit) => bits | (values[corner] >= 0 ? 1 << bit : 0), 0);
      const edges = edgesOf(n);
      for (const [from, to] of SEGMENTS[cell]) next.set(edges[from], edges[to]);
    }
  }
  return nest(trace(next, edge => crossing(values, width, edge)));
}

/** Follows the segments from edge to edge until each ring closes. */
function trace(next: Map<number, number>, pointOn: (edge: number) => Point): Ring[] {
  const rings: Ring[] = [];
  for (const first of [...next.keys()]) {
    const ring: Point[] = [];
    for (let edge: number | undefined = first; edge !== undefined && next.has(edge); ) {
      ring.push(pointOn(edge));
      const following: number | undefined = next.get(edge);
      next.delete(edge);
      edge = following;
    }
    if (ring.length > 0) rings.push(ring);
  }
  return rings;
}

function crossing(values: Float32Array, width: number, edge: number): Point {
  const n = edge >> 1;
  const [x, y] = [n % width, Math.floor(n / width)];
  const [a, b] = [values[n], values[edge & 1 ? n + width : n + 1]];
  const t = Math.max(MARGIN, Math.min(1 - MARGIN, a / (a - b)));
  return edge & 1 ? [x, y + t] : [x + t, y];
}

/** Gives each hole to the smallest outer ring around it. */
function nest(rings: readonly Ring[]): Polygon[] {
  const outers = rings.filter(ring => signedArea(ring) < 0).sort((a, b) => signedArea(b) - signedArea(a));
  const polygons = outers.map(outer => ({ outer, holes: [] as Ring[] }));
  for (const hole of rings.filter(ring => signedArea(ring) > 0)) {
    polygons.find(({ outer }) => contains(outer, hole[0]))?.holes.push(hole);
  }
  return polygons;
}

/** Even-odd rule. */
function contains(ring: Ring, [x, y]: Point): boolean {
  let inside = false;
  ring.forEach(([ax, ay], n) => {
    const [bx, by] = ring[(n + 1) % ring.length];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}
