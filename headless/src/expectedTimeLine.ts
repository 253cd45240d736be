/** What `npm run analyse` says of the time before it begins, as the panel does. */
import { expectedMinutes, LONG_MINUTES, type MethodOptions, PRESETS, type SliceChoice } from '@spine/core';
import type { ModelManifest } from '@spine/runtime/manifest';
import { methodOf } from '@spine/runtime/method';
import { duration } from './progressLine';

/** @param evaluationMs one noise prediction on this machine, per image */
export function expectedTimeLine(
  evaluationMs: number,
  manifest: Pick<ModelManifest, 'patch' | 'method'>,
  method: MethodOptions,
  slices: SliceChoice,
  vertebrae: number
): string {
  const minutes = expectedMinutes(evaluationMs, manifest.patch, method, slices);
  const told = (value: number) => duration(60 * value);
  const line = `about ${told(minutes)} for a vertebra all of whose slices are suspicious, seconds for a healthy one; ${vertebrae} to analyse`;
  if (minutes <= LONG_MINUTES) return line;
  const quicker = (['standard', 'quick'] as const).flatMap(id => {
    const { sampler, slices: choice } = PRESETS[id];
    const expected = expectedMinutes(evaluationMs, manifest.patch, methodOf(manifest, sampler), choice);
    return expected < minutes ? [`--preset ${id}: about ${told(expected)}`] : [];
  });
  return [line, ...quicker].join('; ');
}
