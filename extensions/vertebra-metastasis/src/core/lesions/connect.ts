/** Which voxels belong together: 26-connected on the CT grid, with gaps tolerated along one axis. */
import type { Labelmap } from '../types';

/** Neighbours along one index axis may be this many steps apart instead of one. */
export interface Bridge {
  readonly axis: 0 | 1 | 2;
  readonly steps: number;
}

/**
 * Parts of a set of voxels.
 * @param offsets into the grid, each once
 * @param bridge parts that are no farther apart along this axis join
 * @param layerOf voxels of different layers never join; default: one layer
 * @returns ascending offsets of each part, in order of their first voxels
 */
export function connectedParts(
  offsets: Iterable<number>,
  { dims }: Pick<Labelmap, 'dims'>,
  bridge: Bridge = { axis: 0, steps: 1 },
  layerOf: (offset: number) => string | number = () => 0
): number[][] {
  const open = new Set([...offsets].sort((a, b) => a - b));
  const reach = [0, 1, 2].map(axis => (axis === bridge.axis ? Math.max(1, bridge.steps) : 1));
  const parts: number[][] = [];
  for (const start of open) {
    open.delete(start);
    const layer = layerOf(start);
    const part = [start];
    for (let n = 0; n < part.length; n++) {
      eachNeighbour(part[n], dims, reach, next => {
        if (open.has(next) && layerOf(next) === layer) {
          open.delete(next);
          part.push(next);
        }
      });
    }
    parts.push(part.sort((a, b) => a - b));
  }
  return parts;
}

/** Calls back for every voxel of the box around a voxel except the voxel itself; the box ends at the border of the grid. */
export function eachNeighbour(
  at: number,
  [columns, rows, slices]: Labelmap['dims'],
  [di, dj, dk]: readonly number[],
  visit: (offset: number) => void
): void {
  const i = at % columns;
  const j = Math.floor(at / columns) % rows;
  const k = Math.floor(at / (columns * rows));
  for (let c = Math.max(0, k - dk); c <= Math.min(slices - 1, k + dk); c++) {
    for (let b = Math.max(0, j - dj); b <= Math.min(rows - 1, j + dj); b++) {
      for (let a = Math.max(0, i - di); a <= Math.min(columns - 1, i + di); a++) {
        const next = a + columns * (b + rows * c);
        if (next !== at) visit(next);
      }
    }
  }
}

/** Whether two sets of voxels touch: share a face, an edge or a corner. */
export function touching(a: readonly number[], b: Iterable<number>, { dims }: Pick<Labelmap, 'dims'>): boolean {
  const other = new Set(b);
  return a.some(at => {
    let found = other.has(at);
    if (!found) eachNeighbour(at, dims, [1, 1, 1], next => (found ||= other.has(next)));
    return found;
  });
}
