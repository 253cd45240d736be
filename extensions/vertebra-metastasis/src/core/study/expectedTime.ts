/** How long a vertebra will take, from the time of one evaluation: said before anything is analysed. */
import type { PatchSpec } from '../geometry';
import type { MethodOptions } from '../method';
import type { SliceChoice } from './types';

/** A lumbar body from left to right, mm. */
const BODY_WIDTH_MM = 45;
/** In the slices of docs/speed.md with the published threshold: candidates, and those that a sampler which may skip scores. */
const CANDIDATES = 7;
const SCORED_WHEN_SKIPPING = 4;

/**
 * Minutes for a vertebra all of whose slices are suspicious; a healthy one takes its screening alone, one run of the encoder a slice.
 * @param evaluationMs one noise prediction on this machine, per image
 */
export function expectedMinutes(
  evaluationMs: number,
  { spacingMm, trainedWidthFraction = 1 }: Pick<PatchSpec, 'spacingMm' | 'trainedWidthFraction'>,
  method: Pick<MethodOptions, 'sampler' | 'skipBelowThresholdBy'>,
  choice: SliceChoice
): number {
  const { inversionEvaluations, renderEvaluations } = method.sampler;
  const scored = method.skipBelowThresholdBy === undefined ? CANDIDATES : SCORED_WHEN_SKIPPING;
  // Reconstruction and healthy edit are rendered once, and each candidate is harmonised.
  const perSlice = inversionEvaluations + 2 * renderEvaluations + scored * (inversionEvaluations + renderEvaluations);
  const whole = Math.max(1, Math.round((BODY_WIDTH_MM * trainedWidthFraction) / spacingMm.leftRight));
  const slices = choice === 'central' ? 1 : choice === 'all' ? whole : Math.ceil(whole / choice.every);
  return (slices * perSlice * evaluationMs) / 60_000;
}
