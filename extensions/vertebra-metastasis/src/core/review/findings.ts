/** What a review needs of an analysis: candidates and where they lie, without the images. Small enough to be stored. */
import type { PatchFrame } from '../geometry';
import type { VertebraAnalysis, VertebraTarget } from '../study';
import type { ScoredCandidate } from '../types';

/** A slice searched for lesions. */
export interface SearchedSlice {
  /** Along +x (towards the patient's left) from the body's centroid, mm. */
  readonly offsetMm: number;
  readonly frame: PatchFrame;
  readonly malignancyProbability: number;
  readonly candidates: readonly ScoredCandidate[];
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
}

export function findingsOf(analysis: VertebraAnalysis): VertebraFindings {
  const { label, level, centreLps, slices, screenedSlices, skippedSlices, malignancyProbability } = analysis;
  return {
    ...{ label, level, centreLps, malignancyProbability },
    slices: slices.map(({ offsetMm, frame, attribution }) => ({
      ...{ offsetMm, frame, candidates: attribution.candidates },
      malignancyProbability: attribution.malignancyProbability,
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
