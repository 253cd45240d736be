/**
 * Which candidates of a vertebra's slices are one structure, and which scores follow from those of neighbouring slices; ours, not the
 * paper's. A lesion is cut by many slices less than a millimetre apart, and its candidates score alike in them.
 */
import type { Candidate, PatchMask } from '../../types';

/** A candidate that is to be scored or inferred, in its slice. */
export interface SlicedCandidate extends Pick<Candidate, 'kind' | 'mask' | 'pixelCount'> {
  /** Position of its slice, counted along the vertebra; candidates of one position are of one slice. */
  readonly slice: number;
  /** Of its slice along the left-right axis, mm. */
  readonly offsetMm: number;
  /** Its score by the composite as it is, before it is harmonised. */
  readonly estimate: number;
}

/** When a score may be taken from neighbouring slices; measured in docs/speed.md. */
export interface InferenceRule {
  /** The scored candidate is at most this far away, mm. */
  readonly withinMm: number;
  /** And its score at least this far from the threshold. */
  readonly clearBy: number;
  /** And the first estimate speaks for the same decision by at most this much less than that of the scored one. */
  readonly estimatesWithin: number;
}

/** Of the guided sampler. */
export const INFERENCE_RULE: InferenceRule = { withinMm: 4, clearBy: 0.15, estimatesWithin: 0.3 };

/** Share of the smaller candidate that two candidates of neighbouring slices have in common when they are one structure. */
const LEAST_OVERLAP = 0.5;

/** For each candidate the positions of those that continue it in the slices before and after. */
export function linkCandidates(candidates: readonly SlicedCandidate[], withinMm: number): number[][] {
  return candidates.map((one, a) =>
    candidates.flatMap((other, b) => {
      const near =
        Math.abs(one.slice - other.slice) === 1 && Math.abs(one.offsetMm - other.offsetMm) <= withinMm + 1e-6;
      return b !== a && near && one.kind === other.kind && continues(one, other) ? [b] : [];
    })
  );
}

function continues(a: SlicedCandidate, b: SlicedCandidate): boolean {
  return overlap(a.mask, b.mask) >= LEAST_OVERLAP * Math.min(a.pixelCount, b.pixelCount);
}

function overlap(a: PatchMask, b: PatchMask): number {
  let common = 0;
  for (let i = 0; i < a.length; i++) if (a[i] && b[i]) common++;
  return common;
}

/** Scores found so far, by the candidate's position. */
export type KnownScores = ReadonlyMap<number, number>;

/**
 * The score that follows from the nearest scored candidates of the same structure on either side: undefined where there is none near
 * enough, where one is not clear, where they contradict one another, or where the own first estimate says less.
 */
export function inferredScore(
  at: number,
  candidates: readonly SlicedCandidate[],
  links: readonly (readonly number[])[],
  scores: KnownScores,
  threshold: number,
  { withinMm, clearBy, estimatesWithin }: InferenceRule
): number | undefined {
  const { offsetMm, estimate } = candidates[at];
  const sides = nearestScored(at, candidates, links, scores, withinMm);
  if (sides.length === 0) return undefined;
  const clear = (n: number) => {
    const above = scores.get(n)! - threshold;
    // A first estimate that is surer than the neighbour's speaks for the same decision.
    const weaker = Math.sign(above) * (candidates[n].estimate - estimate);
    return Math.abs(above) >= clearBy && weaker <= estimatesWithin;
  };
  const kept = sides.map(n => scores.get(n)! > threshold);
  if (!sides.every(clear) || new Set(kept).size > 1) return undefined;
  const weights = sides.map(n => 1 / Math.max(1e-3, Math.abs(candidates[n].offsetMm - offsetMm)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return sides.reduce((sum, n, i) => sum + (weights[i] / total) * scores.get(n)!, 0);
}

/** The nearest scored candidate in the slices before, and in those after, reached through candidates without a score. */
function nearestScored(
  at: number,
  candidates: readonly SlicedCandidate[],
  links: readonly (readonly number[])[],
  scores: KnownScores,
  withinMm: number
): number[] {
  const start = candidates[at];
  return [-1, 1].flatMap(step => {
    let front = [at];
    while (front.length > 0) {
      const next = [
        ...new Set(front.flatMap(n => links[n].filter(m => candidates[m].slice === candidates[n].slice + step))),
      ];
      const near = next.filter(n => Math.abs(candidates[n].offsetMm - start.offsetMm) <= withinMm + 1e-6);
      const scored = near.filter(n => scores.has(n));
      // Where a structure comes apart, its largest part stands for it.
      if (scored.length > 0)
        return [scored.reduce((a, b) => (candidates[b].pixelCount > candidates[a].pixelCount ? b : a))];
      front = near;
    }
    return [];
  });
}

/**
 * The candidates to score next, at most one of each structure: the one farthest from those that are scored, among equals the largest.
 * Empty when every other score can be inferred.
 */
export function nextToScore(
  candidates: readonly SlicedCandidate[],
  links: readonly (readonly number[])[],
  scores: KnownScores,
  threshold: number,
  rule: InferenceRule
): number[] {
  return structuresOf(links).flatMap(members => {
    const open = members.filter(
      n => !scores.has(n) && inferredScore(n, candidates, links, scores, threshold, rule) === undefined
    );
    if (open.length === 0) return [];
    const scored = members.filter(n => scores.has(n));
    const distance = (n: number) =>
      Math.min(Infinity, ...scored.map(m => Math.abs(candidates[m].offsetMm - candidates[n].offsetMm)));
    const farther = (a: number, b: number) =>
      distance(a) === distance(b) ? candidates[a].pixelCount > candidates[b].pixelCount : distance(a) > distance(b);
    return [open.reduce((best, n) => (farther(n, best) ? n : best))];
  });
}

/** Connected sets of candidates, each ascending. */
function structuresOf(links: readonly (readonly number[])[]): number[][] {
  const seen = new Set<number>();
  return links.flatMap((_, start) => {
    if (seen.has(start)) return [];
    seen.add(start);
    const members = [start];
    for (const n of members) {
      for (const next of links[n]) {
        if (seen.has(next)) continue;
        seen.add(next);
        members.push(next);
      }
    }
    return [members.sort((a, b) => a - b)];
  });
}
