/** From the review to what panel and viewports show. */
import { composeLesions, labelExtents, projectVertebra, type VertebraFindings } from '../../core';
import type { Saving } from '../../ui';
import { lesionEntry } from '../segmentation/reviewMap';
import type { Context } from './context';
import { showLesions } from './lesions';

/** The segmentation of the present state, in panel and viewports. */
export function render(context: Context, origin = context.store.get().lesions?.origin ?? 'analysis'): Promise<void> {
  const { session } = context;
  const { ct, bodies } = session;
  const state = session.review.present;
  const nothing = state.findings.length === 0 && state.strokes.length === 0;
  if (!ct || !bodies || session.storedReview || (nothing && !session.lesions)) return Promise.resolve();
  const { labelmap, segments } = composeLesions(ct.series, state, one => projectionOf(context, one));
  const map = { labelmap, segments: segments.map(segment => lesionEntry(segment, session.identities)) };
  const unsaved: Saving = { status: 'unsaved' };
  return showLesions(context, map, origin, unsaved);
}

/** The map after a stroke; the viewer has it already. */
export function composedMap({ session }: Context) {
  const { ct, review, identities } = session;
  if (!ct) return undefined;
  const context = { session } as Context;
  const { labelmap, segments } = composeLesions(ct.series, review.present, one => projectionOf(context, one));
  return { labelmap, segments: segments.map(segment => lesionEntry(segment, identities)) };
}

export function projectionOf({ session }: Pick<Context, 'session'>, findings: VertebraFindings) {
  const { bodies, projections } = session;
  if (!bodies) return undefined;
  let projection = projections.get(findings);
  if (!projection) {
    const extent = (session.extents ??= labelExtents(bodies)).get(findings.label);
    projection = extent && projectVertebra(bodies, extent, findings);
    if (projection) projections.set(findings, projection);
  }
  return projection;
}

/** Tells the panel. */
export function publish({ session, store }: Context): void {
  const { past, present: now, future } = session.review;
  store.update(state => ({
    ...state,
    settings: { ...state.settings, ...now.rules },
    review: { present: now, canUndo: past.length > 0, canRedo: future.length > 0 },
  }));
}
