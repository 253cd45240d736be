/** What a save writes beside the voxels, and whether the archive has it. */
import type { Provenance } from '../../../core';
import { savedState, type SavedState } from '../../../dicom';
import { measuredOf } from '../../segmentation/reviewMap';
import { currentReview } from '../review/state';
import type { SessionState } from '../store';
import { coverages } from '../vertebrae/coverage';
import { type Content, sameContent } from './state';

/** For the private element of a SEG, and for drafts. */
export function stateToSave(
  session: SessionState,
  provenance: Provenance,
  lesions = session.review.lesions
): SavedState {
  return savedState({
    provenance,
    coverage: coverages(session),
    worksheets: session.planning.worksheets,
    review: currentReview(session),
    measured: lesions ? measuredOf(lesions) : {},
  });
}

export function contentOf(session: SessionState): Content {
  const { review, planning } = session;
  const { findings, decisions, reviewed, levels, answers, strokes, rules } = currentReview(session);
  // Rules bear on candidates only.
  return [
    review.lesions,
    findings,
    decisions,
    reviewed,
    levels,
    answers,
    strokes,
    findings.length > 0 ? rules : undefined,
    planning.worksheets,
  ];
}

export function isSaved(session: SessionState): boolean {
  return sameContent(session.exports.archived?.content, contentOf(session));
}

/** Work that no archive has: whatever a save would write, and what is under way. */
export function hasUnsavedWork(session: SessionState): boolean {
  const { run, review, planning, vertebrae, exports } = session;
  if (run.job || vertebrae.job || review.sliding) return true;
  const answers = Object.keys(planning.worksheets).length + Object.keys(review.history.present.levels).length;
  if (review.lesions ? !isSaved(session) : answers > 0) return true;
  const own = vertebrae.session?.map;
  const made = own?.segments.some(({ origin, corrected }) => origin !== 'given' || corrected);
  return Boolean(made) && exports.savedBodies?.labelmap !== own?.labelmap;
}
