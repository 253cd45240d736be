/** Settings of a model in words, for the heads of tables, and what its screening network keeps from counting. */
import {
  describeSampler,
  isKept,
  type MethodOptions,
  type PatchSpec,
  samplerRecord,
  type ScoredCandidate,
} from '@spine/core';

/** The sampler with all that belongs to it, and how slices are judged before they are searched. */
export function describeSettings(method: MethodOptions, spec: Pick<PatchSpec, 'screening'>): string {
  return `sampler ${describeSampler(samplerRecord(method, spec))}; ${describeScreening(spec)}`;
}

/** "slices judged alone", or "slices judged with their neighbours (mean logit over 4 mm, shift -1.5) by 0.5 x encoder + 1 x screening network". */
export function describeScreening({ screening }: Pick<PatchSpec, 'screening'>): string {
  if (!screening) return 'slices judged alone';
  const { withinMm, logitShift, suspiciousVertebraShift, leastOwnProbability, network } = screening;
  const rules = [
    `mean logit over ${withinMm} mm`,
    `shift ${logitShift}`,
    ...(suspiciousVertebraShift === undefined ? [] : [`${suspiciousVertebraShift} more in a suspicious vertebra`]),
    ...(leastOwnProbability === undefined ? [] : [`own P at least ${leastOwnProbability}`]),
  ];
  const by = network
    ? `${network.encoderWeight} x encoder + ${network.networkWeight} x screening network`
    : 'the encoder';
  return `slices judged with their neighbours (${rules.join(', ')}) by ${by}`;
}

/** Regions that would count but for the screening network, which sees no sign of their kind. */
export function unsupportedRegions(
  candidates: readonly ScoredCandidate[],
  { attributionThreshold, minPixels }: Pick<MethodOptions, 'attributionThreshold' | 'minPixels'>
): number {
  return candidates.filter(
    one => one.leftOut === 'unsupported' && isKept({ ...one, leftOut: undefined }, attributionThreshold, minPixels)
  ).length;
}
