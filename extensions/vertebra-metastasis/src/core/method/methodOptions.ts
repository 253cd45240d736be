import { MIN_PIXELS } from './candidates';
import { fastSampler } from './fast/fastSampler';
import { ATTRIBUTION_THRESHOLD } from './hideAndSeek';
import { TARGET_PROBABILITY } from './latentClassifier';
import type { Sampler } from './sampler';
import type { InferenceRule } from './vertebra/linkedCandidates';

/** The method's settings. The defaults are the authors', but for the sampler. */
export interface MethodOptions {
  readonly sampler: Sampler;
  readonly targetProbability: number;
  readonly attributionThreshold: number;
  readonly minPixels: number;
  /**
   * Estimate: the score of a candidate whose composite is classified without being harmonised. A candidate whose estimate
   * lies more than this below the threshold is skipped: not scored and never kept. Undefined: every candidate is scored,
   * as published. The margin is a property of a model, measured (docs/speed.md).
   */
  readonly skipBelowThresholdBy?: number;
  /**
   * A candidate whose estimate lies more than this above the threshold is not scored either: its estimate stands for its score.
   * Undefined: it is scored, as published. Measured like the other margin.
   */
  readonly trustAboveThresholdBy?: number;
  /**
   * A candidate whose score comes out at most this far from the threshold is harmonised and scored again with more steps,
   * where the sampler has them: there an error of a few hundredths decides. Undefined: none is.
   */
  readonly rescoreWithin?: number;
  /**
   * Scores may be taken from neighbouring slices of the same vertebra under this rule; not the paper's. Undefined: every candidate
   * that is not skipped is scored.
   */
  readonly inferScores?: InferenceRule;
  /** Outlines of scored candidates are drawn anew on the CT (`outline.ts`); not the paper's. */
  readonly refineOutlines?: boolean;
  /**
   * A region counts only where the healthy edit changes it by at least this much on average, in normalised intensity; not the paper's,
   * whose candidates are relative to the slice's own difference map. Undefined: any change will do.
   */
  readonly leastDifference?: number;
  /**
   * A region counts when at least this many neighbouring slices of the vertebra show it, where they were looked at
   * (`study/isolated.ts`); not the paper's, which looks at one slice. Undefined: 1.
   */
  readonly leastSlices?: number;
  /**
   * Only slices with at least this P(malignant) of their own count as showing a region (`study/isolated.ts`): a score is relative to the
   * slice's own P, so in a slice that alone looks healthy a region may continue a lesion, but not be one. Undefined: all slices count.
   */
  readonly leastSlicesProbability?: number;
  /**
   * A region counts only where the screening network's logit for its kind is at least this (`study/unsupported.ts`); not the
   * paper's. Undefined: the network is not asked.
   */
  readonly leastKindLogit?: number;
  /**
   * Lesions that several slices show are outlined anew at one level for all of them (`study/acrossSlices.ts`); not the paper's.
   */
  readonly outlineAcrossSlices?: boolean;
  /**
   * Slices beside a lesion are searched even if screening calls them healthy, and regions count there even if the screening network sees
   * none of their kind, until the lesion ends (`study/followed.ts`); not the paper's.
   */
  readonly followLesions?: boolean;
}

export function defaultMethodOptions(): MethodOptions {
  return {
    sampler: fastSampler(),
    targetProbability: TARGET_PROBABILITY,
    attributionThreshold: ATTRIBUTION_THRESHOLD,
    minPixels: MIN_PIXELS,
  };
}

/** The estimate below which a candidate is not scored; undefined where all are. */
export function skipBelow({ attributionThreshold, skipBelowThresholdBy }: MethodOptions): number | undefined {
  return skipBelowThresholdBy === undefined ? undefined : attributionThreshold - skipBelowThresholdBy;
}

/** The estimate above which it stands for the score; undefined where it never does. */
export function trustAbove({ attributionThreshold, trustAboveThresholdBy }: MethodOptions): number | undefined {
  return trustAboveThresholdBy === undefined ? undefined : attributionThreshold + trustAboveThresholdBy;
}
