/** Exact Euclidean distance transform, separable (Felzenszwalb and Huttenlocher, Theory of Computing 8, 2012). */

type Dims = readonly [number, number, number];

/** Larger than any squared distance in a vertebra's grid, small enough to stay exact in float arithmetic. */
const FAR = 1e9;

/**
 * Distance of each cell to the nearest cell where `target` is 1; 0 on the targets themselves.
 * @param target x fastest, not modified
 * @param spacing of the cells along each axis, in the unit of the result; default: in cells
 */
export function distanceTo(target: Uint8Array, dims: Dims, spacing: Dims = [1, 1, 1]): Float32Array {
  const squared = Float64Array.from(target, value => (value ? 0 : FAR));
  const strides = [1, dims[0], dims[0] * dims[1]];
  const longest = Math.max(...dims);
  const work = {
    line: new Float64Array(longest),
    vertices: new Int32Array(longest),
    borders: new Float64Array(longest + 1),
  };
  for (let axis = 0; axis < 3; axis++) {
    const [u, v] = [0, 1, 2].filter(other => other !== axis);
    for (let a = 0; a < dims[u]; a++) {
      for (let b = 0; b < dims[v]; b++) {
        transformLine(squared, a * strides[u] + b * strides[v], strides[axis], dims[axis], spacing[axis] ** 2, work);
      }
    }
  }
  return Float32Array.from(squared, Math.sqrt);
}

/** Lower envelope of parabolas along one line. */
function transformLine(
  values: Float64Array,
  start: number,
  stride: number,
  length: number,
  weight: number,
  { line, vertices, borders }: { line: Float64Array; vertices: Int32Array; borders: Float64Array }
): void {
  for (let q = 0; q < length; q++) line[q] = values[start + q * stride];
  let top = 0;
  vertices[0] = 0;
  borders[0] = -Infinity;
  borders[1] = Infinity;
  for (let q = 1; q < length; q++) {
    let crossing = intersection(line, vertices[top], q, weight);
    while (crossing <= borders[top]) crossing = intersection(line, vertices[--top], q, weight);
    vertices[++top] = q;
    borders[top] = crossing;
    borders[top + 1] = Infinity;
  }
  for (let q = 0, piece = 0; q < length; q++) {
    while (borders[piece + 1] < q) piece++;
    const away = q - vertices[piece];
    values[start + q * stride] = weight * away * away + line[vertices[piece]];
  }
}

function intersection(line: Float64Array, p: number, q: number, weight: number): number {
  return (line[q] + weight * q * q - (line[p] + weight * p * p)) / (2 * weight * (q - p));
}
