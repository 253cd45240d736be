/** A stored result on its way into the review, and lesions whose masks are gone. */
import {
  composeLesions,
  drawnLesions,
  emptyReview,
  type LesionName,
  type ReviewState,
  startHistory,
  type VertebraFindings,
} from '../../core';
import { remember, residualStroke } from '../reviewMap';
import type { Context } from './context';
import { entries } from './entries';
import { projectionOf, publish } from './reviewView';

/** Other masks are chosen: the lesions stay as voxels, decisions and candidates belonged to the former masks. */
export function freezeReview(context: Context): void {
  const { session } = context;
  if (session.lesions && !session.storedReview) {
    const segments = session.lesions.segments.map(segment => ({ ...segment, vertebraLabel: undefined }));
    session.storedReview = { map: { ...session.lesions, segments } };
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
  const findings = saved.findings.filter(one => matches(context, one));
  const labels = new Set(findings.map(({ label }) => label));
  const state: ReviewState = {
    ...saved,
    findings,
    decisions: Object.fromEntries(Object.entries(saved.decisions).filter(([key]) => labels.has(parseInt(key, 10)))),
    reviewed: saved.reviewed.filter(label => labels.has(label)),
    strokes: [],
  };
  remember(session.identities, map, ({ vertebraLabel, level, kind }) => resolve({ vertebraLabel, level, kind }));
  const composed = composeLesions(ct.series, state, one => projectionOf(context, one));
  const residual = residualStroke(map, composed, resolve, drawnLesions(saved));
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

function matches(context: Context, { label, centreLps }: VertebraFindings): boolean {
  const entry = entries(context).find(one => one.label === label);
  return !!entry && Math.hypot(...entry.centreLps.map((value, axis) => value - centreLps[axis])) < SAME_BODY_MM;
}
