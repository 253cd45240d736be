/** A picture of one lesion for a report: sagittal and axial through it, outlined, with the sides of the patient. Pure pixels. */
import { applyAffine, insideGrid, invert, trilinear, type Vec3 } from '../geometry';
import { KIND_COLOURS } from '../kinds';
import type { Labelmap, Lesion3dKind, Volume } from '../types';
import { innerPoint } from './innerPoint';
import { drawLetter, LETTER_HEIGHT, LETTER_WIDTH, type SideLetter } from './sideLetters';

/** Each of the two square views; a lumbar body with its neighbours' end plates. */
const FIELD_MM = 90;
const SIDE = 320;
/** Between the views, pixels. */
const GAP = 4;
/** The bone window of the viewports, HU. */
const WINDOW = { centre: 400, width: 1800 };
/** The colours of the files are too dark for a thin line on grey: so much of the way to white. */
const LIGHTER = 0.35;

export interface KeyImage {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns, 3], sRGB. */
  readonly rgb: Uint8Array;
  /** What both views go through, LPS mm. */
  readonly pointLps: Vec3;
}

/** Directions of a view on the screen, LPS. As radiologists hang them: anterior left, head up; the patient's left on the right. */
const VIEWS: readonly View[] = [
  { right: [0, 1, 0], down: [0, 0, -1], sides: ['A', 'P'] },
  { right: [1, 0, 0], down: [0, 1, 0], sides: ['R', 'L'] },
];

interface View {
  readonly right: Vec3;
  readonly down: Vec3;
  /** Of the patient, at the left and the right edge. */
  readonly sides: readonly [SideLetter, SideLetter];
}
/** Of the letters from the edge, pixels. */
const MARGIN = 4;

/**
 * @param labelmap lesions on the grid of the volume
 * @param offsets voxels of the lesion, at least one
 * @param label of the lesion in `labelmap`
 */
export function keyImage(
  volume: Pick<Volume, 'hu' | 'dims' | 'indexToLps'>,
  labelmap: Pick<Labelmap, 'labels'>,
  { label, kind, offsets }: { readonly label: number; readonly kind: Lesion3dKind; readonly offsets: readonly number[] }
): KeyImage {
  const { hu, dims, indexToLps } = volume;
  const columns = 2 * SIDE + GAP;
  const rgb = new Uint8Array(SIDE * columns * 3);
  const pointLps = innerPoint(offsets, volume);
  const toIndex = invert(indexToLps);
  const colour = KIND_COLOURS[kind].map(value => Math.round(value + LIGHTER * (255 - value)));
  const step = FIELD_MM / SIDE;
  const at = (n: number) => (n - (SIDE - 1) / 2) * step;
  VIEWS.forEach(({ right, down, sides }, view) => {
    const inside = new Uint8Array(SIDE * SIDE);
    const left = view * (SIDE + GAP);
    for (let v = 0; v < SIDE; v++) {
      for (let u = 0; u < SIDE; u++) {
        const place = (axis: 0 | 1 | 2) => pointLps[axis] + at(u) * right[axis] + at(v) * down[axis];
        const [i, j, k] = applyAffine(toIndex, [place(0), place(1), place(2)]);
        if (!insideGrid(dims, i, j, k)) continue;
        const value = trilinear(dims, offset => hu[offset], i, j, k);
        const grey = Math.round(255 * ((value - WINDOW.centre) / WINDOW.width + 0.5));
        rgb.fill(Math.max(0, Math.min(255, grey)), 3 * (v * columns + left + u), 3 * (v * columns + left + u) + 3);
        const [a, b, c] = [i, j, k].map((one, axis) => Math.max(0, Math.min(dims[axis] - 1, Math.round(one))));
        if (labelmap.labels[a + dims[0] * (b + dims[1] * c)] === label) inside[v * SIDE + u] = 1;
      }
    }
    // The line lies outside the lesion, which stays to be seen.
    for (let v = 1; v < SIDE - 1; v++) {
      for (let u = 1; u < SIDE - 1; u++) {
        const n = v * SIDE + u;
        const beside = inside[n - 1] || inside[n + 1] || inside[n - SIDE] || inside[n + SIDE];
        if (!inside[n] && beside) rgb.set(colour, 3 * (v * columns + left + u));
      }
    }
    sides.forEach((letter, n) => {
      const [x0, y0] = [n === 0 ? MARGIN : SIDE - MARGIN - LETTER_WIDTH, (SIDE - LETTER_HEIGHT) / 2];
      drawLetter(letter, (x, y, ink) => {
        const from = 3 * ((y0 + y) * columns + left + x0 + x);
        rgb.fill(ink ? 255 : 0, from, from + 3);
      });
    });
  });
  return { rows: SIDE, columns, rgb, pointLps };
}
