/** Edits by hand, as the viewer tells of them, become strokes of the review. */
import { addStroke, advance, amend } from '../../../core';
import { withinBrush } from '../../segmentation/brushLimits';
import { withSegmentFor } from '../../segmentation/lesionMap';
import { strokeBetween } from '../../segmentation/reviewMap';
import type { Context } from '../context';
import { resolver, restoreReview } from './restore';
import { composed, handToViewer, showLesions } from './show';

/** Takes over what was changed with the viewer's own tools, if anything was. */
export function syncEditsFromViewer(context: Context): void {
  const { session, ports } = context;
  const { viewer, unnamed } = session.state.review;
  if (session.closed || !viewer || viewer.shown.segments.length === 0) return;
  // Reading takes long on a large CT. A segment whose name was not understood may have been renamed without another change.
  if (!ports.view.changed() && unnamed.length === 0) return;
  // The user removed the segmentation in the viewer: a step that erases all of it and can be undone.
  const read = ports.view.read();
  const drawn = read ?? new Uint8Array(viewer.labels.length);
  // Other brushes of the viewer paint what they paint.
  const target = read && session.state.review.painting?.target;
  const bodies = session.state.vertebrae.bodies?.labelmap.labels;
  const { labels, refused } = target
    ? withinBrush(viewer.labels, drawn, target, viewer.shown, bodies)
    : { labels: drawn, refused: 0 };
  const nameOf = (index: number) => ports.view.nameOf(index);
  const edit = strokeBetween(viewer.labels, labels, viewer.shown, nameOf, resolver(session.state));
  if (!edit) {
    if (unnamed.length > 0) session.patch('review', { unnamed: [] });
    if (refused > 0)
      void handToViewer(
        context,
        { ...viewer.shown, labelmap: { ...viewer.shown.labelmap, labels } },
        target && withSegmentFor(viewer.shown, target).index
      );
    return;
  }
  restoreReview(context);
  session.patch('review', { unnamed: edit.unnamed, viewer: { ...viewer, labels: edit.taken } });
  const press = ports.view.presses();
  session.patch('review', ({ history, stroke }) => {
    const next = addStroke(history.present, edit.stroke);
    // One press is one step, in however many parts the viewer tells of it.
    const goesOn = stroke?.press === press && stroke.state === history.present;
    return { history: (goesOn ? amend : advance)(history, next), stroke: { press, state: next } };
  });
  const lesions = composed(context);
  if (!lesions) return;
  session.patch('review', { lesions });
  // A stroke may begin a lesion, join two or cut one in two: the viewer then has other numbers than the lesions.
  const same =
    refused === 0 &&
    lesions.segments.length === viewer.shown.segments.length &&
    sameLabels(lesions.labelmap.labels, edit.taken);
  if (same) session.patch('review', { viewer: { shown: lesions, labels: edit.taken } });
  else if (edit.unnamed.length === 0 && read) void showLesions(context, lesions, session.state.review.origin);
}

function sameLabels(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
