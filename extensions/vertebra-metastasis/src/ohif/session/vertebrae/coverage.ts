/** Which bodies were analysed: one answer for every tab and every file. */
import { type Coverage, coverageOfFindings, levelOf } from '../../../core';
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

/** Labels of the vertebrae that `coverages` would have a record of. */
export function coveredLabels({
  history,
  pending,
  storedCoverage = [],
}: Pick<ReviewSlice, 'history' | 'pending' | 'storedCoverage'>): readonly number[] {
  const { findings } = history.present;
  const known = pending ? [] : findings.map(({ label }) => label);
  return [...new Set([...known, ...storedCoverage.map(({ label }) => label)])];
}

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
