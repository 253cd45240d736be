/** Directions evenly over the sphere with their neighbours: an icosahedron, its triangles divided again and again. */

export interface Sphere {
  /** Unit vectors, x y z after one another. */
  readonly directions: Float64Array;
  readonly count: number;
  /** Pairs of neighbouring directions, each pair once. */
  readonly edges: Uint32Array;
  /** Triangles, three directions each. */
  readonly triangles: Uint32Array;
}

const G = (1 + Math.sqrt(5)) / 2;
// prettier-ignore
const CORNERS = [
  -1, G, 0, 1, G, 0, -1, -G, 0, 1, -G, 0, 0, -1, G, 0, 1, G, 0, -1, -G, 0, 1, -G, G, 0, -1, G, 0, 1, -G, 0, -1, -G, 0, 1,
];
// prettier-ignore
const FACES = [
  0, 11, 5, 0, 5, 1, 0, 1, 7, 0, 7, 10, 0, 10, 11, 1, 5, 9, 5, 11, 4, 11, 10, 2, 10, 7, 6, 7, 1, 8,
  3, 9, 4, 3, 4, 2, 3, 2, 6, 3, 6, 8, 3, 8, 9, 4, 9, 5, 2, 4, 11, 6, 2, 10, 8, 6, 7, 9, 8, 1,
];

/** @param divisions 0: 12 directions, 2: 162, 3: 642, 4: 2562 */
export function sphere(divisions: number): Sphere {
  let points = unit(CORNERS);
  let faces = FACES;
  for (let round = 0; round < divisions; round++) {
    const middles = new Map<number, number>();
    const all = [...points];
    const middle = (a: number, b: number) => {
      const key = a < b ? a * 100000 + b : b * 100000 + a;
      const known = middles.get(key);
      if (known !== undefined) return known;
      const index = all.length / 3;
      for (let axis = 0; axis < 3; axis++) all.push((all[3 * a + axis] + all[3 * b + axis]) / 2);
      middles.set(key, index);
      return index;
    };
    const next: number[] = [];
    for (let n = 0; n < faces.length; n += 3) {
      const [a, b, c] = [faces[n], faces[n + 1], faces[n + 2]];
      const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)];
      next.push(a, ab, ca, b, bc, ab, c, ca, bc, ab, bc, ca);
    }
    points = unit(all);
    faces = next;
  }
  const edges: number[] = [];
  for (let n = 0; n < faces.length; n += 3) {
    for (let side = 0; side < 3; side++) {
      const [a, b] = [faces[n + side], faces[n + ((side + 1) % 3)]];
      if (a < b) edges.push(a, b); // each edge is seen from two triangles, in opposite directions
    }
  }
  return {
    directions: Float64Array.from(points),
    count: points.length / 3,
    edges: Uint32Array.from(edges),
    triangles: Uint32Array.from(faces),
  };
}

function unit(points: readonly number[]): number[] {
  const result: number[] = [];
  for (let n = 0; n < points.length; n += 3) {
    const length = Math.hypot(points[n], points[n + 1], points[n + 2]);
    result.push(points[n] / length, points[n + 1] / length, points[n + 2] / length);
  }
  return result;
}
