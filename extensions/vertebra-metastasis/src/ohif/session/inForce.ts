/** What holds now, whatever was chosen at the time of the analysis: the same for panel, report and files. */
import { emptyReview, type ReviewState } from '../../core';
import type { Session } from './context';
import type { Provenance } from './provenance';

/** The review of this session, or that of a stored result whose vertebrae are not known yet. */
export function reviewInForce({ review, storedReview }: Pick<Session, 'review' | 'storedReview'>): ReviewState {
  return storedReview ? (storedReview.review ?? emptyReview) : review.present;
}

/** With the threshold as a person may have moved it since the analysis; it bears on candidates only. */
export function provenanceInForce(
  session: Pick<Session, 'review' | 'storedReview' | 'provenance'>
): Provenance | undefined {
  const { provenance } = session;
  const { findings, rules } = reviewInForce(session);
  return provenance && findings.length > 0 ? { ...provenance, threshold: rules.threshold } : provenance;
}
