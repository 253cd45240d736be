/** Plans, progress and results of the analysis of a study. */
import type { LabelExtent, PatchFrame } from '../geometry';
import type { MethodOptions } from '../method';
import type { CancelSignal, LesionKind, SliceAttribution, VertebraLevel } from '../types';

/** Which sagittal slices of a body are analysed: all, the central one, or every n-th counted from the centre. */
export type SliceChoice = 'all' | 'central' | { readonly every: number };

export interface VertebraTarget {
  /** Value in the bodies' labelmap. */
  readonly label: number;
  readonly level: VertebraLevel;
}

/** Counts are of noise predictions; the plan becomes exact as candidates are found. */
export interface Progress {
  readonly evaluationsDone: number;
  readonly evaluationsPlanned: number;
  readonly vertebra: VertebraLevel;
  /** Slice at work, from 0, of `sliceCount` in this vertebra. */
  readonly slice: number;
  readonly sliceCount: number;
}

export interface StudyOptions {
  readonly slices: SliceChoice;
  readonly method: MethodOptions;
  readonly onProgress?: (progress: Progress) => void;
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
  readonly attribution: SliceAttribution;
}

/** A slice of the plan that was not analysed, and why. */
export interface SkippedSlice {
  readonly offsetMm: number;
  readonly reason: string;
}

export interface VertebraAnalysis extends VertebraTarget {
  readonly centreLps: readonly [number, number, number];
  readonly extent: LabelExtent;
  /** Ascending by offset. */
  readonly slices: readonly SliceAnalysis[];
  readonly skippedSlices: readonly SkippedSlice[];
  /** The largest over the analysed slices. */
  readonly malignancyProbability: number;
}

export interface VertebraFailure extends VertebraTarget {
  /** Of the InputError, or 'unexpected'. */
  readonly code: string;
  readonly message: string;
}

export interface StudyAnalysis {
  readonly analyses: readonly VertebraAnalysis[];
  readonly failures: readonly VertebraFailure[];
  /** True when the analysis was cancelled; what was finished before is in `analyses`. */
  readonly cancelled: boolean;
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
