/** Brush and eraser on the lesions of the vertebra selected. */
import { addStroke, InputError, type LesionName, levelOf, voxelsBetween } from '../../../core';
import type { PaintTool } from '../../../ui';
import { emptyMap, type PaintTarget, withSegmentFor } from '../../segmentation/lesionMap';
import { toProblem } from '../../problems';
import type { Context } from '../context';
import type { SessionState } from '../store';
import { vertebraRowsOf } from '../vertebrae/state';
import { commit } from './commit';
import { handToViewer } from './show';
import { restoreReview } from './restore';

/** Starts to paint, or stops with the tool that is on already. */
export async function paint(context: Context, tool: PaintTool): Promise<void> {
  const { session, ports } = context;
  const { review } = session.state;
  if (review.painting?.tool === tool) return stopPainting(context);
  const target = tool === 'erase' ? undefined : targetOf(session.state, tool);
  if (tool === 'erase' ? !review.lesions : !target) return;
  restoreReview(context);
  session.patch('review', { painting: { tool, target } });
  await showTarget(context, target);
  if (session.closed) return;
  ports.paint.start(tool === 'erase' ? 'eraser' : 'brush', () => leave(context));
}

export function stopPainting(context: Context): void {
  if (!context.session.state.review.painting) return;
  context.ports.paint.stop();
  leave(context);
}

/** Another tool was chosen in the viewer, or ours was switched off. */
function leave(context: Context): void {
  const { session, ports } = context;
  if (session.closed) return;
  session.patch('review', { painting: undefined });
  context.commitPending();
  // A segment that nothing was painted into goes again.
  const { lesions, viewer } = session.state.review;
  if (!viewer || viewer.shown.segments.every(({ voxels }) => voxels > 0)) return;
  session.patch('review', { viewer: lesions && { shown: lesions, labels: lesions.labelmap.labels } });
  if (lesions) void handToViewer(context, lesions);
  else ports.view.clear();
}

/** The lesion that the brush paints: the chosen kind in the vertebra selected, the lesion in focus where it is of that kind. */
function targetOf(session: SessionState, kind: LesionName['kind']): PaintTarget | undefined {
  const row = vertebraRowsOf(session).find(one => one.label === session.focus.label);
  if (!row || !session.ct.series) return undefined;
  const { focus, review } = session;
  const chosen = review.lesions?.segments.find(({ lesion }) => lesion !== undefined && lesion.id === focus.lesion);
  const name = { vertebraLabel: row.label, level: levelOf(review.history.present, row.label, row.level), kind };
  return chosen ? { ...name, trackingUid: chosen.trackingUid } : name;
}

/** Hands the viewer the segment to paint into. */
async function showTarget(context: Context, target: PaintTarget | undefined): Promise<void> {
  const { session, ports } = context;
  const { series } = session.state.ct;
  const { lesions, viewer } = session.state.review;
  if (!series) return;
  const current = lesions ?? emptyMap(series);
  if (!target) return void ports.view.activate(current.segments[0]?.index ?? 1);
  const { map, index } = withSegmentFor(current, target);
  session.patch('review', { viewer: { shown: map, labels: viewer?.labels ?? map.labelmap.labels } });
  if (map === lesions) ports.view.activate(index);
  else await handToViewer(context, map, index);
}

/**
 * Fills the slices between those in which a lesion was drawn: inside its body, and never over another lesion. One step. Strokes apart
 * are lesions of their own until then, so all drawn ones of the kind in that vertebra count, with the one in focus.
 */
export function fillBetween(context: Context): void {
  const { session } = context;
  const { review, focus, ct, vertebrae } = session.state;
  const segments = review.lesions?.segments ?? [];
  const chosen = segments.find(({ lesion }) => lesion !== undefined && lesion.id === focus.lesion);
  const name = review.painting?.target ?? chosen;
  const parts = segments.filter(
    one =>
      one.vertebraLabel === name?.vertebraLabel &&
      one.kind === name?.kind &&
      one.level === name.level &&
      (one === chosen || one.lesion?.slices.length === 0)
  );
  const labels = review.lesions?.labelmap.labels;
  const bodies = vertebrae.bodies?.labelmap.labels;
  const added =
    name && labels && ct.series
      ? voxelsBetween(
          parts.flatMap(({ lesion }) => lesion?.offsets ?? []),
          ct.series,
          at => labels[at] === 0 && (!bodies || name.vertebraLabel === undefined || bodies[at] === name.vertebraLabel)
        )
      : [];
  if (!name || added.length === 0) {
    session.patch('review', { problem: toProblem(new InputError('nothing-between')) });
    return;
  }
  const { vertebraLabel, level, kind } = name;
  const lesions = [{ vertebraLabel, level, kind }];
  const offsets = Uint32Array.from(added);
  commit(context, present =>
    addStroke(present, { offsets, values: new Uint8Array(added.length).fill(1), lesions, touched: lesions })
  );
}
