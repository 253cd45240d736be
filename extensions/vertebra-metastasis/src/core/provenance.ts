/** How a result was obtained. Plain data: kept with the result, worded where it is shown or written. */
import type { PatchSpec } from './geometry';
import { type MethodOptions, type SamplerId, skipBelow, trustAbove } from './method';
import type { VertebraLevel } from './types';

/** The model behind the results. */
export interface ModelIdentity {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Over the manifest and all weights. */
  readonly sha256: string;
}

/** How the method sampled. */
export interface SamplerRecord {
  readonly id: SamplerId;
  readonly inversionEvaluations: number;
  readonly renderEvaluations: number;
  /** Candidates whose first estimate lay below this score were not scored; absent where all were. */
  readonly notScoredBelow?: number;
  /** Of candidates whose first estimate lay above this score it is the score; absent where all were scored. */
  readonly notScoredAbove?: number;
  /** Outlines were drawn anew at the half level of the CT. */
  readonly outlinesRefined?: true;
  /** Lesions that several slices show were outlined at one level for all of them. */
  readonly outlinedAcrossSlices?: true;
  /** Regions that the healthy edit changes by less on average were excluded; absent where none was for that. */
  readonly leastDifference?: number;
  /** Slices that screening called healthy were searched where a lesion of the slice beside went on. */
  readonly lesionsFollowed?: true;
  /** Regions that fewer neighbouring slices show were excluded; absent where none was for that. */
  readonly leastSlices?: number;
  /** Of those, only slices with at least this P(malignant) of their own counted; absent where all did. */
  readonly leastSlicesProbability?: number;
  /** Slices were judged with a screening network before they were searched; absent where the encoder alone did. */
  readonly screenedWithNetwork?: true;
  /** Regions were excluded in slices where that network's logit for their kind is below this; absent where none was for that. */
  readonly leastKindLogit?: number;
  /** Candidates within this distance of the threshold were scored a second time, more finely; absent where none was. */
  readonly rescoredWithin?: number;
  /** Scores were taken from neighbouring slices up to this far away, mm, where clear; absent where all were computed. */
  readonly inferredWithinMm?: number;
}

/** How the mask of one vertebral body came about. */
export interface MaskRecord {
  readonly level: VertebraLevel;
  /** By a click, found in the whole CT, or given as a segmentation. */
  readonly origin: 'click' | 'search' | 'given';
  /** A person changed voxels of it. */
  readonly corrected: boolean;
}

/** A sentence of a file saved by former software that this version cannot take apart; shown as it is. */
export interface FormerWords {
  readonly words: string;
}

export interface Provenance {
  readonly model: ModelIdentity;
  readonly sampler: SamplerRecord | FormerWords;
  /** Attribution threshold in force. */
  readonly threshold: number;
  /** Execution provider: webgpu, wasm, cpu. */
  readonly provider: string;
  /** Of the vertebral bodies; absent when a file does not say. */
  readonly masks?: readonly MaskRecord[] | FormerWords;
  /** Levels computed unattended whose review no person has completed; absent where there are none. */
  readonly notReviewed?: readonly VertebraLevel[];
}

/** @param patch of the model */
export function samplerRecord(method: MethodOptions, { screening }: Pick<PatchSpec, 'screening'>): SamplerRecord {
  const { id, inversionEvaluations, renderEvaluations } = method.sampler;
  const [floor, ceiling] = [skipBelow(method), trustAbove(method)];
  return {
    id,
    inversionEvaluations,
    renderEvaluations,
    ...(floor === undefined ? {} : { notScoredBelow: Number(floor.toFixed(3)) }),
    ...(ceiling === undefined ? {} : { notScoredAbove: Number(ceiling.toFixed(3)) }),
    ...(method.refineOutlines ? { outlinesRefined: true as const } : {}),
    ...(method.outlineAcrossSlices ? { outlinedAcrossSlices: true as const } : {}),
    ...(method.leastDifference === undefined ? {} : { leastDifference: method.leastDifference }),
    ...(method.followLesions ? { lesionsFollowed: true as const } : {}),
    ...(method.leastSlices === undefined ? {} : { leastSlices: method.leastSlices }),
    ...(method.leastSlicesProbability === undefined ? {} : { leastSlicesProbability: method.leastSlicesProbability }),
    ...(screening?.network ? { screenedWithNetwork: true as const } : {}),
    ...(method.leastKindLogit === undefined ? {} : { leastKindLogit: method.leastKindLogit }),
    ...(method.rescoreWithin === undefined ? {} : { rescoredWithin: method.rescoreWithin }),
    ...(method.inferScores ? { inferredWithinMm: method.inferScores.withinMm } : {}),
  };
}

