/** The lesion segmentation that follows from the review: composed, made the current one, and shown in the viewports. */
import { findLesions, projectVertebra, type Projection, type ReviewState, type VertebraFindings } from '../../../core';
import { toProblem } from '../../problems';
import { type LesionMap, withSegmentFor } from '../../segmentation/lesionMap';
import { lesionMap } from '../../segmentation/reviewMap';
import type { Context } from '../context';
import { readableCt } from '../ct/state';
import type { SessionState } from '../store';
import type { ReviewSlice } from './state';

/** The segmentation of the present state, in panel and viewports. */
export function showReview(context: Context, origin?: ReviewSlice['origin']): Promise<void> {
  const { state } = context.session;
  const { history, pending, lesions } = state.review;
  const nothing = history.present.findings.length === 0 && history.present.strokes.length === 0;
  if (!state.vertebrae.bodies || pending || (nothing && !lesions)) return Promise.resolve();
  const map = composed(context);
  return map ? showLesions(context, map, origin ?? state.review.origin) : Promise.resolve();
}

/** The segmentation of the present state; one that cannot be made leaves the former and says why. */
export function composed({ session }: Context): LesionMap | undefined {
  try {
    return composeReview(session.state, session.state.review.history.present);
  } catch (error) {
    session.patch('review', { problem: toProblem(error) });
    return undefined;
  }
}

/** The segmentation that follows from a review; undefined without a CT. @throws InputError 'too-many-lesions' */
export function composeReview(session: SessionState, review: ReviewState): LesionMap | undefined {
  const { series, volume } = session.ct;
  const { bodies } = session.vertebrae;
  if (!series) return undefined;
  const { lesions: before } = session.review;
  const known = before && [...before.segments, ...(before.rejected ?? [])].flatMap(({ lesion }) => lesion ?? []);
  const found = findLesions({
    grid: series,
    state: review,
    projectionOf: one => projectionOf(session, one),
    volume,
    ...(bodies ? { bodies: bodies.labelmap, extents: bodies.extents } : {}),
    ...(known ? { before: { lesions: known } } : {}),
  });
  return lesionMap(found, session.review.identities, volume !== undefined);
}

export function projectionOf(
  { vertebrae: { bodies }, review: { projections } }: SessionState,
  findings: VertebraFindings
): Projection | undefined {
  const known = projections.get(findings);
  if (known || !bodies) return known;
  const extent = bodies.extents.get(findings.label);
  const projection = extent && projectVertebra(bodies.labelmap, extent, findings);
  if (projection) projections.set(findings, projection);
  return projection;
}

/** Makes this map the current one, in the panel and in the viewports. */
export async function showLesions(context: Context, map: LesionMap, origin: ReviewSlice['origin']): Promise<void> {
  const { session } = context;
  const target = session.state.review.painting?.target;
  const painted = target && withSegmentFor(map, target);
  const shown = painted?.map ?? map;
  session.patch('review', {
    lesions: map,
    origin,
    unnamed: [],
    problem: undefined,
    viewer: { shown, labels: map.labelmap.labels },
  });
  await handToViewer(context, shown, painted?.index);
}

/** @param active segment that the brush paints into */
export async function handToViewer({ session, ports }: Context, map: LesionMap, active?: number): Promise<void> {
  const ct = readableCt(session.state);
  if (!ct || session.closed) return;
  try {
    await ports.view.show(ct.displaySet, ct.series, map);
    if (active !== undefined) ports.view.activate(active);
  } catch (error) {
    session.patch('review', { problem: toProblem(error) });
  }
}
