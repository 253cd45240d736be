/** The map of the spine: made once for the bodies, and drawn on the CT as soon as the viewer has all of it. */
import { straightenedSpine, stripImage, stripLesions } from '../../../core';
import type { SpineOverview } from '../../../ui';
import type { App, Context } from '../context';
import { readableCt } from '../ct/state';
import type { SessionState } from '../store';
import { vertebraRowsOf } from '../vertebrae/state';
import { watch } from '../watch';
import type { OverviewSlice } from './state';

/** Keeps it in step with the masks. @returns a function that stops */
export function watchOverview(app: App): () => void {
  return watch(
    app,
    ({ session: { ct, vertebrae } }) => [ct.series, vertebrae.bodies, vertebrae.reading.status],
    (context, stillWanted) => void make(context, stillWanted)
  );
}

async function make({ session, ports }: Context, stillWanted: () => boolean): Promise<void> {
  const { state } = session;
  const ct = readableCt(state);
  const { bodies } = state.vertebrae;
  const known = vertebraRowsOf(state).flatMap(({ label }) => bodies?.extents.get(label) ?? []);
  const frame = ct && straightenedSpine(known);
  if (!frame) {
    if (state.overview.frame) session.patch('overview', { frame: undefined, grey: undefined });
    return;
  }
  session.patch('overview', { frame, grey: undefined });
  const { volume } = state.ct;
  const huAt = volume ? (at: number) => volume.hu[at] : await ports.images.hounsfield(ct.displaySet, ct.series);
  if (huAt && stillWanted()) session.patch('overview', { grey: stripImage(frame, ct.series, huAt) });
}

/** With the lesions as they would be saved now. */
export function overviewView(
  { frame, grey }: OverviewSlice,
  lesions: SessionState['review']['lesions']
): SpineOverview | undefined {
  if (!frame) return undefined;
  const { rows, columns, pixelMm, bodies } = frame;
  const marks = lesions && stripLesions(frame, lesions.segments, lesions.labelmap);
  return { rows, columns, pixelMm, bodies, grey, marks };
}
