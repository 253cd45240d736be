/** One click: the body around it is segmented in the worker and added to those of the session. */
import {
  boxAround,
  checkPlausible,
  cropVolume,
  type FitHints,
  type IndexBox,
  InputError,
  noBodyHere,
  type SegmentedBody,
  shifted,
  type Vec3,
  type Volume,
} from '../../../core';
import type { CtSeries } from '../../../dicom';
import type { FindWork } from '../../../ui';
import { isCancelled, toProblem } from '../../problems';
import {
  addBody,
  alreadyThere,
  bodyAt,
  emptyBodies,
  givenBodies,
  levelsKnown,
  nextBodies,
  removeBodies,
} from '../../segmentation/sessionBodies';
import type { Context } from '../context';
import { readableCt } from '../ct/state';
import { openSessionVertebrae, patchFind, showBodies } from './sessionVertebrae';
import { type SessionVertebrae, usesSessionVertebrae, vertebraRowsOf } from './state';

/** What segmentBody looks at around a point, with room for its search. mm */
const HALF_MM: Vec3 = [52, 52, 48];

/**
 * Segments the body around a point, LPS mm. Everything that happens ends in the state.
 * @param expected what neighbours suggest, for a place that nobody clicked: the body may lie beside it
 */
export function clickBody(context: Context, lps: Vec3, expected?: FitHints): Promise<void> {
  return work(context, { kind: 'click', lps }, async cancel => {
    const there = bodyAt(sessionVertebrae(context).map, lps);
    if (there) throw alreadyThere(there.level);
    const body = await segmentAt(context, lps, expected, cancel);
    const own = sessionVertebrae(context);
    const index = own.lastIndex + 1;
    const map = addBody(own.map, body, 'click', index);
    const undo = [...own.undo, () => void showBodies(context, removeBodies(sessionVertebrae(context).map, [index]))];
    if (!levelsKnown(map)) patchFind(context, { asked: index });
    await showBodies(context, map, new Set([index]), { undo, lastIndex: index });
  });
}

/** Segments the body expected beyond an end of the row and shows the place. */
export async function acceptNext(context: Context, direction: 'above' | 'below'): Promise<void> {
  const { session: own, job } = context.session.state.vertebrae;
  const next = own && nextBodies(own.map)[direction];
  if (!next || job) return;
  context.ports.navigation.goTo(next.lps);
  await clickBody(context, next.lps, next.fit);
}

/** Runs one job of the segmentation worker, unless one runs already; its failure becomes the state's problem. */
export async function work(
  context: Context,
  first: FindWork,
  run: (cancel: AbortSignal) => Promise<void>
): Promise<void> {
  const { session } = context;
  if (!readableCt(session.state) || session.state.vertebrae.job || session.state.run.job) return;
  const job = new AbortController();
  session.patch('vertebrae', { job });
  patchFind(context, { work: first, problem: undefined });
  try {
    await run(job.signal);
  } catch (error) {
    if (!isCancelled(error) && !session.closed) patchFind(context, { problem: toProblem(error) });
  } finally {
    session.patch('vertebrae', { job: undefined });
    patchFind(context, { work: undefined });
  }
}

/** The bodies of the session; the first click begins them, with the masks of a chosen SEG where there is one. */
export function sessionVertebrae(context: Context): SessionVertebrae {
  const { session } = context;
  const { series } = session.state.ct;
  if (!series) throw new InputError('no-ct');
  const { session: own, bodies } = session.state.vertebrae;
  if (own) {
    openSessionVertebrae(context);
    return session.state.vertebrae.session ?? own;
  }
  const rows = vertebraRowsOf(session.state);
  const adopt = !usesSessionVertebrae(session.state) && rows.length > 0 ? bodies : undefined;
  const map = adopt ? givenBodies(adopt.labelmap, rows, adopt.extents) : emptyBodies(series);
  const lastIndex = Math.max(0, ...map.segments.map(({ index }) => index));
  const begun = { map, extents: adopt?.extents ?? new Map(), lastIndex, undo: [], rows: adopt ? rows : [] };
  session.patch('vertebrae', { session: begun });
  return begun;
}

async function segmentAt(
  { session, ports }: Context,
  lps: Vec3,
  expected: FitHints | undefined,
  cancel: AbortSignal
): Promise<SegmentedBody> {
  const ct = readableCt(session.state);
  const { volume } = session.state.ct;
  const box = ct && boxAround(ct.series, lps, HALF_MM);
  if (!ct || !box) throw new InputError('seed-outside', { at: lps });
  const crop = volume ? cropVolume(volume, box) : await readBox(ports, ct, box, cancel);
  const { dims, indexToLps } = crop;
  const body = await ports.bodies.segment(crop, lps, { hints: expected, cancel }).catch((error: unknown) => {
    throw error instanceof InputError && error.code === 'no-body-found' ? noBodyHere() : error;
  });
  // The voxels went to the worker; the grid is enough here.
  checkPlausible({ dims, indexToLps }, body, expected ? undefined : lps);
  const min = body.mask.min.map((value, axis) => value + box.min[axis]) as unknown as Vec3;
  return { ...body, mask: { ...body.mask, min } };
}

/** Reads the slices of the box alone: a first click need not wait for the whole CT. */
async function readBox(
  ports: Context['ports'],
  { displaySet, series }: NonNullable<ReturnType<typeof readableCt>>,
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
