/** A stored result on its way into the review, and lesions whose masks are gone. */
import {
  composeLesions,
  drawnLesions,
  emptyReview,
  type LesionName,
  type ReviewState,
  startHistory,
  type VertebraFindings,
  withLabels,
} from '../../core';
import { remember, residualStroke } from '../segmentation/reviewMap';
import type { Context } from './context';
import { provenanceInForce } from './inForce';
import { entries } from './entries';
import { projectionOf, publish } from './reviewView';

/**
 * Other masks are chosen: the lesions stay as voxels, decisions and candidates belonged to the former masks. A stored review to which
 * nothing was done yet looks for its vertebrae among the new masks: series arrive one after the other when a study is opened.
 */
export function freezeReview(context: Context): void {
  const { session, store } = context;
  if (session.lesions && !session.storedReview) {
    const segments = session.lesions.segments.map(segment => ({ ...segment, vertebraLabel: undefined }));
    // Made with the rules of now; without candidates nothing else says so.
    session.provenance = provenanceInForce(session);
    const untouched = store.get().lesions?.origin === 'stored' && session.review.past.length === 0;
    const review = untouched ? session.review.present : undefined;
    session.storedReview = { map: { ...session.lesions, segments }, review };
  }
  session.review = startHistory({ ...emptyReview, rules: session.review.present.rules });
  session.projections = new WeakMap();
  publish(context);
}

/**
 * Takes a stored result into the review once the vertebrae are known: its decisions where their candidates can be placed,
 * and whatever these do not explain as voxels drawn.
 */
export function establish(context: Context): void {
  const { session } = context;
  const { storedReview: stored, bodies, ct } = session;
  if (!stored || !ct || !bodies || entries(context).length === 0) return;
  const { map, review } = stored;
  session.storedReview = undefined;
  const resolve = resolver(context);
  const saved = review ?? { ...emptyReview, rules: session.review.present.rules };
  const followed = withLabels(saved, sameBodies(context, saved.findings));
  const state: ReviewState = { ...followed, strokes: [] };
  remember(session.identities, map, ({ vertebraLabel, level, kind }) => resolve({ vertebraLabel, level, kind }));
  const composed = composeLesions(ct.series, state, one => projectionOf(context, one));
  const residual = residualStroke(map, composed, resolve, drawnLesions(followed));
  session.review = startHistory({ ...state, strokes: residual ? [residual] : [] });
  publish(context);
}

/** Finds the vertebra mask of a lesion that is known by level only. */
export function resolver(context: Context): (name: LesionName) => LesionName {
  const vertebrae = entries(context);
  return name => {
    if (name.vertebraLabel !== undefined) return name;
    const label = vertebrae.find(({ level }) => level === name.level)?.label;
    return label === undefined ? name : { ...name, vertebraLabel: label };
  };
}

/** A mask is the one that was analysed when its centre has not moved by more than this, mm. */
const SAME_BODY_MM = 10;

/** Label of the mask each vertebra has now; masks that were stored and read again may be numbered otherwise. */
function sameBodies(context: Context, findings: readonly VertebraFindings[]): Map<number, number> {
  const labels = new Map<number, number>();
  for (const { label, centreLps } of findings) {
    const [nearest] = entries(context)
      .map(entry => ({ entry, mm: Math.hypot(...entry.centreLps.map((value, axis) => value - centreLps[axis])) }))
      .filter(({ mm }) => mm < SAME_BODY_MM)
      .sort((a, b) => a.mm - b.mm);
    if (nearest) labels.set(label, nearest.entry.label);
  }
  return labels;
}
