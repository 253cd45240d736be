/** The lesion segmentation of a session: shown in the viewports, edited by hand. */
import { addStroke, advance, amend } from '../../../core';
import { toProblem } from '../../problems';
import { type LesionMap, withSegmentFor } from '../../segmentation/lesionMap';
import { strokeBetween } from '../../segmentation/reviewMap';
import type { Context } from '../context';
import { readableCt } from '../ct/state';
import { composeReview } from './compose';
import { resolver, restoreReview } from './restore';
import type { ReviewSlice } from './state';

/** The segmentation of the present state, in panel and viewports. */
export function showReview(context: Context, origin?: ReviewSlice['origin']): Promise<void> {
  const { state } = context.session;
  const { history, pending, lesions } = state.review;
  const nothing = history.present.findings.length === 0 && history.present.strokes.length === 0;
  if (!state.vertebrae.bodies || pending || (nothing && !lesions)) return Promise.resolve();
  const map = composeReview(state, history.present);
  return map ? showLesions(context, map, origin ?? state.review.origin) : Promise.resolve();
}

/** Makes this map the current one, in the panel and in the viewports. */
export async function showLesions(context: Context, map: LesionMap, origin: ReviewSlice['origin']): Promise<void> {
  const { session } = context;
  const target = session.state.review.painting?.target;
  const painted = target && withSegmentFor(map, target);
  const shown = painted?.map ?? map;
  session.patch('review', {
    ...{ lesions: map, origin, unnamed: [], problem: undefined },
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

/** Takes over what was changed with the viewer's own tools, if anything was. */
export function syncEditsFromViewer(context: Context): void {
  const { session, ports } = context;
  const { viewer, unnamed } = session.state.review;
  if (session.closed || !viewer || viewer.shown.segments.length === 0) return;
  // Reading takes long on a large CT. A segment whose name was not understood may have been renamed without another change.
  if (!ports.view.changed() && unnamed.length === 0) return;
  // The user removed the segmentation in the viewer: a step that erases all of it and can be undone.
  const labels = ports.view.read() ?? new Uint8Array(viewer.labels.length);
  const nameOf = (index: number) => ports.view.nameOf(index);
  const edit = strokeBetween(viewer.labels, labels, viewer.shown, nameOf, resolver(session.state));
  if (!edit) {
    if (unnamed.length > 0) session.patch('review', { unnamed: [] });
    return;
  }
  session.patch('review', { unnamed: edit.unnamed, viewer: { ...viewer, labels: edit.taken } });
  restoreReview(context);
  const press = ports.view.presses();
  session.patch('review', ({ history, stroke }) => {
    const next = addStroke(history.present, edit.stroke);
    // One press is one step, in however many parts the viewer tells of it.
    const goesOn = stroke?.press === press && stroke.state === history.present;
    return { history: (goesOn ? amend : advance)(history, next), stroke: { press, state: next } };
  });
  // The viewer has it already.
  const lesions = composeReview(session.state, session.state.review.history.present);
  if (lesions) session.patch('review', { lesions });
}
