/** Whether what was segmented around a click can be a vertebral body. */
import { applyAffine, invert, type Vec3 } from '../geometry';
import { InputError, type Volume } from '../types';
import type { BodyMask } from './fit/rasterise';
import { type BodyFit, bodyAxes } from './fit/shape';
import { refused } from './net/refusal';
import type { SegmentedBody } from './segment';

/** Below this share of the surface with a step from bone to its surroundings the image shows no body. */
export const LEAST_PLAUSIBLE_CONFIDENCE = 0.3;
/** Volumes of whole adult bodies, C3 to L5, with room. ml */
export const PLAUSIBLE_MILLILITRES = [1.4, 90] as const;
/** A click this close outside the mask still means this body: about a voxel. mm */
const SLACK_MM = 1.5;
/** Voxels of the mask are looked for as far as this from a click. mm */
const REACH_MM = 4;
/** Beyond these shares of the half sizes a place lies above or below the body, or behind it. */
const END_SHARE = 0.8;
const BEHIND_SHARE = 0.75;
const CANAL_SHARE = 0.5;

/**
 * @param grid on which the mask lies
 * @param seedLps the click, or undefined where a body was only expected nearby
 * @throws InputError 'no-body-here' when nothing like a body is at the click; 'click-disc', 'click-canal' or 'beside-body' when
 *   the click lies beside the body that was found
 */
export function checkPlausible(
  grid: Pick<Volume, 'dims' | 'indexToLps'>,
  body: SegmentedBody,
  seedLps: Vec3 | undefined
): void {
  const [least, most] = PLAUSIBLE_MILLILITRES;
  if (body.confidence < LEAST_PLAUSIBLE_CONFIDENCE || body.millilitres < least || body.millilitres > most) {
    throw noBodyHere();
  }
  if (seedLps && distanceToMask(grid, body.mask, seedLps) > SLACK_MM) throw beside(body.fit, seedLps);
}

/** In words where a click beside a body lies. */
function beside(fit: BodyFit, [x, y, z]: Vec3): InputError {
  const axes = bodyAxes(fit);
  const away = [x - fit.x, y - fit.y, z - fit.z];
  const [left, back, up] = [0, 1, 2].map(axis => away.reduce((sum, mm, row) => sum + axes[3 * row + axis] * mm, 0));
  const [u, v, w] = [(2 * left) / fit.width, (2 * back) / fit.depth, (2 * up) / fit.height];
  if (Math.abs(w) > END_SHARE && Math.hypot(u, v) < 1) return refused('disc');
  if (v > BEHIND_SHARE && Math.abs(u) < CANAL_SHARE) return refused('canal');
  return new InputError('beside-body');
}

/** What a click where no body is gets. */
export function noBodyHere(): InputError {
  return new InputError('no-body-here');
}

/** Distance from a point to the nearest voxel of the mask, mm; 0 inside. Looks as far as {@link REACH_MM} only. */
function distanceToMask(
  { indexToLps }: Pick<Volume, 'indexToLps'>,
  { min, dims, labels }: BodyMask,
  point: Vec3
): number {
  const index = applyAffine(invert(indexToLps), point);
  const reach = invert(indexToLps);
  const range = [0, 1, 2].map(axis => {
    const half = REACH_MM * Math.hypot(reach[4 * axis], reach[4 * axis + 1], reach[4 * axis + 2]) + 0.5;
    const at = index[axis] - min[axis];
    return [Math.max(0, Math.floor(at - half)), Math.min(dims[axis] - 1, Math.ceil(at + half))];
  });
  const own = index.map((value, axis) => Math.round(value) - min[axis]);
  let nearest = Infinity;
  for (let k = range[2][0]; k <= range[2][1]; k++)
    for (let j = range[1][0]; j <= range[1][1]; j++)
      for (let i = range[0][0]; i <= range[0][1]; i++) {
        if (!labels[i + dims[0] * (j + dims[1] * k)]) continue;
        if (i === own[0] && j === own[1] && k === own[2]) return 0;
        const place = applyAffine(indexToLps, [min[0] + i, min[1] + j, min[2] + k]);
        nearest = Math.min(nearest, Math.hypot(...place.map((value, axis) => value - point[axis])));
      }
  return nearest;
}
