/** Regions that too few neighbouring slices show; ours, not the paper's, which looks at one slice of a vertebra. */
import { isKept, type MethodOptions } from '../method';
import { dilated } from '../method/morphology';
import type { PatchMask, ScoredCandidate } from '../types';

/** A searched slice of a vertebra. */
export interface SearchedCandidates {
  /** Along +x (towards the patient's left), mm. */
  readonly offsetMm: number;
  readonly candidates: readonly ScoredCandidate[];
}

/** When a region counts. */
export type IsolationRule = Pick<MethodOptions, 'attributionThreshold' | 'minPixels'> & {
  /** Of how many neighbouring slices a region must be part. */
  readonly leastSlices: number;
  /** From one slice of the body to the next, mm. */
  readonly sliceMm: number;
};

/** Offsets are multiples of the slice distance; a difference this small is rounding. */
const ROUNDING_MM = 1e-3;

/**
 * The candidates, with 'isolated' ones marked: those that would count, but whose structure fewer than `leastSlices` slices in a row
 * show although the slices on both sides of it were looked at. Candidates of one kind in neighbouring slices are one structure when
 * their masks overlap or touch. At the edge of what was looked at, or where slices between were not chosen, nothing is marked.
 * @param searched slices of one vertebra, ascending by offset
 * @param healthy offsets of its slices that were called healthy and not searched
 * @returns in the order given, slice by slice
 */
export function markIsolated(
  searched: readonly SearchedCandidates[],
  healthy: readonly number[],
  { leastSlices, sliceMm, attributionThreshold, minPixels }: IsolationRule
): ScoredCandidate[][] {
  const isLookedAt = (offsetMm: number) =>
    [...searched.map(slice => slice.offsetMm), ...healthy].some(one => Math.abs(one - offsetMm) < ROUNDING_MM);
  const counting = searched.map(({ candidates }) =>
    candidates.filter(one => isKept(one, attributionThreshold, minPixels))
  );
  const isolated = new Set<ScoredCandidate>();
  const seen = new Set<ScoredCandidate>();
  counting.forEach((here, slice) => {
    for (const start of here) {
      if (seen.has(start)) continue;
      const structure = structureOf(start, slice, searched, counting, sliceMm);
      structure.forEach((_, member) => seen.add(member));
      const offsets = [...structure.values()].map(at => searched[at].offsetMm);
      const [first, last] = [Math.min(...offsets), Math.max(...offsets)];
      const isBounded = isLookedAt(first - sliceMm) && isLookedAt(last + sliceMm);
      if (isBounded && new Set(offsets).size < leastSlices) structure.forEach((_, member) => isolated.add(member));
    }
  });
  return searched.map(({ candidates }) =>
    candidates.map(one => (isolated.has(one) ? { ...one, leftOut: 'isolated' as const } : one))
  );
}

/** All that is connected with a candidate from slice to slice, with the position of each one's slice. */
function structureOf(
  start: ScoredCandidate,
  slice: number,
  searched: readonly SearchedCandidates[],
  counting: readonly (readonly ScoredCandidate[])[],
  sliceMm: number
): Map<ScoredCandidate, number> {
  const structure = new Map([[start, slice]]);
  // A map grows while it is walked through.
  for (const [member, at] of structure) {
    const surroundings = dilated(member.mask, 1);
    for (const next of [at - 1, at + 1]) {
      const distance = Math.abs((searched[next]?.offsetMm ?? Infinity) - searched[at].offsetMm);
      if (Math.abs(distance - sliceMm) > ROUNDING_MM) continue;
      for (const other of counting[next])
        if (other.kind === member.kind && overlap(surroundings, other.mask)) structure.set(other, next);
    }
  }
  return structure;
}

const overlap = (a: PatchMask, b: PatchMask): boolean => a.some((inside, i) => inside && b[i]);
