/** A stored result on its way into the review, and lesions whose masks are gone. */
import {
  composeLesions,
  drawnLesions,
  emptyReview,
  labelOffsets,
  type LesionName,
  type ReviewState,
  startHistory,
  withLabels,
} from '../../../core';
import type { LesionMap } from '../../segmentation/lesionMap';
import { remember, residualStroke } from '../../segmentation/reviewMap';
import type { Context } from '../context';
import { contentOf, isSaved } from '../exports/content';
import type { SessionState } from '../store';
import { placedCoverage } from '../vertebrae/coverage';
import { renameRows } from '../vertebrae/rows';
import { vertebraRowsOf, type WithVertebrae } from '../vertebrae/state';
import { composeReview, handToViewer, projectionOf } from './show';
import { currentProvenance, type PendingReview, type ReviewSlice } from './state';

/**
 * The review when other masks are chosen: the lesions stay as voxels, decisions and candidates belonged to the former masks. A stored
 * review to which nothing was done yet looks for its vertebrae among the new masks: series arrive one after the other when a study is
 * opened.
 */
export function detachReview(session: SessionState): ReviewSlice {
  const { review } = session;
  const { history, lesions } = review;
  const detached: ReviewSlice = {
    ...review,
    history: startHistory({ ...emptyReview, rules: history.present.rules }),
    projections: new WeakMap(),
  };
  if (!lesions || review.pending) return detached;
  const segments = lesions.segments.map(segment => ({ ...segment, lesion: undefined, vertebraLabel: undefined }));
  const untouched = review.origin === 'stored' && history.past.length === 0;
  const pending: PendingReview = {
    map: { labelmap: lesions.labelmap, segments },
    review: untouched ? history.present : undefined,
  };
  // Made with the rules of now; without candidates nothing else says so.
  return { ...detached, pending, provenance: currentProvenance(session) };
}

/**
 * Takes a pending review into the history once the vertebrae are known: its decisions where their candidates can be placed,
 * and whatever these do not explain as voxels drawn.
 */
export function restoreReview(context: Context): void {
  const { session } = context;
  const { state } = session;
  const { pending, identities, history } = state.review;
  const { series } = state.ct;
  if (!pending || !series || !state.vertebrae.bodies || vertebraRowsOf(state).length === 0) return;
  const { map } = pending;
  const saved = pending.review ?? { ...emptyReview, rules: history.present.rules };
  const labels = sameBodies(state, saved);
  const followed = withLabels(saved, labels);
  // The masks come with the names of their file; a person had corrected them.
  if (vertebraRowsOf(state).some(({ label, level }) => (followed.levels[label] ?? level) !== level)) {
    renameRows(context, followed.levels);
  }
  const resolve = resolver(session.state);
  const review: ReviewState = { ...followed, strokes: [] };
  remember(identities, map, labelOffsets(map.labelmap), pending.measured);
  const composed = composeLesions(series, review, one => projectionOf(state, one));
  const residual = residualStroke(map, composed, resolve, drawnLesions(followed));
  session.update(before => {
    const restored = startHistory({ ...review, strokes: residual ? [residual] : [] });
    const storedCoverage = before.review.storedCoverage && placedCoverage(before.review.storedCoverage, before, labels);
    const placed = { ...before, review: { ...before.review, pending: undefined, history: restored, storedCoverage } };
    // The same voxels, now as lesions that can be decided on: a file with a segment per kind has them apart from here on.
    const lesions = composeReview(placed, restored.present);
    const after = { ...placed, review: { ...placed.review, lesions } };
    const { archived, saved } = before.exports;
    // The same result in another form: what was in the archive is so still.
    const exports =
      archived && isSaved(before)
        ? { ...before.exports, archived: { ...archived, content: contentOf(after) } }
        : before.exports;
    const same = lesions && sameSegments(lesions, map);
    return {
      review: after.review,
      exports: {
        ...exports,
        saved: saved && lesions && same && saved.lesions === map ? { ...saved, lesions } : undefined,
      },
    };
  });
  const { lesions } = session.state.review;
  if (lesions && lesions !== map && !sameSegments(lesions, map)) {
    session.patch('review', { viewer: { shown: lesions, labels: lesions.labelmap.labels } });
    void handToViewer(context, lesions);
  }
}

/** Whether files made of one and of the other number the lesions alike. */
function sameSegments(a: LesionMap, b: LesionMap): boolean {
  return (
    a.segments.length === b.segments.length &&
    a.segments.every(({ trackingUid, voxels }, n) => {
      const other = b.segments[n];
      return trackingUid === other.trackingUid && voxels === other.voxels;
    })
  );
}

/** Finds the vertebra mask of a lesion that is known by level only. */
export function resolver(session: WithVertebrae): (name: LesionName) => LesionName {
  const vertebrae = vertebraRowsOf(session);
  return name => {
    if (name.vertebraLabel !== undefined) return name;
    const label = vertebrae.find(({ level }) => level === name.level)?.label;
    return label === undefined ? name : { ...name, vertebraLabel: label };
  };
}

/** A mask is the one that was analysed when its centre has not moved by more than this, mm. */
const SAME_BODY_MM = 10;

/** Label of the mask each vertebra has now; masks that were stored and read again may be numbered otherwise. */
function sameBodies(
  session: WithVertebrae,
  { findings, levels }: Pick<ReviewState, 'findings' | 'levels'>
): Map<number, number> {
  const labels = new Map<number, number>();
  for (const { label, centreLps } of findings) {
    const [nearest] = vertebraRowsOf(session)
      .map(row => ({ row, mm: Math.hypot(...row.centreLps.map((value, axis) => value - centreLps[axis])) }))
      .filter(({ mm }) => mm < SAME_BODY_MM)
      .sort((a, b) => a.mm - b.mm);
    if (nearest) labels.set(label, nearest.row.label);
  }
  // Of a vertebra that was renamed and not analysed no place is stored: it is found by its number where numbers have not changed.
  const numberedAlike = labels.size > 0 && [...labels].every(([before, now]) => before === now);
  for (const { label } of numberedAlike ? vertebraRowsOf(session) : []) {
    if (label in levels) labels.set(label, label);
  }
  return labels;
}
