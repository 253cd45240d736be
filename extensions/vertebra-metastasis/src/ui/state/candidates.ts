import type { PatchFrame } from '../../core/geometry';
import {
  type CandidateKey,
  decidedCandidates,
  type Decision,
  type ReviewState,
  type VertebraFindings,
} from '../../core/review';
import { type LeftOut, type LesionKind, PATCH_SIZE, type PatchMask } from '../../core/types';

/** What of a candidate no decision changes. */
interface CandidatePlace {
  /** Longer side in the slice, mm. */
  readonly sizeMm: number;
  readonly areaMm2: number;
  /** Area times the slice distance. */
  readonly millilitres: number;
  /** A pixel of the region nearest its centroid, LPS mm: a place that is certainly inside. */
  readonly pointLps: readonly [number, number, number];
}

/** One candidate region as the panel lists it. */
export interface CandidateRow extends CandidatePlace {
  readonly key: CandidateKey;
  /** Position among the searched slices of its vertebra. */
  readonly slice: number;
  /** In its slice. */
  readonly candidateId: number;
  readonly kind: LesionKind;
  /** Along the patient's left from the middle of the body, mm. */
  readonly offsetMm: number;
  readonly score: number;
  /** The score is a first estimate, and the region never counts unless a person says so. */
  readonly skipped?: boolean;
  /** The score is a first estimate, far above the threshold. */
  readonly estimated?: boolean;
  /** Excluded after it was scored: it never counts unless a person says so. */
  readonly leftOut?: LeftOut;
  /** Of the CT inside, HU; unknown in results stored by an older version. */
  readonly huMean?: number;
  readonly kept: boolean;
  readonly decision: Decision;
}

/** Places of a vertebra's candidates by key, computed once per analysis. */
export type CandidatePlaces = ReadonlyMap<CandidateKey, CandidatePlace>;

export function candidatePlaces(findings: VertebraFindings): CandidatePlaces {
  const none = { decisions: {}, rules: findings.modelRules };
  return new Map(
    decidedCandidates(findings, none).map(({ key, slice, candidate }) => [key, placeOf(candidate.mask, slice.frame)])
  );
}

/** Every candidate of a vertebra, the best score first. */
export function candidateRows(
  findings: VertebraFindings,
  review: Pick<ReviewState, 'decisions' | 'rules'>,
  places: CandidatePlaces = candidatePlaces(findings)
): CandidateRow[] {
  return decidedCandidates(findings, review)
    .map(({ key, slice, candidate, kind, kept, decision }) => ({
      key,
      kind,
      offsetMm: slice.offsetMm,
      kept,
      decision,
      ...places.get(key)!,
      slice: findings.slices.indexOf(slice),
      candidateId: candidate.id,
      score: candidate.attributionScore,
      skipped: candidate.skipped,
      estimated: candidate.estimated,
      leftOut: candidate.leftOut,
      huMean: candidate.huMean,
    }))
    .sort((a, b) => b.score - a.score);
}

function placeOf(mask: PatchMask, frame: PatchFrame): CandidatePlace {
  const pixels = [...mask.keys()].filter(pixel => mask[pixel]);
  const { anteriorPosterior, superiorInferior, leftRight } = frame.spacing;
  const rows = pixels.map(pixel => Math.floor(pixel / PATCH_SIZE));
  const columns = pixels.map(pixel => pixel % PATCH_SIZE);
  const extent = (values: readonly number[]) => 1 + Math.max(...values) - Math.min(...values);
  const areaMm2 = pixels.length * anteriorPosterior * superiorInferior;
  return {
    areaMm2,
    millilitres: (areaMm2 * leftRight) / 1000,
    pointLps: innerPoint(rows, columns, frame),
    sizeMm: Math.max(extent(rows) * anteriorPosterior, extent(columns) * superiorInferior),
  };
}

function innerPoint(
  rows: readonly number[],
  columns: readonly number[],
  { origin, rowDirection, columnDirection, spacing }: PatchFrame
): [number, number, number] {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [row, column] = [mean(rows), mean(columns)];
  const distance = (n: number) => (rows[n] - row) ** 2 + (columns[n] - column) ** 2;
  const best = rows.reduce((nearest, _, n) => (distance(n) < distance(nearest) ? n : nearest), 0);
  const at = (axis: 0 | 1 | 2) =>
    origin[axis] +
    rows[best] * spacing.anteriorPosterior * rowDirection[axis] +
    columns[best] * spacing.superiorInferior * columnDirection[axis];
  return [at(0), at(1), at(2)];
}

/** Lists longer than this open without the candidates that nobody needs to look at. */
const SHORT_LIST = 12;

/** What a list opens with: all of a short one; of a long one the kept, the decided and the one in focus. */
export function shortList(rows: readonly CandidateRow[], focus?: CandidateKey): readonly CandidateRow[] {
  if (rows.length <= SHORT_LIST) return rows;
  return rows.filter(row => row.kept || row.decision.verdict !== undefined || row.key === focus);
}
