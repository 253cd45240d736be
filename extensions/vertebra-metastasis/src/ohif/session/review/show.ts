/** The lesion segmentation in panel and viewports. */
import { toProblem } from '../../problems';
import { type LesionMap, withSegmentFor } from '../../segmentation/lesionMap';
import type { Context } from '../context';
import { readableCt } from '../ct/state';
import type { ReviewSlice } from './state';

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
