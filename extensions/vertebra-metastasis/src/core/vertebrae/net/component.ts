/** The connected part of the network's outline at a place. */
import type { Vec3 } from '../../geometry';
import type { Block } from '../fit/block';
import type { Outline } from './network';

export interface Component {
  /** 1 in the part. */
  readonly cells: Uint8Array;
  readonly mm3: number;
  /** LPS mm. */
  readonly centroid: Vec3;
}

/**
 * Cells with a positive logit, inside the CT, that connect to the one nearest to `seed` within `reachMm`; undefined when
 * there is none.
 */
export function componentAt({ logits, known }: Outline, seed: Vec3, reachMm: number): Component | undefined {
  const { dims, origin, spacingMm } = logits;
  const data = logits.data.map((logit, n) => (known[n] ? logit : -1));
  const start = nearestInside({ ...logits, data }, seed, reachMm);
  if (start === undefined) return undefined;
  const strides = [1, dims[0], dims[0] * dims[1]];
  const cells = new Uint8Array(data.length);
  const queue = [start];
  cells[start] = 1;
  const sum = [0, 0, 0];
  let count = 0;
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    count++;
    const place = [at % dims[0], Math.floor(at / dims[0]) % dims[1], Math.floor(at / strides[2])];
    place.forEach((value, axis) => (sum[axis] += value));
    for (let axis = 0; axis < 3; axis++) {
      for (const side of [-1, 1]) {
        const next = place[axis] + side;
        if (next < 0 || next >= dims[axis]) continue;
        const cell = at + side * strides[axis];
        if (cells[cell] || data[cell] <= 0) continue;
        cells[cell] = 1;
        queue.push(cell);
      }
    }
  }
  const centroid = sum.map((value, axis) => origin[axis] + (spacingMm * value) / count) as unknown as Vec3;
  return { cells, mm3: count * spacingMm ** 3, centroid };
}

function nearestInside({ dims, origin, spacingMm, data }: Block, seed: Vec3, reachMm: number): number | undefined {
  let [best, nearest] = [undefined as number | undefined, reachMm];
  for (let z = 0, at = 0; z < dims[2]; z++)
    for (let y = 0; y < dims[1]; y++)
      for (let x = 0; x < dims[0]; x++, at++) {
        if (data[at] <= 0) continue;
        const away = Math.hypot(
          origin[0] + x * spacingMm - seed[0],
          origin[1] + y * spacingMm - seed[1],
          origin[2] + z * spacingMm - seed[2]
        );
        if (away < nearest) [best, nearest] = [at, away];
      }
  return best;
}
