/** Which bodies were analysed: in this session, or as a stored result says. */
import { type Coverage, coverageOf } from '../../core';
import type { Context } from './context';
import { entries } from './vertebrae';

/** One record per analysed level; what was analysed in this session takes the place of what was stored. */
export function coverages(context: Context): readonly Coverage[] {
  const { bodies, ct, storedCoverage = [] } = context.session;
  const fresh = entries(context).flatMap(({ analysis }) =>
    analysis && bodies ? [coverageOf(bodies, analysis, ct?.series.slicePositionsMm)] : []
  );
  return [...fresh, ...storedCoverage.filter(({ level }) => !fresh.some(one => one.level === level))];
}
