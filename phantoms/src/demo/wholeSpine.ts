/** A CT of the whole spine, C2 to S1, both drawn like their neighbours, as large as they come: for what must work on 600 slices. */
import type { Volume } from '@spine/core';
import { paintBody } from '../anatomy/paintBody';
import { paintBars, posteriorBars } from '../anatomy/paintPosterior';
import { paintDiscAndCanal } from '../anatomy/paintSurroundings';
import { LEVEL_SIZES } from '../anatomy/levels';
import { drawSpine } from '../anatomy/spine';
import { addNoise, blurLikeScanner, type Scanner } from '../imaging/scanner';
import type { Field } from '../math/grid';
import type { Point } from '../math/pose';
import { randomStream } from '../math/random';
import { DEMO_ANATOMY } from './timePoints';

export interface WholeSpine {
  readonly volume: Volume;
  /** Bodies wholly in the CT, from head to pelvis, LPS mm. */
  readonly bodies: readonly { readonly level: string; readonly centre: Point }[];
}

const DIMS = [512, 512, 600] as const;
const SPACING_MM = [0.8, 0.8, 1] as const;
/** The part of each slice that holds the spine, in pixels: only it is painted. */
const STRIP = { columns: 150, rows: 240 } as const;
const ANCHOR = 'T9';
const SOFT_HU = 45;
const AIR_HU = -1000;
const TRUNK_MM = { halfWidth: 170, halfDepth: 130 } as const;
const SCANNER: Scanner = {
  sigmaMm: 0.45,
  sharpening: 0.15,
  sliceThicknessMm: 1,
  sliceSpacingMm: 1,
  noiseHu: 16,
  grain: 'medium',
};

/** Makes the CT in memory, the same on every call: 315 MB, about half a minute. */
export function generateWholeSpine(): WholeSpine {
  const random = randomStream('whole-spine/1');
  const names = LEVEL_SIZES.map(({ name }) => name);
  const spine = drawSpine(random.fork('spine'), DEMO_ANATOMY, names, ANCHOR);
  const centres = spine.map(({ pose }) => pose.centre);
  const middle = (axis: number) =>
    (Math.min(...centres.map(c => c[axis])) + Math.max(...centres.map(c => c[axis]))) / 2;
  const strip: Field = {
    data: new Float32Array(STRIP.columns * STRIP.rows * DIMS[2]).fill(SOFT_HU),
    dims: [STRIP.columns, STRIP.rows, DIMS[2]],
    origin: [
      middle(0) - (STRIP.columns * SPACING_MM[0]) / 2,
      middle(1) - (STRIP.rows * SPACING_MM[1]) / 2,
      middle(2) - (DIMS[2] * SPACING_MM[2]) / 2,
    ],
    spacing: SPACING_MM,
  };
  for (const vertebra of spine)
    paintDiscAndCanal(random.fork(`disc/${vertebra.level.name}`), DEMO_ANATOMY, vertebra, strip);
  for (const vertebra of spine) {
    const own = random.fork(`bone/${vertebra.level.name}`);
    paintBars(own, DEMO_ANATOMY, vertebra, posteriorBars(own, vertebra), strip, 1);
  }
  for (const vertebra of spine)
    paintBody(random.fork(`body/${vertebra.level.name}`), DEMO_ANATOMY, vertebra, strip, undefined, 1);
  const image = blurLikeScanner(strip, { ...SCANNER, sliceThicknessMm: 0.6 });
  addNoise(random.fork('noise'), image, SCANNER);
  const bodies = spine.map(({ level, pose }) => ({ level: level.name, centre: pose.centre }));
  return { volume: framed(image), bodies };
}

/** The strip in the middle of whole slices: an oval trunk in air. */
function framed(strip: Field): Volume {
  const [left, top] = [(DIMS[0] - STRIP.columns) / 2, (DIMS[1] - STRIP.rows) / 2];
  const plane = new Int16Array(DIMS[0] * DIMS[1]);
  for (let j = 0, n = 0; j < DIMS[1]; j++)
    for (let i = 0; i < DIMS[0]; i++, n++) {
      const u = ((i - DIMS[0] / 2) * SPACING_MM[0]) / TRUNK_MM.halfWidth;
      const v = ((j - DIMS[1] / 2) * SPACING_MM[1]) / TRUNK_MM.halfDepth;
      plane[n] = u * u + v * v < 1 ? SOFT_HU : AIR_HU;
    }
  const hu = new Int16Array(plane.length * DIMS[2]);
  for (let k = 0, from = 0; k < DIMS[2]; k++) {
    hu.set(plane, k * plane.length);
    for (let j = 0; j < STRIP.rows; j++, from += STRIP.columns) {
      hu.set(strip.data.subarray(from, from + STRIP.columns), k * plane.length + (top + j) * DIMS[0] + left);
    }
  }
  const [ox, oy, oz] = strip.origin;
  const indexToLps = Float64Array.from([
    ...[SPACING_MM[0], 0, 0, ox - left * SPACING_MM[0]],
    ...[0, SPACING_MM[1], 0, oy - top * SPACING_MM[1]],
    ...[0, 0, SPACING_MM[2], oz],
    ...[0, 0, 0, 1],
  ]);
  return { hu, dims: DIMS, indexToLps };
}
