/** Regions that too few neighbouring slices show; ours, not the paper's, which looks at one slice of a vertebra. */
import { isKept, type MethodOptions } from '../method';
import type { ScoredCandidate } from '../types';
import { ROUNDING_MM, type SearchedCandidates, structuresOf } from './structures';

/** When a region counts. */
export type IsolationRule = Pick<MethodOptions, 'attributionThreshold' | 'minPixels'> & {
  /** Of how many neighbouring slices a region must be part. */
  readonly leastSlices: number;
  /** Slices whose own P(malignant) is below this do not count. */
  readonly leastSlicesProbability?: number;
  /** From one slice of the body to the next, mm. */
  readonly sliceMm: number;
};

/**
 * The candidates, with 'isolated' ones marked: those that would count, but whose structure fewer than `leastSlices` slices in a row
 * show although the slices on both sides of it were looked at. A slice shows it where its own P(malignant) is large enough. Candidates of one kind in neighbouring slices are one structure when
 * their masks overlap or touch. At the edge of what was looked at, or where slices between were not chosen, nothing is marked.
 * @param searched slices of one vertebra, ascending by offset
 * @param healthy offsets of its slices that were called healthy and not searched
 * @returns in the order given, slice by slice
 */
export function markIsolated(
  searched: readonly SearchedCandidates[],
  healthy: readonly number[],
  { leastSlices, leastSlicesProbability = 0, sliceMm, attributionThreshold, minPixels }: IsolationRule
): ScoredCandidate[][] {
  const isLookedAt = (offsetMm: number) =>
    [...searched.map(slice => slice.offsetMm), ...healthy].some(one => Math.abs(one - offsetMm) < ROUNDING_MM);
  const counting = searched.map(({ candidates }) =>
    candidates.filter(one => isKept(one, attributionThreshold, minPixels))
  );
  const isolated = new Set<ScoredCandidate>();
  for (const members of structuresOf(searched, counting, sliceMm)) {
    const offsets = members.map(({ slice }) => searched[slice].offsetMm);
    const [first, last] = [Math.min(...offsets), Math.max(...offsets)];
    const isBounded = isLookedAt(first - sliceMm) && isLookedAt(last + sliceMm);
    const showing = new Set(
      members
        .filter(({ slice }) => (searched[slice].malignancyProbability ?? 1) >= leastSlicesProbability)
        .map(({ slice }) => slice)
    );
    // Beyond what was looked at a structure may go on; that does not help one that no slice shows.
    if (showing.size >= (isBounded ? leastSlices : 1)) continue;
    for (const { candidate } of members) isolated.add(candidate);
  }
  return searched.map(({ candidates }) =>
    candidates.map(one => (isolated.has(one) ? { ...one, leftOut: 'isolated' as const } : one))
  );
}
