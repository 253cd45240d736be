/** One click: the body around it is segmented in the worker and added to those of the session. */
import {
  boxAround,
  checkPlausible,
  cropVolume,
  type FitHints,
  type IndexBox,
  InputError,
  labelExtents,
  noBodyHere,
  type SegmentedBody,
  shifted,
  type Vec3,
  type Volume,
} from '../../core';
import type { CtSeries } from '../../dicom';
import { FOUND_ID } from '../../ui';
import {
  addBody,
  alreadyThere,
  bodyAt,
  emptyBodies,
  givenBodies,
  levelsKnown,
  nextBodies,
  removeBodies,
} from '../segmentation/sessionBodies';
import { isCancelled, toProblem } from '../problems';
import { type Context, type FoundSession, patch } from './context';
import { entries } from './entries';
import { openFound, showFound } from './found';

/** What segmentBody looks at around a point, with room for its search. mm */
const HALF_MM: Vec3 = [52, 52, 48];

/**
 * Segments the body around a point, LPS mm. Everything that happens ends in the state.
 * @param expected what neighbours suggest, for a place that nobody clicked: the body may lie beside it
 */
export function clickBody(context: Context, lps: Vec3, expected?: FitHints): Promise<void> {
  return work(context, { kind: 'click', lps }, async cancel => {
    const found = foundSession(context);
    const there = bodyAt(found.map, lps);
    if (there) throw alreadyThere(there.level);
    const { body, index } = await segmentAt(context, found, lps, expected, cancel);
    const map = addBody(found.map, body, 'click', index);
    found.lastIndex = index;
    found.undo.push(() => void showFound(context, removeBodies(found.map, [index])));
    if (!levelsKnown(map)) patch(context, 'find', { asked: index });
    await showFound(context, map, new Set([index]));
  });
}

/** Segments the body expected beyond an end of the row and shows the place. */
export async function acceptNext(context: Context, direction: 'above' | 'below'): Promise<void> {
  const { session, ports } = context;
  const next = session.found && nextBodies(session.found.map)[direction];
  if (!next || session.foundJob) return;
  ports.goTo(next.lps);
  await clickBody(context, next.lps, next.fit);
}

/** Runs one job of the segmentation worker, unless one runs already; its failure becomes the state's problem. */
export async function work(
  context: Context,
  first: NonNullable<ReturnType<Context['store']['get']>['find']['work']>,
  job: (cancel: AbortSignal) => Promise<void>
): Promise<void> {
  const { session } = context;
  const { ct } = session;
  if (!ct || session.foundJob || session.run) return;
  const running = new AbortController();
  session.foundJob = running;
  patch(context, 'find', { work: first, problem: undefined });
  try {
    await job(running.signal);
  } catch (error) {
    if (!isCancelled(error) && session.ct === ct && !session.disposed)
      patch(context, 'find', { problem: toProblem(error) });
  } finally {
    session.foundJob = undefined;
    if (!session.disposed) patch(context, 'find', { work: undefined });
  }
}

/** The bodies of the session; the first click begins them, with the masks of a chosen SEG where there is one. */
export function foundSession(context: Context): FoundSession {
  const { session, store } = context;
  const { ct } = session;
  if (!ct) throw new InputError('no-ct', 'There is no CT to look at.');
  if (session.found) {
    openFound(context);
    return session.found;
  }
  const rows = entries(context);
  const adopt =
    session.bodies && store.get().vertebrae.selected !== FOUND_ID && rows.length > 0 ? session.bodies : undefined;
  const extents = adopt ? labelExtents(adopt) : new Map();
  const map = adopt ? givenBodies(adopt, rows, extents) : emptyBodies(ct.series);
  const lastIndex = Math.max(0, ...map.segments.map(({ index }) => index));
  session.found = { map, extents, lastIndex, undo: [], entries: adopt ? rows : [] };
  return session.found;
}

async function segmentAt(
  { session, ports }: Context,
  { lastIndex }: FoundSession,
  lps: Vec3,
  expected: FitHints | undefined,
  cancel: AbortSignal
): Promise<{ body: SegmentedBody; index: number }> {
  const { ct } = session;
  const box = ct && boxAround(ct.series, lps, HALF_MM);
  if (!ct || !box) throw new InputError('seed-outside', 'This place lies outside the CT; click into a vertebral body.');
  const crop = ct.volume ? cropVolume(ct.volume, box) : await readBox(ports, ct, box, cancel);
  const { dims, indexToLps } = crop;
  const body = await ports.bodies.segment(crop, lps, { hints: expected, cancel }).catch((error: unknown) => {
    throw error instanceof InputError && error.code === 'no-body-found' ? noBodyHere() : error;
  });
  // The voxels went to the worker; the grid is enough here.
  checkPlausible({ dims, indexToLps }, body, expected ? undefined : lps);
  const min = body.mask.min.map((value, axis) => value + box.min[axis]) as unknown as Vec3;
  return { body: { ...body, mask: { ...body.mask, min } }, index: lastIndex + 1 };
}

/** Reads the slices of the box alone: a first click need not wait for the whole CT. */
async function readBox(
  ports: Context['ports'],
  { displaySet, series }: NonNullable<Context['session']['ct']>,
  { min, max }: IndexBox,
  cancel: AbortSignal
): Promise<Volume> {
  const slab = await ports.study.readCt(displaySet, slabOf(series, min[2], max[2]), {
    cancel,
    onProgress: () => undefined,
  });
  return cropVolume(slab, { min: [min[0], min[1], 0], max: [max[0], max[1], max[2] - min[2]] });
}

function slabOf(series: CtSeries, first: number, last: number): CtSeries {
  return {
    ...series,
    instances: series.instances.slice(first, last + 1),
    positions: series.positions.slice(first, last + 1),
    slicePositionsMm: series.slicePositionsMm.slice(first, last + 1),
    dims: [series.dims[0], series.dims[1], last - first + 1],
    indexToLps: shifted(series.indexToLps, [0, 0, first]),
  };
}
