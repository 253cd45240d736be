/** What the product decides once all slices of a vertebra were searched. */
import { applyThreshold, type MethodOptions, settleCandidates } from '@spine/core';
import type { EvaluatedSlice } from './evaluate';
import { SLICE_MM } from './screened';

/**
 * The slices with the regions that count after the rules which look at neighbouring slices.
 * @param evaluated slices of one vertebra, ascending; those without an attribution were called healthy
 */
export function settledSlices(evaluated: readonly EvaluatedSlice[], method: MethodOptions): EvaluatedSlice[] {
  const searched = evaluated.flatMap(({ slice, attribution }) => (attribution ? [{ slice, attribution }] : []));
  const candidates = settleCandidates(
    searched.map(({ slice, attribution }) => ({ offsetMm: slice.index * SLICE_MM, hu: slice.raw, ...attribution })),
    evaluated.filter(({ attribution }) => !attribution).map(({ slice }) => slice.index * SLICE_MM),
    SLICE_MM,
    method
  );
  return evaluated.map(one => {
    const at = searched.findIndex(({ slice }) => slice === one.slice);
    if (!one.attribution || at < 0) return one;
    const kept = applyThreshold(candidates[at], method.attributionThreshold, method.minPixels);
    return {
      ...one,
      attribution: { ...one.attribution, ...kept },
      predictions: { ...one.predictions, method: { lytic: kept.lyticMask, blastic: kept.blasticMask } },
    };
  });
}
