/** The lesions of an analysis as the models found them: the composition of a review in which nobody decided anything. */
import { LESION_KINDS } from '../kinds';
import type { LesionLabelmap, LesionRules, LostLesions, UnanalysedPart } from '../study/lesions';
import { reportedMillilitres, voxelMillilitresBySlice } from '../study/measure';
import type { VertebraAnalysis } from '../study/types';
import type { Labelmap, LesionKind } from '../types';
import { levelOrder } from '../vertebrae/levels';
import { composeLesions, type LesionGrid } from './compose';
import { decidedCandidates } from './decide';
import { findingsOf } from './findings';
import { projectVertebra } from './projection';
import { emptyReview, type ReviewState } from './state';

/** An analysis as a review without decisions. */
export function undecidedReview(analyses: readonly VertebraAnalysis[], rules: LesionRules): ReviewState {
  return { ...emptyReview, rules, findings: analyses.map(analysis => findingsOf(analysis, rules)) };
}

/**
 * One segment per vertebra and kind. No inference: cheap enough for a threshold slider.
 * @param grid of the CT, with the real positions of its slices where they are known
 * @param bodies the bodies that were analysed; not modified
 */
export function lesionLabelmap(
  grid: LesionGrid,
  bodies: Labelmap,
  analyses: readonly VertebraAnalysis[],
  rules: LesionRules
): LesionLabelmap {
  const sorted = [...analyses].sort((a, b) => levelOrder(a.level) - levelOrder(b.level) || a.label - b.label);
  const state = undecidedReview(sorted, rules);
  const projections = new Map(
    state.findings.map((findings, n) => [findings, projectVertebra(bodies, sorted[n].extent, findings)])
  );
  const { labelmap, segments } = composeLesions(grid, state, findings => projections.get(findings));
  const perVoxel = voxelMillilitresBySlice(grid, grid.slicePositionsMm);
  const size = grid.dims[0] * grid.dims[1];
  const notAnalysed: UnanalysedPart[] = [];
  const lost: LostLesions[] = [];
  for (const findings of state.findings) {
    const { label: vertebraLabel, level } = findings;
    const kept = decidedCandidates(findings, state).filter(one => one.kept);
    for (const kind of LESION_KINDS) {
      const isThere = segments.some(one => one.vertebraLabel === vertebraLabel && one.kind === kind);
      if (isThere || !kept.some(one => one.kind === kind)) continue;
      lost.push({ level, vertebraLabel, kind, reason: 'smaller than the voxels of the CT' });
    }
    const unknown = projections.get(findings)!.unknown;
    if (unknown.length === 0) continue;
    const millilitres = unknown.reduce((sum, at) => sum + perVoxel[Math.floor(at / size)], 0);
    notAnalysed.push({ level, vertebraLabel, voxels: unknown.length, millilitres: reportedMillilitres(millilitres) });
  }
  return {
    labelmap,
    segments: segments.map(({ index, level, vertebraLabel, kind, voxels, millilitres, score }) => ({
      index,
      level,
      // Nobody drew or joined anything: every segment is of candidates of one kind, in a vertebra with a mask.
      vertebraLabel: vertebraLabel!,
      kind: kind as LesionKind,
      voxels,
      millilitres: reportedMillilitres(millilitres),
      score: score!,
    })),
    notAnalysed,
    lost,
  };
}
