/** The values that the panel's state is made of. */
import type { Fault } from '../../core/errors';
import type { ProviderReason } from '../../core/provider';
import type { Lesion3d, LesionDiameters } from '../../core/lesions/types';
import type { ExpectedMinutes, LesionRules, PresetId, SearchSettings, VertebraAnalysis } from '../../core/study';
import type { LesionKind, VertebraLevel } from '../../core/types';

/** Something that stops the user; each language words its code. */
export type Problem = Fault;

/** A value that has to be fetched or computed first. `done` of `total` when the work can be counted. */
export type Loadable<T> =
  | { readonly status: 'idle' }
  | { readonly status: 'loading'; readonly done?: number; readonly total?: number }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'error'; readonly problem: Problem };

/** One entry of a drop-down. */
export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** Something of the study that plays no part. */
export interface PassedOverObject {
  readonly object: string;
  /** A key of `images.reason` in the texts, or the SOP class of what is no CT image. */
  readonly reason: string;
}

export interface CtSummary {
  readonly slices: number;
  /** Distances between voxel centres: along a row, along a column, between slices. */
  readonly spacingMm: readonly [number, number, number];
  /** False: a BINARY segmentation of this CT could not be shown again; LABELMAP is written. */
  readonly binaryReadable: boolean;
}

export interface ModelSummary {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly intendedUse: string;
  readonly limits: readonly string[];
  readonly licence: string;
  readonly trainedOn: string;
  /** Of all its files. */
  readonly megabytes: number;
  readonly provider: 'webgpu' | 'wasm';
  readonly providerReason: ProviderReason;
  readonly threads: number;
}

/** A model that a command of ours fetches. */
export interface AvailableModel {
  readonly id: string;
  readonly name: string;
  readonly megabytes: number;
  readonly runsOn: 'gpu' | 'any';
  readonly command: string;
}

/** A segment of the SEG that is not used, and why. */
export interface UnusedMask {
  readonly name: string;
  readonly reason: 'not-recognised' | 'body-used' | 'empty';
}

/** One vertebra of the chosen SEG and everything known about it. */
export interface VertebraEntry {
  /** Value in the labelmap. */
  readonly label: number;
  readonly level: VertebraLevel;
  /** As the SEG has it; absent for masks of this session. */
  readonly given?: VertebraLevel;
  /** Name the SEG gave it. */
  readonly sourceName: string;
  readonly included: boolean;
  /** LPS mm. */
  readonly centreLps: readonly [number, number, number];
  /** Why it cannot be analysed, if so. */
  readonly problem?: Problem;
  /** Why its last analysis failed; it can be tried again. */
  readonly failure?: Problem;
  /** What the encoder said before the vertebra is searched, and how long that took. */
  readonly screened?: { readonly probability: number; readonly suspiciousSlices: number; readonly seconds: number };
  /** Working time of its screening and search in this session. */
  readonly seconds?: number;
  readonly analysis?: VertebraAnalysis;
  /** True when the mask was changed after the analysis: its results are of the mask before. */
  readonly outdated?: boolean;
  /** How the mask came about in this session; absent for masks of a SEG. */
  readonly origin?: 'click' | 'search';
  /** A person changed voxels of that mask. */
  readonly corrected?: boolean;
}

/** The rules say which candidates are kept as lesions; changing them needs no new analysis. */
export interface Settings extends LesionRules, SearchSettings {}

/** For a suspicious vertebra, from one evaluation on this machine. */
export interface ExpectedTime {
  /** With the settings chosen. */
  readonly minutes: ExpectedMinutes;
  readonly presets: Readonly<Record<PresetId, ExpectedMinutes>>;
  /** False while the evaluation may have been timed beside other work: the minutes are an upper bound then. */
  readonly settled: boolean;
}

export interface RunProgress {
  readonly evaluationsDone: number;
  /** Grows while candidates are found. */
  readonly evaluationsPlanned: number;
  /** Slices looked at by the encoder alone, of all chosen ones. */
  readonly slicesScreened: number;
  readonly slicesPlanned: number;
  /** Of the vertebra at work. */
  readonly label: number;
  readonly level: VertebraLevel;
  /** Counted from 1, as is `vertebra`; the first and the last of those at work side by side. */
  readonly slice: number;
  readonly lastSlice: number;
  readonly sliceCount: number;
  readonly vertebra: number;
  readonly vertebraCount: number;
  /** Undefined until enough was timed. */
  readonly secondsLeft?: number;
}

export type Run =
  | { readonly status: 'idle' }
  | {
      readonly status: 'running';
      /** Slices of the CT read so far, before the networks start. */
      readonly reading?: { readonly done: number; readonly total: number };
      readonly progress?: RunProgress;
      /** No evaluation runs until it is resumed; nothing done so far is lost. */
      readonly paused?: boolean;
    }
  | { readonly status: 'done'; readonly seconds: number; readonly vertebrae: number }
  | { readonly status: 'cancelled' }
  | { readonly status: 'error'; readonly problem: Problem };

/** One lesion as listed in the panel. */
export interface LesionRow extends Omit<Lesion3d, 'offsets' | 'touched' | keyof LesionDiameters> {
  readonly diameters?: LesionDiameters;
  /** Drawn by a person alone: nothing is left to decide. */
  readonly drawn: boolean;
  /** More speaks against it than for it. */
  readonly doubted: boolean;
  /** Volume and diameters are lower bounds: it borders on a part that was not searched. */
  readonly atLeast: boolean;
}

export type Saving =
  | { readonly status: 'unsaved' }
  | { readonly status: 'saving' }
  | { readonly status: 'saved'; readonly seriesDescription: string }
  | { readonly status: 'failed'; readonly problem: Problem };

export interface LesionResult {
  /** 'analysis': computed in this session; 'stored': read back from a SEG of the study. */
  readonly origin: 'analysis' | 'stored';
  /** The lesions in the segmentation. */
  readonly rows: readonly LesionRow[];
  /** What a person rejected. */
  readonly rejected: readonly LesionRow[];
  /** SEMIAUTOMATIC once a person changed a voxel or a label. */
  readonly algorithmType: 'AUTOMATIC' | 'SEMIAUTOMATIC';
  readonly saving: Saving;
  /** Levels computed unattended whose review nobody has completed; absent where there are none. */
  readonly notReviewed?: readonly VertebraLevel[];
}

/** What the panel can switch on in the viewer. */
export type PaintTool = LesionKind | 'erase';

/** Work that was left behind unsaved, in this browser. */
export interface DraftOffer {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Vertebrae whose analysis it holds. */
  readonly vertebrae: number;
  /** Levels that the analysis had not finished. */
  readonly unfinished: readonly VertebraLevel[];
}

/** Of an analysed body: sagittal slices searched for lesions, only screened, and excluded. */
export interface SliceCounts {
  readonly label: number;
  readonly searchedSlices: number;
  readonly screenedSlices: number;
  readonly skippedSlices: number;
}
