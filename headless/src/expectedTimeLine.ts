/** What `npm run analyse` says of the time before it begins, as the panel does. */
import {
  type ArithmeticOutcome,
  expectedMinutes,
  LONG_MINUTES,
  type MethodOptions,
  PRESETS,
  type SliceChoice,
} from '@spine/core';
import type { ModelManifest } from '@spine/runtime/manifest';
import { methodOf } from '@spine/runtime/method';
import { duration } from './progressLine';

/** Which arithmetic a card was found fit for, as the panel's Setup says it. */
export function arithmeticLine(provider: string, outcome: ArithmeticOutcome): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  switch (outcome.code) {
    case 'float16':
      return `${provider}: agrees with float32 to ${outcome.error.toExponential(0)} (allowed ${outcome.bound}); ${ms(outcome.float16Ms)} a run instead of ${ms(outcome.float32Ms)}`;
    case 'slower':
      return `${provider}: calculates in float32, as float16 was not faster (${ms(outcome.float16Ms)} a run, ${ms(outcome.float32Ms)} in float32)`;
    case 'disagrees':
      return `${provider}: calculates in float32, as float16 was off by ${outcome.error.toExponential(1)} (allowed ${outcome.bound})`;
    case 'failed':
      return `${provider}: calculates in float32, as float16 failed: ${outcome.message}`;
    default:
      return `${provider}: calculates in float32`;
  }
}

/** @param evaluationMs one noise prediction on this machine, per image */
export function expectedTimeLine(
  evaluationMs: number,
  manifest: Pick<ModelManifest, 'patch' | 'method'>,
  method: MethodOptions,
  settings: { readonly slices: SliceChoice; readonly screenBelow: number },
  vertebrae: number
): string {
  const { typical, most } = expectedMinutes(evaluationMs, manifest.patch, method, settings);
  const told = (value: number) => duration(60 * value);
  const bound = told(typical) === told(most) ? '' : `, up to ${told(most)} where all of its slices are suspicious`;
  const line = `about ${told(typical)} for a suspicious vertebra${bound}, seconds for a healthy one; ${vertebrae} to analyse`;
  if (typical <= LONG_MINUTES) return line;
  const quicker = (['standard', 'quick'] as const).flatMap(id => {
    const preset = PRESETS[id];
    const expected = expectedMinutes(evaluationMs, manifest.patch, methodOf(manifest, preset.sampler), preset).typical;
    return expected < typical ? [`--preset ${id}: about ${told(expected)}`] : [];
  });
  return [line, ...quicker].join('; ');
}
