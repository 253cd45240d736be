/** What is decided about a vertebra's regions once all of its slices were searched, since the slices beside have to be known. */
import type { MethodOptions } from '../method';
import type { ScoredCandidate } from '../types';
import { type OutlinedSlice, outlineAcrossSlices } from './acrossSlices';
import { markIsolated } from './isolated';

/**
 * The candidates after the rules that look at neighbouring slices, where the method asks for them: regions that too few slices show are
 * 'isolated', lesions of several slices are outlined anew across them.
 * @param searched slices of one vertebra, ascending by offset
 * @param healthy offsets of its slices that were called healthy and not searched, mm
 * @param sliceMm from one slice of the body to the next, mm
 * @returns in the order given, slice by slice
 */
export function settleCandidates(
  searched: readonly OutlinedSlice[],
  healthy: readonly number[],
  sliceMm: number,
  {
    leastSlices = 1,
    leastSlicesProbability,
    outlineAcrossSlices: isAcross,
    attributionThreshold,
    minPixels,
  }: MethodOptions
): readonly (readonly ScoredCandidate[])[] {
  const rule = { sliceMm, attributionThreshold, minPixels };
  let candidates: readonly (readonly ScoredCandidate[])[] = searched.map(slice => slice.candidates);
  const now = () => searched.map((slice, n) => ({ ...slice, candidates: candidates[n] }));
  if (leastSlices > 1) candidates = markIsolated(now(), healthy, { ...rule, leastSlices, leastSlicesProbability });
  if (isAcross) candidates = outlineAcrossSlices(now(), rule);
  return candidates;
}
