/** Plans, progress and results of the analysis of a study. */
import type { LabelExtent, PatchFrame } from '../geometry';
import type { MethodOptions } from '../method';
import type { Fault } from '../errors';
import type { CancelSignal, LesionKind, SliceAttribution, VertebraLevel } from '../types';

/** Which sagittal slices of a body are analysed: all, the central one, or every n-th counted from the centre. */
export type SliceChoice = 'all' | 'central' | { readonly every: number };

export interface VertebraTarget {
  /** Value in the bodies' labelmap. */
  readonly label: number;
  readonly level: VertebraLevel;
}

/** Evaluations are noise predictions; their plan becomes exact as slices are screened and candidates found. */
export interface Progress {
  readonly evaluationsDone: number;
  readonly evaluationsPlanned: number;
  /** Slices that were screened or excluded, of all slices chosen in all vertebrae. */
  readonly slicesScreened: number;
  readonly slicesPlanned: number;
  readonly vertebra: VertebraLevel;
  /** Slices at work side by side, the first and the last from 0, of `sliceCount` in this vertebra. */
  readonly slice: number;
  readonly lastSlice: number;
  readonly sliceCount: number;
}

/** P(malignant) from which a slice is searched for lesions unless the user says otherwise: the classifier's own decision. */
export const SCREEN_BELOW = 0.5;

export interface StudyOptions {
  readonly slices: SliceChoice;
  readonly method: MethodOptions;
  /**
   * Slices whose P(malignant) by the encoder alone is below this are screened, not searched: no diffusion, no lesions. The attribution
   * score is relative to the slice's own P(malignant), so in a healthy slice it says which part is least healthy, not that anything is
   * ill; the published method expects slices known to be malignant. 0 searches every slice.
   */
  readonly screenBelow: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Called as each vertebra was screened, before any is searched. */
  readonly onScreened?: (screened: ScreenedVertebra) => void;
  /** Called as each vertebra is done, so that results can be shown early. */
  readonly onVertebra?: (analysis: VertebraAnalysis) => void;
  readonly cancel?: CancelSignal;
}

export interface SliceAnalysis {
  /** Along +x (towards the patient's left) from the body's centroid, mm. */
  readonly offsetMm: number;
  readonly frame: PatchFrame;
  /** Pixels of the patch outside the CT. */
  readonly paddedPixels: number;
  /** The slice in Hounsfield units before normalisation, [64, 64]. */
  readonly hu: Float32Array;
  /**
   * With its neighbours, as it was screened; absent in analyses made before models could ask for that. `attribution` has the
   * slice's own, which its scores are relative to.
   */
  readonly malignancyProbability?: number;
  readonly attribution: SliceAttribution;
}

/** A slice that the classifier calls healthy: assessed by the encoder, not searched for lesions. */
export interface ScreenedSlice {
  readonly offsetMm: number;
  readonly frame: PatchFrame;
  readonly paddedPixels: number;
  readonly malignancyProbability: number;
}

/** A slice of the plan that was not analysed, and why. */
export interface SkippedSlice {
  readonly offsetMm: number;
  readonly reason: Fault;
}

export interface VertebraAnalysis extends VertebraTarget {
  readonly centreLps: readonly [number, number, number];
  readonly extent: LabelExtent;
  /** Searched for lesions; ascending by offset. */
  readonly slices: readonly SliceAnalysis[];
  /** Called healthy and not searched; ascending by offset. */
  readonly screenedSlices: readonly ScreenedSlice[];
  readonly skippedSlices: readonly SkippedSlice[];
  /** The largest over the searched and the screened slices. */
  readonly malignancyProbability: number;
}

/** A vertebra that could not be analysed, and why. */
export type VertebraFailure = VertebraTarget & { readonly reason: Fault };

export interface StudyAnalysis {
  readonly analyses: readonly VertebraAnalysis[];
  readonly failures: readonly VertebraFailure[];
  /** True when the analysis was cancelled; what was finished before is in `analyses`. */
  readonly cancelled: boolean;
}

/** A screened vertebra, before it is searched. */
export interface ScreenedVertebra extends VertebraTarget {
  /** The largest over its slices. */
  readonly malignancyProbability: number;
  /** To be searched; none in a vertebra that is healthy in every slice. */
  readonly suspiciousSlices: number;
}

/** P(malignant) of each slice by the encoder alone; no candidates, no lesions. */
export interface VertebraScreening extends VertebraTarget {
  readonly centreLps: readonly [number, number, number];
  readonly slices: readonly { readonly offsetMm: number; readonly malignancyProbability: number }[];
  readonly skippedSlices: readonly SkippedSlice[];
  readonly malignancyProbability: number;
}

/** One segment of the lesion labelmap: all lesions of one kind in one vertebra. */
export interface LesionSegment {
  /** Value in the labelmap, contiguous from 1. */
  readonly index: number;
  readonly level: VertebraLevel;
  readonly vertebraLabel: number;
  readonly kind: LesionKind;
  readonly voxels: number;
  readonly millilitres: number;
  /** The largest attribution score among the lesions in it. */
  readonly score: number;
}
