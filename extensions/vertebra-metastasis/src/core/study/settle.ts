/** What is decided about a vertebra's regions once all of its slices were searched, since the slices beside have to be known. */
import type { PatchSite } from '../geometry';
import { applyThreshold, type MethodOptions } from '../method';
import type { ScoredCandidate } from '../types';
import { type OutlinedSlice, outlineAcrossSlices } from './acrossSlices';
import { markIsolated } from './isolated';
import type { SliceAnalysis } from './types';

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

/** From one slice of a body to the next, mm; the body has two at least. */
export const sliceDistance = ({ offsetsMm }: PatchSite): number => offsetsMm[1] - offsetsMm[0];

/**
 * The slices of a vertebra with what is decided once all are known.
 * @param healthy those that were called healthy and not searched
 */
export function settledAnalyses(
  slices: readonly SliceAnalysis[],
  healthy: readonly { readonly offsetMm: number }[],
  site: PatchSite,
  method: MethodOptions
): readonly SliceAnalysis[] {
  if (slices.length === 0 || site.offsetsMm.length < 2) return slices;
  const candidates = settleCandidates(
    slices.map(({ offsetMm, hu, attribution }) => ({ offsetMm, hu, ...attribution })),
    healthy.map(({ offsetMm }) => offsetMm),
    sliceDistance(site),
    method
  );
  return slices.map((slice, n) => ({
    ...slice,
    attribution: {
      ...slice.attribution,
      ...applyThreshold(candidates[n], method.attributionThreshold, method.minPixels),
    },
  }));
}
