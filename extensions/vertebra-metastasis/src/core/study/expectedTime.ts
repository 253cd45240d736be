/** How long a vertebra will take, from the time of one evaluation: said before anything is analysed. */
import type { PatchSpec } from '../geometry';
import type { MethodOptions } from '../method';
import type { SliceChoice } from './types';

/** A lumbar body from left to right, mm. */
const BODY_WIDTH_MM = 45;
/** Means over the searched slices of docs/speed.md: candidates, and those that a sampler which may skip scores, second times counted in. */
const CANDIDATES = 7;
const SCORED_WHEN_SKIPPING = 2;
/** Where an estimate far above the threshold is the score as well, of models whose rules leave most of the others out before they are scored. */
const SCORED_WHEN_TRUSTING = 0.5;
/** Where scores are taken over from neighbouring slices. */
const SCORED_WHEN_INFERRING = 1.8;
/** Of the slices of a vertebra with lesions as many are suspicious, a quarter of them below 0.34, a quarter above 0.62 (docs/speed.md); screening says how many really are. */
const SEARCHED_SHARE = 0.48;

/** From this on a vertebra takes so long that another choice is offered. */
export const LONG_MINUTES = 10;

/** What the expectation takes of the method. */
export type ExpectedMethod = Pick<
  MethodOptions,
  'sampler' | 'skipBelowThresholdBy' | 'trustAboveThresholdBy' | 'inferScores'
>;

/** Noise predictions of a suspicious slice with a typical number of candidates. */
export function expectedEvaluations(method: ExpectedMethod): number {
  const { sampler, skipBelowThresholdBy, trustAboveThresholdBy, inferScores } = method;
  const skipping = inferScores ? SCORED_WHEN_INFERRING : SCORED_WHEN_SKIPPING;
  const estimating = trustAboveThresholdBy === undefined ? skipping : SCORED_WHEN_TRUSTING;
  const scored = skipBelowThresholdBy === undefined ? CANDIDATES : estimating;
  return sampler.editEvaluations + sampler.roundTripEvaluations(scored);
}

/** Minutes for a suspicious vertebra. Which of its slices are suspicious is known only once it was screened. */
export interface ExpectedMinutes {
  /** With as many suspicious slices as vertebrae with lesions have on average. */
  readonly typical: number;
  /** Of a lumbar vertebra all of whose slices are suspicious. */
  readonly most: number;
}

/**
 * A healthy vertebra takes its screening alone, one run of the encoder a slice.
 * @param evaluationMs one noise prediction on this machine, per image
 */
export function expectedMinutes(
  evaluationMs: number,
  { spacingMm, trainedWidthFraction = 1 }: Pick<PatchSpec, 'spacingMm' | 'trainedWidthFraction'>,
  method: ExpectedMethod,
  { slices: choice, screenBelow }: { readonly slices: SliceChoice; readonly screenBelow: number }
): ExpectedMinutes {
  const whole = Math.max(1, Math.round((BODY_WIDTH_MM * trainedWidthFraction) / spacingMm.leftRight));
  const slices = choice === 'central' ? 1 : choice === 'all' ? whole : Math.ceil(whole / choice.every);
  const searched = screenBelow > 0 ? Math.max(1, SEARCHED_SHARE * slices) : slices;
  const slice = (expectedEvaluations(method) * evaluationMs) / 60_000;
  return { typical: searched * slice, most: slices * slice };
}
