/** Whether the archive has what a save would write. */
import { currentReview } from '../review/state';
import type { SessionState } from '../store';
import { type Content, sameContent } from './state';

export function contentOf(session: SessionState): Content {
  const { review, planning } = session;
  const { findings, decisions, reviewed, levels, strokes, rules } = currentReview(session);
  // Rules bear on candidates only.
  return [
    review.lesions,
    findings,
    decisions,
    reviewed,
    levels,
    strokes,
    findings.length > 0 ? rules : undefined,
    planning.worksheets,
  ];
}

export function isSaved(session: SessionState): boolean {
  return sameContent(session.exports.archived?.content, contentOf(session));
}
