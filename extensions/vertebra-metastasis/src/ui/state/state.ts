/**
 * What the panel shows. The controller in ohif/ owns one immutable PanelState and replaces it; components only read it.
 * Later review features (decisions, threshold, burden) are further fields here, keyed by vertebra label.
 */
import {
  type LesionRules,
  type LesionSegment,
  SCREEN_BELOW,
  type SliceChoice,
  type VertebraAnalysis,
} from '../../core/study';
import type { Fault } from '../../core/errors';
import type { ProviderReason } from '../../core/provider';
import type { LesionKind, VertebraLevel } from '../../core/types';
import { type Exports, type ExportsActions, initialExports } from './exports';
import { type Findings, type FindingsActions, initialFindings } from './findings';
import { initialReview, type Review, type ReviewActions } from './review';
import { ATTRIBUTION_THRESHOLD, MIN_PIXELS, type SamplerId } from '../../core/method';
import { type FindActions, type FindState, initialFind } from './findState';
import { type Focus, type FocusActions, initialFocus } from './focus';
import type { StripOrder } from './vertebraRows';

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
  readonly provider: 'webgpu' | 'wasm';
  readonly providerReason: ProviderReason;
  readonly threads: number;
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
  /** Name the SEG gave it. */
  readonly sourceName: string;
  readonly included: boolean;
  /** LPS mm. */
  readonly centreLps: readonly [number, number, number];
  /** Why it cannot be analysed, if so. */
  readonly problem?: Problem;
  /** Why its last analysis failed; it can be tried again. */
  readonly failure?: Problem;
  readonly analysis?: VertebraAnalysis;
  /** True when the mask was changed after the analysis: its results are of the mask before. */
  readonly stale?: boolean;
  /** How the mask came about in this session; absent for masks of a SEG. */
  readonly origin?: 'click' | 'search';
  /** A person changed voxels of that mask. */
  readonly corrected?: boolean;
}

/** The rules say which candidates are kept as lesions; changing them needs no new analysis. */
export interface Settings extends LesionRules {
  readonly slices: SliceChoice;
  readonly sampler: SamplerId;
  /** Slices with a lower P(malignant) are screened, not searched for lesions. */
  readonly screenBelow: number;
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

/** One segment of the lesion segmentation as listed in the panel. */
export type LesionRow = Pick<LesionSegment, 'index' | 'level' | 'kind' | 'voxels' | 'millilitres'> & {
  /** Attribution score of the best kept candidate; absent for a segmentation drawn elsewhere. */
  readonly score?: number;
};

export type Saving =
  | { readonly status: 'unsaved' }
  | { readonly status: 'saving' }
  | { readonly status: 'saved'; readonly seriesDescription: string }
  | { readonly status: 'failed'; readonly problem: Problem };

export interface LesionResult {
  /** 'analysis': computed in this session; 'stored': read back from a SEG of the study. */
  readonly origin: 'analysis' | 'stored';
  readonly rows: readonly LesionRow[];
  /** SEMIAUTOMATIC once a person changed a voxel or a label. */
  readonly algorithmType: 'AUTOMATIC' | 'SEMIAUTOMATIC';
  readonly saving: Saving;
}

/** Tabs of the panel, from left to right. */
export const TAB_IDS = ['analyse', 'burden', 'prior', 'report', 'export'] as const;
export type TabId = (typeof TAB_IDS)[number];

/** What every tab's content is given. */
export interface TabProps {
  readonly state: PanelState;
  readonly actions: PanelActions;
}

export interface PanelState extends Findings {
  readonly review: Review;
  readonly exports: Exports;
  readonly tab: TabId;
  readonly ct: {
    readonly choices: readonly Choice[];
    readonly selected?: string;
    readonly reading: Loadable<CtSummary>;
  };
  readonly model: {
    readonly choices: readonly Choice[];
    readonly selected?: string;
    readonly loading: Loadable<ModelSummary>;
  };
  readonly vertebrae: {
    readonly choices: readonly Choice[];
    readonly selected?: string;
    readonly reading: Loadable<readonly VertebraEntry[]>;
    /** Segments of the SEG that are not used. */
    readonly unused?: readonly UnusedMask[];
  };
  readonly find: FindState;
  readonly focus: Focus;
  readonly order: StripOrder;
  /** Whether candidates are outlined in the viewports. */
  readonly outlines: boolean;
  /** The viewer's brush is on, for a lesion of this kind in the vertebra looked at, or its eraser. */
  readonly painting?: PaintTool;
  readonly settings: Settings;
  readonly run: Run;
  /** Undefined before an analysis and when the study holds no stored result. */
  readonly lesions?: LesionResult;
  /** A stored result that could not be read back. */
  readonly lesionsProblem?: Problem;
}

/** What the panel can switch on in the viewer. */
export type PaintTool = LesionKind | 'erase';

/** What the user can do. Failures end in the state, never in the caller. */
export interface PanelActions extends ReviewActions, FocusActions, FindingsActions, ExportsActions {
  readonly find: FindActions;
  showTab(tab: TabId): void;
  selectCt(displaySetInstanceUID: string): void;
  selectModel(id: string): void;
  selectVertebrae(displaySetInstanceUID: string): void;
  relabel(label: number, level: VertebraLevel): void;
  /** Calls every vertebra by the next level towards the pelvis (1) or the head (-1). */
  shiftLevels(steps: 1 | -1): void;
  include(label: number, included: boolean): void;
  setSettings(change: Partial<Settings>): void;
  analyse(labels: readonly number[]): void;
  cancel(): void;
  /** Switches brush or eraser on, or off when it is on. */
  paint(tool: PaintTool): void;
  /** Pauses (true) or resumes (false) the analysis at work, within one network evaluation. */
  pause(paused: boolean): void;
  save(): void;
  retryModel(): void;
  /** Shows a segment of the lesion segmentation. */
  goToLesion(segmentIndex: number): void;
  /** @param lps mm */
  goToPoint(lps: readonly [number, number, number]): void;
}

export const initialSettings: Settings = {
  slices: 'all',
  sampler: 'fast',
  screenBelow: SCREEN_BELOW,
  threshold: ATTRIBUTION_THRESHOLD,
  minPixels: MIN_PIXELS,
};

export const initialState: PanelState = {
  ...initialFindings,
  review: initialReview,
  exports: initialExports,
  tab: 'analyse',
  ct: { choices: [], reading: { status: 'idle' } },
  model: { choices: [], loading: { status: 'idle' } },
  vertebrae: { choices: [], reading: { status: 'idle' } },
  find: initialFind,
  focus: initialFocus,
  order: 'level',
  outlines: true,
  settings: initialSettings,
  run: { status: 'idle' },
};

/** The vertebrae that "Analyse" would take. */
export function includedVertebrae(state: PanelState): readonly VertebraEntry[] {
  const { reading } = state.vertebrae;
  return reading.status === 'ready' ? reading.value.filter(v => v.included && !v.problem) : [];
}

/** Whether an analysis can be started now. */
export function canAnalyse(state: PanelState): boolean {
  return (
    state.run.status !== 'running' && state.ct.reading.status === 'ready' && state.model.loading.status === 'ready'
  );
}
