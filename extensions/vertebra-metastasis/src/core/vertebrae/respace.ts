/** Gaps in a row of bodies: filled, or closed by spacing the bodies beside them anew. */
import type { Vec3 } from '../geometry';
import type { FitHints } from './fit/fitBody';
import type { SegmentedBody } from './segment';

/** Distance of neighbouring centres in units of their mean height: usual, and from where on one is missing. */
const USUAL_DISTANCE = 1.2;
const MOST_DISTANCE = 1.7;
const MOST_MISSING = 3;

export interface Expected {
  readonly at: Vec3;
  readonly hints: FitHints;
}

/** Segments a body where one is expected; undefined when the image does not bear it out beside these neighbours. */
export type TryBody = (
  at: Vec3,
  hints: FitHints,
  neighbours: readonly SegmentedBody[]
) => Promise<SegmentedBody | undefined>;

export function distanceOf(a: SegmentedBody, b: SegmentedBody): number {
  return Math.hypot(...a.centroidLps.map((value, axis) => value - b.centroidLps[axis]));
}

export function tooFar(a: SegmentedBody, b: SegmentedBody): boolean {
  return distanceOf(a, b) >= (MOST_DISTANCE * (a.fit.height + b.fit.height)) / 2;
}

/** Where bodies are missing between two that were found too far apart, with what their neighbours suggest. */
export function missing(upper: SegmentedBody, lower: SegmentedBody): Expected[] {
  const height = (upper.fit.height + lower.fit.height) / 2;
  const count = Math.min(MOST_MISSING, Math.round(distanceOf(upper, lower) / (USUAL_DISTANCE * height)) - 1);
  return Array.from({ length: Math.max(0, count) }, (_, n) => {
    const share = (n + 1) / (count + 1);
    const between = (a: number, b: number) => a + share * (b - a);
    const at = upper.centroidLps.map((value, axis) => between(value, lower.centroidLps[axis])) as unknown as Vec3;
    return {
      at,
      hints: { lean: between(upper.fit.lean, lower.fit.lean), height: between(upper.fit.height, lower.fit.height) },
    };
  });
}

/**
 * A fit that lies across a disc leaves too much room on one of its sides and too little for one more body. Where a gap is
 * left, the bodies beside it are given up for a try and their room is shared out evenly; kept is what gives more bodies.
 */
export async function respace(bodies: SegmentedBody[], tryBody: TryBody): Promise<void> {
  for (let n = 0; n + 1 < bodies.length; n++) {
    if (!tooFar(bodies[n], bodies[n + 1])) continue;
    for (const [first, last] of [
      [n, n + 2],
      [n - 1, n + 1],
      [n - 1, n + 2],
    ]) {
      if (first < 0 || last >= bodies.length) continue;
      const placed = await place(bodies[first], bodies[last], last - first, tryBody);
      if (!placed) continue;
      bodies.splice(first + 1, last - first - 1, ...placed);
      break;
    }
  }
}

/** Bodies between two others, when at least this many fit in without a gap. */
async function place(
  upper: SegmentedBody,
  lower: SegmentedBody,
  least: number,
  tryBody: TryBody
): Promise<SegmentedBody[] | undefined> {
  const expected = missing(upper, lower);
  if (expected.length < least) return undefined;
  const placed: SegmentedBody[] = [];
  for (const { at, hints } of expected) {
    const body = await tryBody(at, hints, [placed.at(-1) ?? upper, lower]);
    if (!body || tooFar(placed.at(-1) ?? upper, body)) return undefined;
    placed.push(body);
  }
  return tooFar(placed[placed.length - 1], lower) ? undefined : placed;
}
