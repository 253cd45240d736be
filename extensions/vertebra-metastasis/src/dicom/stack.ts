import { InputError } from '../core';
import { requiredNumbers } from './dataset';
import type { NaturalizedInstance } from './dataset';
import { dot, length, scale, subtract, vector } from './vector';
import type { Vector3 } from './vector';

/** Slice positions are often written to 0.01 or 0.1 mm; a distance this far from the median is rounding, not unevenness. */
const SPACING_TOLERANCE_MM = 0.05;
/** Relative part of the same tolerance, for thick slices. */
const SPACING_TOLERANCE = 0.02;
/** Slices closer than this lie on one another. */
const DUPLICATE_MM = 0.01;
/** Below this angle a sideways drift of the slices is rounding of their positions; scanners tilt by whole degrees. */
const TILT_TOLERANCE_DEGREES = 0.5;
/** However small the angle, the drift over the whole stack must not carry a voxel into its neighbour. */
const DRIFT_TOLERANCE_PIXELS = 0.5;

/** Slices in the order of their position along the normal. */
export interface Stack {
  /** order[k] is the index, in the input, of slice k. */
  readonly order: readonly number[];
  /** ImagePositionPatient of slice k. */
  readonly positions: readonly Vector3[];
  /** Position of slice k along the normal in mm, ascending. */
  readonly alongMm: Float64Array;
}

/** Sorts slices by ImagePositionPatient along the normal; instance numbers and file order play no part. */
export function stackPositions(slices: readonly NaturalizedInstance[], normal: Vector3): Stack {
  const positions = slices.map(slice => vector(requiredNumbers(slice, 'ImagePositionPatient', 3)));
  const along = positions.map(position => dot(position, normal));
  const order = along.map((_, index) => index).sort((a, b) => along[a] - along[b]);
  return {
    order,
    positions: order.map(index => positions[index]),
    alongMm: Float64Array.from(order, index => along[index]),
  };
}

/**
 * Refuses what is not an evenly spaced, orthogonal stack.
 * @param smallestPixelMm the smaller in-plane pixel spacing
 * @param phases how the slices of two phases differ, for the message
 * @throws InputError duplicate-positions, missing-slices, uneven-slices, gantry-tilt
 */
export function checkStack(stack: Stack, normal: Vector3, smallestPixelMm: number, phases: () => string): void {
  const steps = Array.from(stack.alongMm.subarray(1), (position, k) => position - stack.alongMm[k]);
  const duplicate = steps.findIndex(step => step < DUPLICATE_MM);
  if (duplicate >= 0) {
    throw new InputError('duplicate-positions', { alongMm: stack.alongMm[duplicate], differ: phases() });
  }
  const median = [...steps].sort((a, b) => a - b)[steps.length >> 1];
  const tolerance = Math.max(SPACING_TOLERANCE_MM, SPACING_TOLERANCE * median);
  const odd = steps.findIndex(step => Math.abs(step - median) > tolerance);
  if (odd >= 0) {
    const gap = { slice: odd + 1, fromMm: stack.alongMm[odd], toMm: stack.alongMm[odd + 1], spacingMm: median };
    const multiple = Math.round(steps[odd] / median);
    if (multiple >= 2 && Math.abs(steps[odd] - multiple * median) <= multiple * tolerance) {
      throw new InputError('missing-slices', { count: multiple - 1, ...gap });
    }
    throw new InputError('uneven-slices', { gapMm: steps[odd], ...gap });
  }
  checkTilt(stack, normal, smallestPixelMm);
}

function checkTilt(stack: Stack, normal: Vector3, smallestPixelMm: number): void {
  const last = stack.positions.length - 1;
  const drift = (k: number) => {
    const step = subtract(stack.positions[k], stack.positions[0]);
    return length(subtract(step, scale(normal, dot(step, normal))));
  };
  const degrees = (Math.atan2(drift(last), stack.alongMm[last] - stack.alongMm[0]) * 180) / Math.PI;
  const worst = Math.max(...stack.positions.map((_, k) => drift(k)));
  if (degrees > TILT_TOLERANCE_DEGREES || worst > DRIFT_TOLERANCE_PIXELS * smallestPixelMm) {
    throw new InputError('gantry-tilt', { degrees });
  }
}
