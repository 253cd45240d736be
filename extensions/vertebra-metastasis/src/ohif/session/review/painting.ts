/** Brush and eraser on the lesions of the vertebra selected. */
import { type LesionName, levelOf } from '../../../core';
import type { PaintTool } from '../../../ui';
import { emptyMap, type PaintTarget, withSegmentFor } from '../../segmentation/lesionMap';
import type { Context } from '../context';
import type { SessionState } from '../store';
import { vertebraRowsOf } from '../vertebrae/state';
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
