import type { PatchFrame } from '../core/geometry';
import { keptRegions, type LesionRules, type VertebraAnalysis } from '../core/study';
import { type LesionKind, PATCH_SIZE, type PatchMask } from '../core/types';

/** One candidate region as the panel lists it. */
export interface CandidateRow {
  readonly id: string;
  readonly kind: LesionKind;
  /** Along the patient's left from the middle of the body, mm. */
  readonly offsetMm: number;
  readonly pixels: number;
  readonly areaMm2: number;
  /** Area times the slice distance. */
  readonly millilitres: number;
  readonly score: number;
  readonly kept: boolean;
  /** A pixel of the region nearest its centroid, LPS mm: a place that is certainly inside. */
  readonly pointLps: readonly [number, number, number];
}

/** Every candidate of a vertebra, the best score first. */
export function candidateRows(analysis: VertebraAnalysis, rules: LesionRules): CandidateRow[] {
  return analysis.slices
    .flatMap((slice, position) =>
      keptRegions(slice, rules).candidates.map(candidate => {
        const { frame, offsetMm } = slice;
        const { anteriorPosterior, superiorInferior, leftRight } = frame.spacing;
        const areaMm2 = candidate.pixelCount * anteriorPosterior * superiorInferior;
        return {
          id: `${position}-${candidate.id}`,
          kind: candidate.kind,
          offsetMm,
          pixels: candidate.pixelCount,
          areaMm2,
          millilitres: (areaMm2 * leftRight) / 1000,
          score: candidate.attributionScore,
          kept: candidate.kept,
          pointLps: innerPoint(candidate.mask, frame),
        };
      })
    )
    .sort((a, b) => b.score - a.score);
}

/** Kinds with at least one kept candidate, lytic first. */
export function keptKinds(rows: readonly CandidateRow[]): LesionKind[] {
  return (['lytic', 'blastic'] as const).filter(kind => rows.some(row => row.kept && row.kind === kind));
}

function innerPoint(mask: PatchMask, frame: PatchFrame): [number, number, number] {
  const pixels = [...mask.keys()].filter(pixel => mask[pixel]);
  const row = (pixel: number) => Math.floor(pixel / PATCH_SIZE);
  const column = (pixel: number) => pixel % PATCH_SIZE;
  const mean = (of: (pixel: number) => number) => pixels.reduce((sum, pixel) => sum + of(pixel), 0) / pixels.length;
  const [centreRow, centreColumn] = [mean(row), mean(column)];
  const distance = (pixel: number) => (row(pixel) - centreRow) ** 2 + (column(pixel) - centreColumn) ** 2;
  const best = pixels.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  const { origin, rowDirection, columnDirection, spacing } = frame;
  const at = (axis: 0 | 1 | 2) =>
    origin[axis] +
    row(best) * spacing.anteriorPosterior * rowDirection[axis] +
    column(best) * spacing.superiorInferior * columnDirection[axis];
  return [at(0), at(1), at(2)];
}
