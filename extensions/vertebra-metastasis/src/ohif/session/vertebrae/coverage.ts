/** Which bodies were analysed: one answer for every tab and every file. */
import {
  type BurdenVertebra,
  type Coverage,
  coverageOfFindings,
  levelOf,
  type NotAssessed,
  notAssessedParts,
} from '../../../core';
import { countsOf, type SliceCounts } from '../../../ui';
import { projectionOf } from '../review/show';
import { currentReview, type ReviewSlice } from '../review/state';
import type { SessionState } from '../store';
import { vertebraRowsOf } from './state';

/**
 * One record per analysed body, called as its vertebra is called now. What the review knows the slices of is measured in the masks of now;
 * of the rest a stored result says it.
 */
export function coverages(session: SessionState): readonly Coverage[] {
  const { bodies } = session.vertebrae;
  const { pending, storedCoverage = [] } = session.review;
  const review = currentReview(session);
  const positionsMm = session.ct.series?.slicePositionsMm;
  const known =
    bodies && !pending
      ? review.findings.flatMap(findings => {
          const extent = bodies.extents.get(findings.label);
          if (!extent) return [];
          const level = levelOf(review, findings.label, findings.level);
          return coverageOfFindings(bodies.labelmap, extent, findings, level, positionsMm);
        })
      : [];
  const rows = pending ? [] : vertebraRowsOf(session);
  const rest = storedCoverage.filter(({ label }) => !known.some(one => one.label === label));
  return [
    ...known,
    ...rest.map(one => ({ ...one, level: rows.find(({ label }) => label === one.label)?.level ?? one.level })),
  ];
}

/** What `coverages` says of slices, without measuring: what the list of vertebrae shows. */
export function sliceCounts({
  history,
  pending,
  storedCoverage = [],
}: Pick<ReviewSlice, 'history' | 'pending' | 'storedCoverage'>): readonly SliceCounts[] {
  const known = pending ? [] : history.present.findings.map(countsOf);
  const rest = storedCoverage.filter(({ label }) => !known.some(one => one.label === label));
  return [...known, ...rest];
}

/** The vertebrae of the masks with what is known of each; without masks, those that a stored result names. */
export function coveredVertebrae(session: SessionState): BurdenVertebra[] {
  const known = coverages(session);
  const listed = vertebraRowsOf(session);
  if (listed.length === 0) return known.map(coverage => ({ label: coverage.label, level: coverage.level, coverage }));
  const { findings } = currentReview(session);
  return listed.map(({ label, level, problem, failure }) => {
    const own = session.review.pending ? undefined : findings.find(one => one.label === label);
    const projection = own && projectionOf(session, own);
    return {
      label,
      level,
      coverage: known.find(one => one.label === label) ?? known.find(one => one.level === level),
      reason: problem ?? failure,
      ...(projection ? { notAnalysed: new Set(projection.unknown) } : {}),
    };
  });
}

/** What the result says nothing about: the same list for every tab and every file. */
export const notAssessed = (session: SessionState): readonly NotAssessed[] =>
  notAssessedParts(coveredVertebrae(session), (session.review.lesions?.segments ?? []).length > 0);

/** Stored records under the masks and names of now. @param labels label now, by the one at the time of the analysis */
export function placedCoverage(
  stored: readonly Coverage[],
  session: Pick<SessionState, 'vertebrae'>,
  labels: ReadonlyMap<number, number>
): readonly Coverage[] {
  const rows = vertebraRowsOf(session);
  return stored.map(one => {
    const row =
      rows.find(({ label }) => label === labels.get(one.label)) ?? rows.find(({ level }) => level === one.level);
    return row ? { ...one, label: row.label, level: row.level } : one;
  });
}
