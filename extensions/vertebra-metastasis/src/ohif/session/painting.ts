/** Brush and eraser on the lesions of the vertebra looked at. */
import { type LesionName, levelOf } from '../../core';
import type { PaintTool } from '../../ui';
import { emptyMap, withSegmentFor } from '../segmentation/lesionMap';
import { toProblem } from '../problems';
import type { Context } from './context';
import { entries } from './entries';
import { takeEdits } from './lesions';
import { present } from './review';
import { establish } from './storedReview';

/** Starts to paint, or stops with the tool that is on already. */
export async function paint(context: Context, tool: PaintTool): Promise<void> {
  const { session, store, ports } = context;
  if (store.get().painting === tool) return stopPainting(context);
  const target = tool === 'erase' ? undefined : targetOf(context, tool);
  if (!session.ct || (tool !== 'erase' && !target) || (tool === 'erase' && !session.lesions)) return;
  establish(context);
  takeEdits(context);
  session.paintTarget = target;
  store.update(state => ({ ...state, painting: tool }));
  await showTarget(context);
  ports.paint.start(tool === 'erase' ? 'eraser' : 'brush', () => leave(context));
}

export function stopPainting(context: Context): void {
  if (!context.store.get().painting) return;
  context.ports.paint.stop();
  leave(context);
}

/** Another tool was chosen in the viewer, or ours was switched off. */
function leave(context: Context): void {
  const { session, store, ports } = context;
  session.paintTarget = undefined;
  if (session.disposed) return;
  store.update(state => ({ ...state, painting: undefined }));
  takeEdits(context);
  // A segment that nothing was painted into goes again.
  const { lesions, shownLesions, ct } = session;
  if (!ct || !shownLesions || shownLesions.segments.every(({ voxels }) => voxels > 0)) return;
  session.shownLesions = lesions;
  session.takenLabels = lesions?.labelmap.labels;
  if (lesions) void ports.view.show(ct.displaySet, ct.series, lesions);
  else ports.view.clear();
}

/** The lesion that the brush paints: the chosen kind in the vertebra looked at. */
function targetOf(context: Context, kind: LesionName['kind']): LesionName | undefined {
  const { label } = context.store.get().focus;
  const entry = entries(context).find(one => one.label === label);
  if (!entry) return undefined;
  return { vertebraLabel: entry.label, level: levelOf(present(context), entry.label, entry.level), kind };
}

/** Hands the viewer the segment to paint into. */
async function showTarget({ session, store, ports }: Context): Promise<void> {
  const { ct, paintTarget } = session;
  if (!ct) return;
  const current = session.lesions ?? emptyMap(ct.series);
  if (!paintTarget) return void ports.view.activate(current.segments[0]?.index ?? 1);
  const { map, index } = withSegmentFor(current, paintTarget);
  session.shownLesions = map;
  session.takenLabels ??= map.labelmap.labels;
  try {
    if (map !== session.lesions) await ports.view.show(ct.displaySet, ct.series, map);
    ports.view.activate(index);
  } catch (error) {
    store.update(state => ({ ...state, lesionsProblem: toProblem(error) }));
  }
}
