/** Which bodies were analysed: in this session, or as a stored result says. */
import { type Coverage, coverageOf } from '../../../core';
import type { SessionState } from '../store';
import { vertebraRowsOf } from './state';

/** One record per analysed level; what was analysed in this session takes the place of what was stored. */
export function coverages(session: SessionState): readonly Coverage[] {
  const { bodies } = session.vertebrae;
  const { storedCoverage = [] } = session.review;
  const fresh = vertebraRowsOf(session).flatMap(({ analysis }) =>
    analysis && bodies ? [coverageOf(bodies.labelmap, analysis, session.ct.series?.slicePositionsMm)] : []
  );
  return [...fresh, ...storedCoverage.filter(({ level }) => !fresh.some(one => one.level === level))];
}
