/** Regions of a kind that the screening network sees no sign of; ours, not the paper's. */
import { applyThreshold, type MethodOptions } from '../method';
import type { SliceAttribution } from '../types';
import type { KindLogits } from './screening';

/**
 * The attribution with 'unsupported' candidates marked, where the method asks for that: those that scored, in a slice where the
 * network's mean logit for their kind is below `leastKindLogit`. A reason given before stays. Arrays given in are not modified.
 * @param kindLogits of the slice; undefined where the model has no screening network
 */
export function markUnsupported<A extends SliceAttribution>(
  attribution: A,
  kindLogits: KindLogits | undefined,
  { leastKindLogit, attributionThreshold, minPixels }: MethodOptions
): A {
  if (leastKindLogit === undefined || !kindLogits) return attribution;
  const marked = attribution.candidates.map(candidate =>
    candidate.skipped || candidate.leftOut || kindLogits[candidate.kind] >= leastKindLogit
      ? candidate
      : { ...candidate, leftOut: 'unsupported' as const }
  );
  return { ...attribution, ...applyThreshold(marked, attributionThreshold, minPixels) };
}
