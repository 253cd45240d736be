/** What a review needs of an analysis: candidates and where they lie, without the images. Small enough to be stored. */
import type { PatchFrame } from '../geometry';
import type { LesionRules, VertebraAnalysis, VertebraTarget } from '../study';
import type { PatchMask, ScoredCandidate } from '../types';

/** A candidate with what the CT says of it. */
export interface FoundCandidate extends ScoredCandidate {
  /** Mean of the CT at its pixels, HU; absent in results stored before it was kept. */
  readonly huMean?: number;
}

/** A slice searched for lesions. */
export interface SearchedSlice {
  /** Along +x (towards the patient's left) from the body's centroid, mm. */
  readonly offsetMm: number;
  readonly frame: PatchFrame;
  readonly malignancyProbability: number;
  readonly candidates: readonly FoundCandidate[];
}

export interface VertebraFindings extends VertebraTarget {
  /** Of the body, LPS mm. */
  readonly centreLps: readonly [number, number, number];
  readonly slices: readonly SearchedSlice[];
  /** Frames of the slices that were called healthy and not searched. */
  readonly screened: readonly PatchFrame[];
  /** Number of slices that could not be analysed. */
  readonly skipped: number;
  /** The largest over the searched and the screened slices. */
  readonly malignancyProbability: number;
  /** The rules that the model which found them comes with; others are a person's choice. */
  readonly modelRules: LesionRules;
  /** Computed by a command without a reader; absent for what a person had analysed in the panel. */
  readonly unattended?: true;
}

/** @param modelRules of the model's manifest */
export function findingsOf(analysis: VertebraAnalysis, modelRules: LesionRules): VertebraFindings {
  const { label, level, centreLps, slices, screenedSlices, skippedSlices, malignancyProbability } = analysis;
  return {
    label,
    level,
    centreLps,
    malignancyProbability,
    modelRules,
    slices: slices.map(({ offsetMm, frame, hu, attribution, malignancyProbability: screened }) => ({
      offsetMm,
      frame,
      candidates: attribution.candidates.map(one => ({ ...one, huMean: meanInside(hu, one.mask) })),
      malignancyProbability: screened ?? attribution.malignancyProbability,
    })),
    screened: screenedSlices.map(({ frame }) => frame),
    skipped: skippedSlices.length,
  };
}

/** Names a candidate within a study: mask of the vertebra, position of the slice in the analysis, id in the slice. */
export type CandidateKey = string;

export function candidateKey(label: number, slice: number, id: number): CandidateKey {
  return `${label}/${slice}/${id}`;
}

/** The vertebra mask a key belongs to. */
export function labelOfKey(key: CandidateKey): number {
  return Number(key.slice(0, key.indexOf('/')));
}

/** Of the pixels inside, rounded to 0.01 HU, as all measurements are. @param mask with at least one pixel */
function meanInside(hu: Float32Array, mask: PatchMask): number {
  let [sum, count] = [0, 0];
  mask.forEach((inside, pixel) => {
    if (!inside) return;
    sum += hu[pixel];
    count++;
  });
  return Number((sum / count).toFixed(2));
}
