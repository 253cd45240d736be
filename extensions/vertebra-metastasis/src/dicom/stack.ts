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
 * @throws InputError duplicate-positions, missing-slices, uneven-slices, gantry-tilt
 */
export function checkStack(stack: Stack, normal: Vector3, smallestPixelMm: number): void {
  const steps = Array.from(stack.alongMm.subarray(1), (position, k) => position - stack.alongMm[k]);
  const at = (k: number) =>
    `between slices ${k + 1} and ${k + 2} (${round(stack.alongMm[k])} and ${round(stack.alongMm[k + 1])} mm)`;
  const duplicate = steps.findIndex(step => step < DUPLICATE_MM);
  if (duplicate >= 0) {
    throw new InputError(
      'duplicate-positions',
      `Two CT slices lie at the same position, ${round(stack.alongMm[duplicate])} mm along the stack. The series may hold two phases or reconstructions; choose one.`
    );
  }
  const median = [...steps].sort((a, b) => a - b)[steps.length >> 1];
  const tolerance = Math.max(SPACING_TOLERANCE_MM, SPACING_TOLERANCE * median);
  const odd = steps.findIndex(step => Math.abs(step - median) > tolerance);
  if (odd >= 0) {
    const multiple = Math.round(steps[odd] / median);
    if (multiple >= 2 && Math.abs(steps[odd] - multiple * median) <= multiple * tolerance) {
      throw new InputError(
        'missing-slices',
        `${multiple - 1} CT slice(s) are missing ${at(odd)}; the spacing is ${round(median)} mm. Load the complete series.`
      );
    }
    throw new InputError(
      'uneven-slices',
      `The CT slices are unevenly spaced: ${round(steps[odd])} mm ${at(odd)}, ${round(median)} mm elsewhere. Choose an evenly spaced reconstruction.`
    );
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
    throw new InputError(
      'gantry-tilt',
      `The CT slices are sheared by ${degrees.toFixed(1)} degrees (gantry tilt; drift ${round(worst)} mm). Use a reconstruction without tilt.`
    );
  }
}

const round = (mm: number): number => Math.round(mm * 100) / 100;
