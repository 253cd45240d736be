import type { PatchFrame } from '../core/geometry';
import {
  type CandidateKey,
  decidedCandidates,
  type Decision,
  type ReviewState,
  type VertebraFindings,
} from '../core/review';
import { type LesionKind, PATCH_SIZE, type PatchMask } from '../core/types';

/** One candidate region as the panel lists it. */
export interface CandidateRow {
  readonly key: CandidateKey;
  /** Position among the searched slices of its vertebra. */
  readonly slice: number;
  /** In its slice. */
  readonly candidateId: number;
  readonly kind: LesionKind;
  /** Along the patient's left from the middle of the body, mm. */
  readonly offsetMm: number;
  /** Longer side in the slice, mm. */
  readonly sizeMm: number;
  readonly areaMm2: number;
  /** Area times the slice distance. */
  readonly millilitres: number;
  readonly score: number;
  readonly kept: boolean;
  readonly decision: Decision;
  /** A pixel of the region nearest its centroid, LPS mm: a place that is certainly inside. */
  readonly pointLps: readonly [number, number, number];
}

/** Every candidate of a vertebra, the best score first. */
export function candidateRows(
  findings: VertebraFindings,
  review: Pick<ReviewState, 'decisions' | 'rules'>
): CandidateRow[] {
  return decidedCandidates(findings, review)
    .map(({ key, slice, candidate, kind, kept, decision }) => {
      const { frame, offsetMm } = slice;
      const { anteriorPosterior, superiorInferior, leftRight } = frame.spacing;
      const areaMm2 = candidate.pixelCount * anteriorPosterior * superiorInferior;
      return {
        ...{ key, kind, offsetMm, areaMm2, kept, decision },
        slice: findings.slices.indexOf(slice),
        candidateId: candidate.id,
        sizeMm: longerSide(candidate.mask, frame),
        millilitres: (areaMm2 * leftRight) / 1000,
        score: candidate.attributionScore,
        pointLps: innerPoint(candidate.mask, frame),
      };
    })
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

function longerSide(mask: PatchMask, { spacing }: PatchFrame): number {
  const pixels = [...mask.keys()].filter(pixel => mask[pixel]);
  const extent = (of: (pixel: number) => number) => {
    const values = pixels.map(of);
    return 1 + Math.max(...values) - Math.min(...values);
  };
  return Math.max(
    extent(pixel => Math.floor(pixel / PATCH_SIZE)) * spacing.anteriorPosterior,
    extent(pixel => pixel % PATCH_SIZE) * spacing.superiorInferior
  );
}

/** Lists longer than this open without the candidates that nobody needs to look at. */
const SHORT_LIST = 12;

/** What a list opens with: all of a short one; of a long one the kept, the decided and the one looked at. */
export function shortList(rows: readonly CandidateRow[], focus?: CandidateKey): readonly CandidateRow[] {
  if (rows.length <= SHORT_LIST) return rows;
  return rows.filter(row => row.kept || row.decision.verdict !== undefined || row.key === focus);
}