/** @param mask as the vertebra list knows it: without an origin it was given */
export function maskRecord(mask: {
  readonly level: VertebraLevel;
  readonly origin?: 'click' | 'search';
  readonly corrected?: boolean;
}): MaskRecord {
  return { level: mask.level, origin: mask.origin ?? 'given', corrected: mask.corrected ?? false };
}

const slicesCounted = (least?: number) =>
  least === undefined ? 'neighbouring slices' : `neighbouring slices with P(malignant) of at least ${least}`;

/**
 * In English, as files say it: "fast, 44 inversion and 28 render evaluations; candidates first estimated below 0.3 not scored;
 * candidates within 0.1 of the threshold rescored".
 */
export function describeSampler(sampler: Provenance['sampler']): string {
  if ('words' in sampler) return sampler.words;
  const { id, inversionEvaluations, renderEvaluations, notScoredBelow, outlinesRefined, rescoredWithin } = sampler;
  const {
    notScoredAbove,
    inferredWithinMm,
    leastSlices,
    leastSlicesProbability,
    outlinedAcrossSlices,
    lesionsFollowed,
    leastDifference,
    screenedWithNetwork,
    leastKindLogit,
  } = sampler;
  return [
    `${id}, ${inversionEvaluations} inversion and ${renderEvaluations} render evaluations`,
    ...(notScoredBelow === undefined ? [] : [`candidates first estimated below ${notScoredBelow} not scored`]),
    ...(notScoredAbove === undefined ? [] : [`those first estimated above ${notScoredAbove} scored by that estimate`]),
    ...(outlinesRefined ? ['outlines drawn anew at the half level of the CT'] : []),
    ...(outlinedAcrossSlices ? ['lesions outlined at one level across slices'] : []),
    ...(leastDifference === undefined
      ? []
      : [`regions that the healthy edit changes by less than ${leastDifference} excluded`]),
    ...(lesionsFollowed ? ['slices beside a lesion searched until it ends'] : []),
    ...(leastSlices === undefined
      ? []
      : [`regions in fewer than ${leastSlices} ${slicesCounted(leastSlicesProbability)} excluded`]),
    ...(screenedWithNetwork ? ['slices judged with a screening network before they are searched'] : []),
    ...(leastKindLogit === undefined
      ? []
      : [`regions excluded where the screening network's logit for their kind is below ${leastKindLogit}`]),
    ...(rescoredWithin === undefined ? [] : [`candidates within ${rescoredWithin} of the threshold rescored`]),
    ...(inferredWithinMm === undefined
      ? []
      : [`clear scores taken over from slices up to ${inferredWithinMm} mm away`]),
  ].join('; ');
}

/** In English: "mask by click", "mask found automatically, corrected by hand". */
export function describeMask({ origin, corrected }: Pick<MaskRecord, 'origin' | 'corrected'>): string {
  const made = { click: 'mask by click', search: 'mask found automatically', given: 'mask given' }[origin];
  return corrected ? `${made}, corrected by hand` : made;
}

/** In English, "vertebral bodies: T12 mask found automatically; L1 mask by click"; undefined when all were given or nothing is known. */
export function describeMasks(masks: Provenance['masks']): string | undefined {
  if (!masks) return undefined;
  if ('words' in masks) return masks.words;
  if (masks.every(({ origin, corrected }) => origin === 'given' && !corrected)) return undefined;
  return `vertebral bodies: ${masks.map(mask => `${mask.level} ${describeMask(mask)}`).join('; ')}`;
}
