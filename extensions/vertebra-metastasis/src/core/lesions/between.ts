/** Slices between drawn ones: shape-based interpolation (Raya and Udupa, IEEE Trans. Med. Imaging 9, 1990). */
import { voxelSpacingMm } from '../geometry';
import type { Labelmap } from '../types';
import { distanceTo } from '../vertebrae/distance';

type Grid = Pick<Labelmap, 'dims' | 'indexToLps'>;
type Axis = 0 | 1 | 2;
const AXES: readonly Axis[] = [0, 1, 2];

interface Gap {
  readonly axis: Axis;
  /** Drawn slices with nothing between them. */
  readonly from: number;
  readonly to: number;
}

/**
 * What lies between the drawn slices, across the axis along which the widest gap is (in mm): each slice has the shape half-way between its
 * drawn neighbours' by distance from the outline. Where these do not overlap the shape moves along.
 * @param offsets drawn voxels into the grid @param isFree whether a voxel may be added
 * @returns voxels to add, ascending; none where there is no gap
 */
export function voxelsBetween(
  offsets: readonly number[],
  grid: Grid,
  isFree: (offset: number) => boolean = () => true
): number[] {
  const gaps = AXES.map(axis => gapsAlong(axis, offsets, grid));
  const spacing = voxelSpacingMm(grid.indexToLps);
  const widest = AXES.map(axis => Math.max(0, ...gaps[axis].map(({ from, to }) => (to - from) * spacing[axis])));
  const axis = AXES[widest.indexOf(Math.max(...widest))];
  const added = gaps[axis].flatMap(gap => filled(gap, offsets, grid));
  return added.filter(isFree).sort((a, b) => a - b);
}

const indexOf = (offset: number, [columns, rows]: Grid['dims']): readonly [number, number, number] => [
  offset % columns,
  Math.floor(offset / columns) % rows,
  Math.floor(offset / (columns * rows)),
];

function gapsAlong(axis: Axis, offsets: readonly number[], { dims }: Grid): Gap[] {
  const drawn = [...new Set(offsets.map(offset => indexOf(offset, dims)[axis]))].sort((a, b) => a - b);
  return drawn.slice(1).flatMap((to, n) => (to - drawn[n] > 1 ? [{ axis, from: drawn[n], to }] : []));
}

/** A window on the plane across the axis that holds both slices with a rim of one pixel. */
interface Window {
  readonly p: Axis;
  readonly q: Axis;
  readonly low: readonly [number, number];
  readonly size: readonly [number, number];
}

function filled({ axis, from, to }: Gap, offsets: readonly number[], grid: Grid): number[] {
  const { dims, indexToLps } = grid;
  const [p, q] = AXES.filter(other => other !== axis);
  const cells = offsets.map(offset => indexOf(offset, dims));
  const [first, last] = [from, to].map(at => cells.filter(cell => cell[axis] === at));
  const both = [...first, ...last];
  const least = (along: Axis) => both.reduce((so, cell) => Math.min(so, cell[along]), Infinity);
  const most = (along: Axis) => both.reduce((so, cell) => Math.max(so, cell[along]), -Infinity);
  const low = [least(p) - 1, least(q) - 1] as const;
  const size = [most(p) + 2 - low[0], most(q) + 2 - low[1]] as const;
  const window: Window = { p, q, low, size };
  const spacing = voxelSpacingMm(indexToLps);
  const slices = [first, last].map(slice => drawnSlice(slice, window, [spacing[p], spacing[q]]));
  const apart = !slices[0].inside.some((value, at) => value && slices[1].inside[at]);
  const strides = [1, dims[0], dims[0] * dims[1]];
  const added: number[] = [];
  for (let at = from + 1; at < to; at++) {
    const share = (at - from) / (to - from);
    // In place, or moved to where the middle would be by now.
    const moves = slices.map(({ middle }) =>
      apart ? mix(slices[0].middle, slices[1].middle, share).map((now, n) => now - middle[n]) : [0, 0]
    );
    for (let b = 0; b < size[1]; b++) {
      for (let a = 0; a < size[0]; a++) {
        const [before, after] = slices.map(({ signed }, n) => signed(a - moves[n][0], b - moves[n][1]));
        if ((1 - share) * before + share * after > 0) continue;
        const cell = { p: a + low[0], q: b + low[1] };
        if (cell.p < 0 || cell.q < 0 || cell.p >= dims[p] || cell.q >= dims[q]) continue;
        added.push(at * strides[axis] + cell.p * strides[p] + cell.q * strides[q]);
      }
    }
  }
  return added;
}

/** One drawn slice in the window: its pixels, its middle, and the signed distance from its outline, mm: below 0 inside. */
function drawnSlice(
  cells: readonly (readonly [number, number, number])[],
  { p, q, low, size }: Window,
  spacingMm: readonly [number, number]
) {
  const [columns, rows] = size;
  const inside = new Uint8Array(columns * rows);
  const middle: [number, number] = [0, 0];
  for (const cell of cells) {
    const [a, b] = [cell[p] - low[0], cell[q] - low[1]];
    inside[a + columns * b] = 1;
    middle[0] += a / cells.length;
    middle[1] += b / cells.length;
  }
  const plane = [columns, rows, 1] as const;
  const steps = [spacingMm[0], spacingMm[1], 1] as const;
  const toInside = distanceTo(inside, plane, steps);
  const toOutside = distanceTo(
    inside.map(value => 1 - value),
    plane,
    steps
  );
  const clamp = (value: number, last: number) => Math.max(0, Math.min(last, Math.round(value)));
  const signed = (a: number, b: number) => {
    const at = clamp(a, columns - 1) + columns * clamp(b, rows - 1);
    return toInside[at] - toOutside[at];
  };
  return { inside, middle, signed };
}

const mix = (a: readonly number[], b: readonly number[], share: number) =>
  a.map((value, n) => value + share * (b[n] - value));
