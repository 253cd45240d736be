/** What the straightened strip shows: the CT along the middles of the bodies, and the lesions in front of and behind that plane. */
import { insideGrid, invert, trilinear, type Vec3 } from '../geometry';
import { LESION_3D_KINDS } from '../kinds';
import type { Affine, Labelmap, Lesion3dKind, Volume } from '../types';
import type { StripFrame } from './straighten';

type Grid = Pick<Volume, 'dims' | 'indexToLps'>;

/** The bone window of the viewports, HU. */
const WINDOW = { centre: 400, width: 1800 };

/**
 * @param huAt Hounsfield units by offset into the grid
 * @returns grey values 0 to 255, rows * columns; 0 outside the CT
 */
export function stripImage(
  frame: StripFrame,
  { dims, indexToLps }: Grid,
  huAt: (offset: number) => number
): Uint8Array {
  const { rows, columns, pixelMm } = frame;
  const grey = new Uint8Array(rows * columns);
  const toIndex = invert(indexToLps);
  for (let row = 0; row < rows; row++) {
    const middle = pointIn(toIndex, frame.middles[row]);
    const step = stepIn(toIndex, frame.backwards[row], pixelMm);
    for (let column = 0; column < columns; column++) {
      const along = column - (columns - 1) / 2;
      const [i, j, k] = [0, 1, 2].map(axis => middle[axis] + along * step[axis]);
      if (!insideGrid(dims, i, j, k)) continue;
      const value = trilinear(dims, huAt, i, j, k);
      grey[row * columns + column] = Math.max(0, Math.min(255, 255 * ((value - WINDOW.centre) / WINDOW.width + 0.5)));
    }
  }
  return grey;
}

/** How far beside the middle lesions are looked for, and in which steps: half of a lumbar body, and less than its smallest lesion. */
const ASIDE_MM = 27;
const ASIDE_STEP_MM = 1.5;

export interface StripLesion {
  /** Value in the labelmap of the lesions. */
  readonly index: number;
  readonly kind: Lesion3dKind;
  /** Of the body it lies in. */
  readonly vertebraLabel?: number;
}

/**
 * Lesions seen from the side, through the whole width of the bodies.
 * @returns per pixel 0, or 1 + the place in LESION_3D_KINDS of the kind that takes most of the line of sight
 */
export function stripLesions(frame: StripFrame, lesions: readonly StripLesion[], labelmap: Labelmap): Uint8Array {
  const { rows, columns, pixelMm, bodies } = frame;
  const marks = new Uint8Array(rows * columns);
  if (lesions.length === 0) return marks;
  const kindOf = new Map(lesions.map(({ index, kind }) => [index, 1 + LESION_3D_KINDS.indexOf(kind)]));
  const anywhere = lesions.some(({ vertebraLabel }) => vertebraLabel === undefined);
  const wanted = new Set(lesions.map(({ vertebraLabel }) => vertebraLabel));
  const near = bodies.filter(({ label }) => wanted.has(label));
  const toIndex = invert(labelmap.indexToLps);
  for (let row = 0; row < rows; row++) {
    if (!anywhere && !near.some(({ top, bottom }) => row >= top && row < bottom)) continue;
    const middle = pointIn(toIndex, frame.middles[row]);
    const step = stepIn(toIndex, frame.backwards[row], pixelMm);
    const aside = stepIn(toIndex, frame.sideways[row], ASIDE_STEP_MM);
    for (let column = 0; column < columns; column++) {
      const along = column - (columns - 1) / 2;
      marks[row * columns + column] = kindAlong(
        labelmap,
        kindOf,
        [middle[0] + along * step[0], middle[1] + along * step[1], middle[2] + along * step[2]],
        aside
      );
    }
  }
  return marks;
}

function kindAlong(
  { labels, dims }: Labelmap,
  kindOf: ReadonlyMap<number, number>,
  [x, y, z]: Vec3,
  aside: Vec3
): number {
  const counts = [0, 0, 0, 0];
  const reach = Math.round(ASIDE_MM / ASIDE_STEP_MM);
  for (let n = -reach; n <= reach; n++) {
    const i = Math.round(x + n * aside[0]);
    const j = Math.round(y + n * aside[1]);
    const k = Math.round(z + n * aside[2]);
    if (i < 0 || j < 0 || k < 0 || i >= dims[0] || j >= dims[1] || k >= dims[2]) continue;
    const label = labels[i + dims[0] * (j + dims[1] * k)];
    if (label > 0) counts[kindOf.get(label) ?? 0]++;
  }
  const most = Math.max(counts[1], counts[2], counts[3]);
  return most === 0 ? 0 : counts.indexOf(most, 1);
}

function pointIn(toIndex: Affine, [x, y, z]: Vec3): Vec3 {
  const at = (row: 0 | 1 | 2) =>
    toIndex[4 * row] * x + toIndex[4 * row + 1] * y + toIndex[4 * row + 2] * z + toIndex[4 * row + 3];
  return [at(0), at(1), at(2)];
}

function stepIn(toIndex: Affine, [x, y, z]: Vec3, mm: number): Vec3 {
  const at = (row: 0 | 1 | 2) => mm * (toIndex[4 * row] * x + toIndex[4 * row + 1] * y + toIndex[4 * row + 2] * z);
  return [at(0), at(1), at(2)];
}
