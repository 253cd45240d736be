/** Levels counted from one known vertebra, and where the next one should be. */
import type { Vec3 } from '../geometry';
import { InputError, type VertebraLevel } from '../types';
import { levelOrder } from './levels';

/** The usual spine: the variants T13 and L6 are only ever given by a person. */
const USUAL_LEVELS: readonly VertebraLevel[] = [
  ...Array.from({ length: 7 }, (_, n) => `C${n + 1}`),
  ...Array.from({ length: 12 }, (_, n) => `T${n + 1}`),
  ...Array.from({ length: 5 }, (_, n) => `L${n + 1}`),
  'S1',
];

/**
 * Levels of bodies listed from head to pelvis without gaps, counted up and down from the one that is known.
 * @returns one level per body; undefined beyond C1 and S1
 * @throws InputError 'unknown-level' for a name that is no level, 'bad-anchor' for an index outside the list
 */
export function assignLevels(
  count: number,
  anchorIndex: number,
  level: VertebraLevel
): readonly (VertebraLevel | undefined)[] {
  levelOrder(level);
  if (!Number.isInteger(anchorIndex) || anchorIndex < 0 || anchorIndex >= count) {
    throw new InputError('bad-anchor', { place: anchorIndex + 1, count });
  }
  // T13 stands between T12 and L1, L6 between L5 and S1: half a step further on the usual count.
  const variant = level === 'T13' || level === 'L6';
  const base = USUAL_LEVELS.indexOf(variant ? (level === 'T13' ? 'T12' : 'L5') : level);
  return Array.from({ length: count }, (_, n) => {
    if (n === anchorIndex) return level;
    const steps = n - anchorIndex;
    return USUAL_LEVELS[base + (variant && steps < 0 ? steps + 1 : steps)];
  });
}

/** All levels moved by `steps` towards the pelvis (negative: towards the head); undefined beyond C1 and S1. */
export function shiftLevels(
  levels: readonly (VertebraLevel | undefined)[],
  steps: number
): readonly (VertebraLevel | undefined)[] {
  return levels.map(level => {
    const at = level === undefined ? -1 : USUAL_LEVELS.indexOf(level);
    return at < 0 ? undefined : USUAL_LEVELS[at + steps];
  });
}

/**
 * Places of bodies in the row from head to pelvis, from 0: where two are too far apart for neighbours, the places between
 * are counted too.
 */
export function countPlaces(bodies: readonly PlacedBody[]): readonly number[] {
  let place = 0;
  return bodies.map((body, n) => {
    if (n === 0) return place;
    const above = bodies[n - 1];
    const step = (1 + DISC_SHARE) * ((above.fit.height + body.fit.height) / 2);
    place += Math.max(1, Math.round(Math.hypot(...subtract(body.centroidLps, above.centroidLps)) / step));
    return place;
  });
}

/** A body as the prediction needs it. */
export interface PlacedBody {
  readonly centroidLps: Vec3;
  readonly fit: { readonly height: number; readonly lean: number };
}

/** Height of a disc against its body, without a second body to measure it. */
const DISC_SHARE = 0.22;
/** Bodies grow by this from one level to the next below. */
const GROWTH = 1.03;

/**
 * Centres of the next bodies above and below a run of neighbours, from head to pelvis: the last step is repeated with
 * half its turn; a single body is followed along its own axis.
 * @throws InputError 'no-vertebrae' for an empty list
 */
export function predictNext(bodies: readonly PlacedBody[]): { readonly above: Vec3; readonly below: Vec3 } {
  if (bodies.length === 0) throw new InputError('no-first-body');
  return { above: beyond(bodies[0], bodies[1], bodies[2], -1), below: beyond(...last(bodies), 1) };
}

function last(bodies: readonly PlacedBody[]): [PlacedBody, PlacedBody | undefined, PlacedBody | undefined] {
  const n = bodies.length;
  return [bodies[n - 1], bodies[n - 2], bodies[n - 3]];
}

function beyond(end: PlacedBody, next: PlacedBody | undefined, third: PlacedBody | undefined, down: 1 | -1): Vec3 {
  const growth = down > 0 ? GROWTH : 1 / GROWTH;
  if (!next) {
    const length = end.fit.height * (1 + DISC_SHARE) * growth;
    const [y, z] = [-Math.sin(end.fit.lean), Math.cos(end.fit.lean)];
    return [end.centroidLps[0], end.centroidLps[1] - down * length * y, end.centroidLps[2] - down * length * z];
  }
  const step = subtract(end.centroidLps, next.centroidLps);
  const turn = third ? subtract(step, subtract(next.centroidLps, third.centroidLps)) : [0, 0, 0];
  const bent = step.map((value, axis) => value + turn[axis] / 2);
  const scale = (growth * Math.hypot(...step)) / Math.hypot(...bent);
  return end.centroidLps.map((value, axis) => value + scale * bent[axis]) as unknown as Vec3;
}

function subtract(a: Vec3 | readonly number[], b: Vec3 | readonly number[]): number[] {
  return a.map((value, axis) => value - b[axis]);
}
