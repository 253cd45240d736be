/** The lesions of an analysis that nobody has reviewed: what the command line writes. */
import { projectVertebra } from '../review/projection';
import { lesionLabelmap, undecidedReview } from '../review/lesionLabelmap';
import type { LesionLabelmap, LesionRules } from '../study/lesions';
import type { VertebraAnalysis } from '../study/types';
import type { Labelmap, Volume } from '../types';
import { findLesions } from './findLesions';
import type { Lesions3d } from './types';

export type AnalysisLesions = Lesions3d & Pick<LesionLabelmap, 'notAnalysed' | 'lost'>;

/**
 * @param volume the CT
 * @param bodies the bodies that were analysed, on the grid of the CT; not modified
 * @param slicePositionsMm real positions of the slices along the normal; default: even
 */
export function lesionsOfAnalysis(
  volume: Volume,
  bodies: Labelmap,
  analyses: readonly VertebraAnalysis[],
  rules: LesionRules,
  slicePositionsMm?: ArrayLike<number>
): AnalysisLesions {
  const { dims, indexToLps } = volume;
  const grid = { dims, indexToLps, slicePositionsMm };
  const { notAnalysed, lost } = lesionLabelmap(grid, bodies, analyses, rules);
  const state = undecidedReview(analyses, rules);
  const extents = new Map(analyses.map(({ label, extent }) => [label, extent]));
  const projections = new Map(
    state.findings.map(findings => [findings, projectVertebra(bodies, extents.get(findings.label)!, findings)])
  );
  const projectionOf = (findings: (typeof state.findings)[number]) => projections.get(findings);
  return { ...findLesions({ grid, state, projectionOf, bodies, extents, volume }), notAnalysed, lost };
}
