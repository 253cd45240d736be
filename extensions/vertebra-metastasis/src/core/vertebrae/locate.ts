/** Finds the vertebral bodies of a CT without a click: column, bodies along it, the chain they make, their masks. */
import { applyAffine, invert, type Vec3 } from '../geometry';
import { CancelledError, type CancelSignal, InputError, type Volume } from '../types';
import { type LevelAnchor, proposeLevel } from './anchor';
import { predictNext } from './counting';
import { bestChain, type FittedBody } from './chain';
import { spinalColumn } from './fit/column';
import type { FitHints } from './fit/fitBody';
import { bodyAxes, radiusAlong } from './fit/shape';
import { sphere } from './fit/sphere';
import { PLAUSIBLE_MILLILITRES } from './plausible';
import { distanceOf, missing, respace, tooFar } from './respace';
import type { BodyNetwork } from './net/network';
import { bodiesAlong, type LocateStage, type Step } from './search';
import { segmentBody, type SegmentedBody, type SegmentOptions } from './segment';
import { separated } from './separate';

/** A body with a larger share of its surface outside the CT is cut. */
const MOST_OUTSIDE = 0.08;
const CLEARLY_CUT = 0.25;
const LEAST_CONFIDENCE = 0.25;
/** The network outlines S1 and hip bones too; their edges agree less (see net/segmentOutline.ts). */
const LEAST_EDGES = 0.17;
/** Beyond the ends of the chain nothing but the fit itself speaks for a body. */
const EXTENSION_CONFIDENCE = 0.35;
const MOST_MORE = 20;
const SAME_PLACE_MM = 8;
/** Logarithm of the ratio to the neighbours' height from which on a height is odd: 14 %. */
const ODD_HEIGHT = 0.13;
const ABOUT_AS_WELL = 0.08;

export interface LocateProgress {
  readonly stage: LocateStage;
  readonly done: number;
  readonly planned: number;
}

export interface LocateOptions {
  /** Outlines the bodies that are found; without it the CT's edges alone are followed. */
  readonly network?: BodyNetwork;
  /** Awaited, so that a worker can return to its message queue (and hear of a cancellation) between steps. */
  readonly onProgress?: (progress: LocateProgress) => void | Promise<void>;
  readonly cancel?: CancelSignal;
}

export interface LocatedVertebrae {
  /** From head to pelvis; no voxel belongs to two of them. */
  readonly bodies: readonly SegmentedBody[];
  /** The level that ribs suggest for one of the bodies; for a person to confirm. */
  readonly anchor?: LevelAnchor;
  /** Places along the spine that were examined and excluded, with the code of the reason. */
  readonly leftOut: readonly {
    readonly centreLps: Vec3;
    readonly code: 'cut-by-border' | 'doubtful' | 'odd-volume' | 'gap';
  }[];
}

/**
 * @throws InputError 'no-spine' when no vertebral body is found; CancelledError
 */
export async function locateVertebrae(volume: Volume, options: LocateOptions = {}): Promise<LocatedVertebrae> {
  const step = async (stage: LocateProgress['stage'], done: number, planned: number) => {
    await options.onProgress?.({ stage, done, planned });
    if (options.cancel?.aborted) throw new CancelledError('The search for vertebrae was cancelled.');
  };
  await step('column', 0, 1);
  const column = spinalColumn(volume);
  await step('column', 1, 1);
  const found = await bodiesAlong(volume, column, step, options.network);
  const chain = bestChain(found);
  if (chain.length === 0) {
    throw new InputError('no-spine');
  }
  return masksOf(chain, step, {
    volume,
    byEdges: !options.network,
    tryAt: (at, hints) => tryBody(volume, at, { ...hints, network: options.network }),
  });
}

