/** Candidates of neighbouring slices that belong together. */
import { dilated } from '../method/morphology';
import type { PatchMask, ScoredCandidate } from '../types';

/** A searched slice of a vertebra. */
export interface SearchedCandidates {
  /** Along +x (towards the patient's left), mm. */
  readonly offsetMm: number;
  readonly candidates: readonly ScoredCandidate[];
  /** P(malignant) of the slice alone, by the encoder. */
  readonly malignancyProbability?: number;
}

/** A candidate of a structure and the position of its slice. */
export interface Member {
  readonly candidate: ScoredCandidate;
  readonly slice: number;
}

/** Offsets are multiples of the slice distance; a difference this small is rounding. */
export const ROUNDING_MM = 1e-3;

/**
 * Structures: candidates of one kind in neighbouring slices are one when their masks overlap or touch from slice to slice.
 * @param slices of one vertebra, ascending by offset
 * @param counting of each slice the candidates that count
 * @param sliceMm from one slice of the body to the next, mm
 */
export function structuresOf(
  slices: readonly SearchedCandidates[],
  counting: readonly (readonly ScoredCandidate[])[],
  sliceMm: number
): Member[][] {
  const seen = new Set<ScoredCandidate>();
  const surroundings = new Map<ScoredCandidate, PatchMask>();
  const around = (one: ScoredCandidate) => {
    const known = surroundings.get(one) ?? dilated(one.mask, 1);
    surroundings.set(one, known);
    return known;
  };
  return counting.flatMap((here, slice) =>
    here.flatMap(candidate => {
      if (seen.has(candidate)) return [];
      seen.add(candidate);
      const members: Member[] = [{ candidate, slice }];
      // The list grows while it is walked through.
      for (const member of members) {
        for (const next of [member.slice - 1, member.slice + 1]) {
          if (!areNeighbours(slices[next], slices[member.slice], sliceMm)) continue;
          for (const other of counting[next]) {
            const isOpen = other.kind === candidate.kind && !seen.has(other);
            if (!isOpen || !overlap(around(member.candidate), other.mask)) continue;
            seen.add(other);
            members.push({ candidate: other, slice: next });
          }
        }
      }
      return [members];
    })
  );
}

/** Positions of slices that follow one another without a gap. @param slices ascending by offset */
export function contiguousRuns(slices: readonly { readonly offsetMm: number }[], sliceMm: number): number[][] {
  const runs: number[][] = [];
  slices.forEach((slice, n) => {
    if (n > 0 && areNeighbours(slices[n - 1], slice, sliceMm)) runs[runs.length - 1].push(n);
    else runs.push([n]);
  });
  return runs;
}

type Place = { readonly offsetMm: number } | undefined;

/** Whether two slices follow one another without a gap. */
export function areNeighbours(a: Place, b: Place, sliceMm: number): boolean {
  return a !== undefined && b !== undefined && Math.abs(Math.abs(a.offsetMm - b.offsetMm) - sliceMm) <= ROUNDING_MM;
}

export const overlap = (a: PatchMask, b: PatchMask): boolean => a.some((inside, i) => inside && b[i]);
