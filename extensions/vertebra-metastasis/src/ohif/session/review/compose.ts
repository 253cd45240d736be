import { findLesions, projectVertebra, type Projection, type ReviewState, type VertebraFindings } from '../../../core';
import type { LesionMap } from '../../segmentation/lesionMap';
import { lesionMap } from '../../segmentation/reviewMap';
import type { SessionState } from '../store';

/** The segmentation that follows from a review; undefined without a CT. @throws InputError 'too-many-lesions' */
export function composeReview(session: SessionState, review: ReviewState): LesionMap | undefined {
  const { series, volume } = session.ct;
  const { bodies } = session.vertebrae;
  if (!series) return undefined;
  const { lesions: before } = session.review;
  const known = before && [...before.segments, ...(before.rejected ?? [])].flatMap(({ lesion }) => lesion ?? []);
  const found = findLesions({
    ...{ grid: series, state: review, projectionOf: one => projectionOf(session, one), volume },
    ...(bodies ? { bodies: bodies.labelmap, extents: bodies.extents } : {}),
    ...(known ? { before: { lesions: known } } : {}),
  });
  return lesionMap(found, session.review.identities, volume !== undefined);
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