/** Segments at a place; undefined where the image shows no body. */
async function tryBody(volume: Volume, at: Vec3, options: SegmentOptions): Promise<SegmentedBody | undefined> {
  try {
    return await segmentBody(volume, at, options);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

interface Search {
  readonly volume: Volume;
  /** Fits depend on the height that is expected; the network's outlines do not. */
  readonly byEdges: boolean;
  readonly tryAt: (at: Vec3, hints: FitHints) => Promise<SegmentedBody | undefined>;
}

type LeftOut = LocatedVertebrae['leftOut'][number];

async function masksOf(chain: readonly FittedBody[], step: Step, search: Search): Promise<LocatedVertebrae> {
  const { volume, tryAt } = search;
  const bodies: SegmentedBody[] = [];
  const leftOut: LeftOut[] = [];
  const keep = (body: SegmentedBody | undefined, place: Vec3, at: number): boolean => {
    const code = body ? doubt(volume, body, [bodies[at - 1], bodies[at]]) : 'doubtful';
    if (code) leftOut.push({ centreLps: body?.centroidLps ?? place, code });
    else bodies.splice(at, 0, body!);
    return code === undefined;
  };
  for (let n = 0; n < chain.length; n++) {
    await step('masks', n, chain.length);
    const { fit } = chain[n];
    const centreLps: Vec3 = [fit.x, fit.y, fit.z];
    if (outsideShare(volume, chain[n]) > CLEARLY_CUT) leftOut.push({ centreLps, code: 'cut-by-border' });
    else keep(await consistent(search, chain, n), centreLps, bodies.length);
  }
  if (bodies.length === 0) throw new InputError('no-spine');
  for (let n = 0; n + 1 < bodies.length; n++) {
    const between = missing(bodies[n], bodies[n + 1]);
    for (const { at, hints } of between) {
      await step('masks', chain.length, chain.length + 1);
      if (keep(await tryAt(at, hints), at, n + 1)) n++;
    }
  }
  await respace(bodies, async (at, hints, neighbours) => {
    await step('masks', chain.length, chain.length + 1);
    const body = await tryAt(at, hints);
    return body && !doubt(volume, body, neighbours) ? body : undefined;
  });
  for (const direction of ['above', 'below'] as const) await extend(search, bodies, direction, keep, step);
  await step('masks', 1, 1);
  const apart = separated(volume, bodies);
  return { bodies: apart, anchor: proposeLevel(volume, apart), leftOut: [...once(leftOut, apart), ...gaps(apart)] };
}

/** The body at a place of the chain; of two possible heights the one its neighbours suggest, if the image agrees about as well. */
async function consistent(
  { byEdges, tryAt }: Search,
  chain: readonly FittedBody[],
  n: number
): Promise<SegmentedBody | undefined> {
  const { fit } = chain[n];
  const seed: Vec3 = [fit.x, fit.y, fit.z];
  const body = await tryAt(seed, { lean: fit.lean });
  const heights = chain.slice(Math.max(0, n - 2), n + 3).map(near => near.fit.height);
  const usual = heights.sort((a, b) => a - b)[heights.length >> 1];
  if (!body || !byEdges || Math.abs(Math.log(body.fit.height / usual)) < ODD_HEIGHT) return body;
  const other = await tryAt(seed, { lean: fit.lean, height: usual });
  return other && other.confidence > body.confidence - ABOUT_AS_WELL ? other : body;
}

/** Places that were tried twice are listed once, those where a later try found a body not at all. */
function once(leftOut: readonly LeftOut[], bodies: readonly SegmentedBody[]): LeftOut[] {
  const near = (a: Vec3, b: Vec3) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) < SAME_PLACE_MM;
  return leftOut.filter(
    ({ centreLps }, n) =>
      leftOut.findIndex(other => near(other.centreLps, centreLps)) === n &&
      !bodies.some(body => near(body.centroidLps, centreLps))
  );
}

/** Follows the spine beyond the last body found for as long as the image shows another. */
async function extend(
  { volume, tryAt }: Search,
  bodies: SegmentedBody[],
  direction: 'above' | 'below',
  keep: (body: SegmentedBody, place: Vec3, at: number) => boolean,
  step: Step
): Promise<void> {
  for (let count = 0; count < MOST_MORE; count++) {
    await step('masks', bodies.length, bodies.length + 1);
    const at = predictNext(bodies)[direction];
    if (!insideVolume(volume, at)) return;
    const order = direction === 'above' ? bodies : [...bodies].reverse();
    const [end, next] = [order[0].fit, order[1]?.fit ?? order[0].fit];
    const height = end.height * (direction === 'below' ? 1.03 : 0.97);
    const body = await tryAt(at, { lean: end.lean + (end.lean - next.lean) / 2, height });
    if (!body) return;
    const share = distanceOf(body, order[0]) / ((body.fit.height + end.height) / 2);
    if (body.confidence < EXTENSION_CONFIDENCE || share < 1 || share > 1.6) return;
    if (!keep(body, at, direction === 'above' ? 0 : bodies.length)) return;
  }
}

function doubt(
  volume: Volume,
  body: SegmentedBody,
  neighbours: readonly (SegmentedBody | undefined)[]
): LeftOut['code'] | undefined {
  if (outsideShare(volume, body) > MOST_OUTSIDE) return 'cut-by-border';
  if (body.confidence < LEAST_CONFIDENCE || (body.edges ?? 1) < LEAST_EDGES) return 'doubtful';
  if (body.millilitres < PLAUSIBLE_MILLILITRES[0] || body.millilitres > PLAUSIBLE_MILLILITRES[1]) return 'odd-volume';
  // Two fits that slid onto the same body.
  const twice = neighbours.some(
    other => other && distanceOf(body, other) < 0.8 * Math.min(other.fit.height, body.fit.height)
  );
  return twice ? 'doubtful' : undefined;
}

function insideVolume({ dims, indexToLps }: Volume, point: Vec3): boolean {
  return applyAffine(invert(indexToLps), point).every((value, axis) => value >= 0 && value <= dims[axis] - 1);
}

const PROBES = sphere(1);

/** Share of a fit's surface that lies beyond the CT. */
function outsideShare({ dims, indexToLps }: Volume, { fit }: Pick<FittedBody, 'fit'>): number {
  const axes = bodyAxes(fit);
  const toIndex = invert(indexToLps);
  let outside = 0;
  for (let n = 0; n < PROBES.count; n++) {
    const d = [0, 1, 2].map(axis => PROBES.directions[3 * n + axis]);
    const radius = radiusAlong(d[0], d[1], d[2], fit);
    const at = [fit.x, fit.y, fit.z].map(
      (value, row) => value + radius * (axes[3 * row] * d[0] + axes[3 * row + 1] * d[1] + axes[3 * row + 2] * d[2])
    );
    const index = applyAffine(toIndex, [at[0], at[1], at[2]]);
    if (index.some((value, axis) => value < -0.5 || value > dims[axis] - 0.5)) outside++;
  }
  return outside / PROBES.count;
}

/** Places between neighbours where a body was expected but not found. */
function gaps(bodies: readonly SegmentedBody[]): LocatedVertebrae['leftOut'] {
  return bodies.slice(1).flatMap((lower, n) => {
    const upper = bodies[n];
    if (!tooFar(upper, lower)) return [];
    const centreLps = upper.centroidLps.map((value, axis) => (value + lower.centroidLps[axis]) / 2) as unknown as Vec3;
    return [{ centreLps, code: 'gap' as const }];
  });
}
