import {
  composeLesions,
  projectVertebra,
  type Projection,
  type ReviewState,
  type VertebraFindings,
} from '../../../core';
import type { LesionMap } from '../../segmentation/lesionMap';
import { lesionEntry } from '../../segmentation/reviewMap';
import type { SessionState } from '../store';

/** The segmentation that follows from a review; undefined without a CT. */
export function composeReview(session: SessionState, review: ReviewState): LesionMap | undefined {
  const { series } = session.ct;
  if (!series) return undefined;
  const { labelmap, segments } = composeLesions(series, review, one => projectionOf(session, one));
  return { labelmap, segments: segments.map(segment => lesionEntry(segment, session.review.identities)) };
}

export function projectionOf(
  { vertebrae: { bodies }, review: { projections } }: SessionState,
  findings: VertebraFindings
): Projection | undefined {
  const known = projections.get(findings);
  if (known || !bodies) return known;
  const extent = bodies.extents.get(findings.label);
  const projection = extent && projectVertebra(bodies.labelmap, extent, findings);
  if (projection) projections.set(findings, projection);
  return projection;
}
