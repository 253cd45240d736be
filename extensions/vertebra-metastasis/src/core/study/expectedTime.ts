/** How long a vertebra will take, from the time of one evaluation: said before anything is analysed. */
import type { PatchSpec } from '../geometry';
import type { MethodOptions } from '../method';
import type { SliceChoice } from './types';

/** A lumbar body from left to right, mm. */
const BODY_WIDTH_MM = 45;
/** Means over the suspicious slices of docs/speed.md: candidates, and those that a sampler which may skip scores. */
const CANDIDATES = 7;
const SCORED_WHEN_SKIPPING = 1.6;
/** Where scores are taken over from neighbouring slices. */
const SCORED_WHEN_INFERRING = 1.8;

/** From this on a vertebra takes so long that another choice is offered. */
export const LONG_MINUTES = 10;

/** What the expectation takes of the method. */
export type ExpectedMethod = Pick<MethodOptions, 'sampler' | 'skipBelowThresholdBy' | 'inferScores'>;

/** Noise predictions of a suspicious slice with a typical number of candidates. */
export function expectedEvaluations({ sampler, skipBelowThresholdBy, inferScores }: ExpectedMethod): number {
  const skipping = inferScores ? SCORED_WHEN_INFERRING : SCORED_WHEN_SKIPPING;
  const scored = skipBelowThresholdBy === undefined ? CANDIDATES : skipping;
  return sampler.editEvaluations + sampler.roundTripEvaluations(scored);
}

/**
 * Minutes for a vertebra all of whose slices are suspicious; a healthy one takes its screening alone, one run of the encoder a slice.
 * @param evaluationMs one noise prediction on this machine, per image
 */
export function expectedMinutes(
  evaluationMs: number,
  { spacingMm, trainedWidthFraction = 1 }: Pick<PatchSpec, 'spacingMm' | 'trainedWidthFraction'>,
  method: ExpectedMethod,
  choice: SliceChoice
): number {
  const whole = Math.max(1, Math.round((BODY_WIDTH_MM * trainedWidthFraction) / spacingMm.leftRight));
  const slices = choice === 'central' ? 1 : choice === 'all' ? whole : Math.ceil(whole / choice.every);
  return (slices * expectedEvaluations(method) * evaluationMs) / 60_000;
}
