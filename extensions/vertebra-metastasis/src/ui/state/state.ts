/**
 * What the panel shows. The session in ohif/ selects one immutable PanelState from its store; components only read it.
 */
import { ATTRIBUTION_THRESHOLD, MIN_PIXELS } from '../../core/method';
import { PRESETS } from '../../core/study';
import type { VertebraLevel } from '../../core/types';
import { type Exports, type ExportsActions, initialExports } from './exports';
import { type Findings, type FindingsActions, initialFindings } from './findings';
import { type FindActions, type FindState, initialFind } from './findState';
import { type Focus, type FocusActions, initialFocus, type VertebraOrder } from './focus';
import { initialLesionOrder, type LesionOrder } from './lesionOrder';
import type { SpineOverview } from './overview';
import { initialReview, type Review, type ReviewActions } from './review';
import type {
  AvailableModel,
  Choice,
  CtSummary,
  DraftOffer,
  ExpectedTime,
  LesionResult,
  Loadable,
  ModelSummary,
  PassedOverObject,
  PaintTool,
  Problem,
  Run,
  Settings,
  SliceCounts,
  UnusedMask,
  VertebraEntry,
} from './values';

export * from './values';

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
    /** The viewports show other series than the one analysed: these of the choices. */
    readonly hanging?: { readonly problem: Problem; readonly instead: readonly Choice[] };
    /** Slices that the viewer could not load. */
    readonly missing?: { readonly problem: Problem; readonly reloading: boolean };
    readonly passedOver: readonly PassedOverObject[];
  };
  readonly model: {
    readonly choices: readonly Choice[];
    /** Not there yet. */
    readonly available?: readonly AvailableModel[];
    readonly selected?: string;
    readonly loading: Loadable<ModelSummary>;
  };
  readonly vertebrae: {
    readonly choices: readonly Choice[];
    readonly selected?: string;
    readonly reading: Loadable<readonly VertebraEntry[]>;
    /** Of the vertebrae that were analysed, in this session or as a stored result says. */
    readonly analysed?: readonly SliceCounts[];
    /** Segments of the SEG that are not used. */
    readonly unused?: readonly UnusedMask[];
    /** What is odd about the masks although it may be right. */
    readonly doubts?: readonly Problem[];
  };
  readonly find: FindState;
  /** Absent without masks. */
  readonly overview?: SpineOverview;
  readonly focus: Focus;
  readonly order: VertebraOrder;
  readonly lesionOrder: LesionOrder;
  /** Whether candidates are outlined in the viewports. */
  readonly outlines: boolean;
  /** The viewer's brush is on, for a lesion of this kind in the selected vertebra, or its eraser. */
  readonly painting?: PaintTool;
  readonly settings: Settings;
  /** Absent before a model is open. */
  readonly expected?: ExpectedTime;
  readonly run: Run;
  /** Labels to be analysed in which a person worked: what becomes of that work is asked. */
  readonly asked?: readonly number[];
  /** Undefined before an analysis and when the study holds no stored result. */
  readonly lesions?: LesionResult;
  /** Unsaved work on this CT that was left behind, e.g. by a crash. */
  readonly draft?: DraftOffer;
  /** A stored result that could not be read back. */
  readonly lesionsProblem?: Problem;
}

/** What the user can do. Failures end in the state, never in the caller. */
export interface PanelActions extends ReviewActions, FocusActions, FindingsActions, ExportsActions {
  readonly find: FindActions;
  showTab(tab: TabId): void;
  selectCt(displaySetInstanceUID: string): void;
  /** Shows the CT that is analysed in the viewports. */
  showCt(): void;
  /** Loads slices again that the viewer could not load. */
  reloadImages(): void;
  selectModel(id: string): void;
  selectVertebrae(displaySetInstanceUID: string): void;
  relabel(label: number, level: VertebraLevel): void;
  /** Calls every vertebra by a level so many places towards the pelvis, or the head (below 0). One step of the history. */
  shiftLevels(steps: number): void;
  include(label: number, included: boolean): void;
  setSettings(change: Partial<Settings>): void;
  /** @param overWork what becomes of a person's work there; without it that person is asked */
  analyse(labels: readonly number[], overWork?: 'keep' | 'replace'): void;
  /** Nothing is analysed after all. */
  dismissQuestion(): void;
  cancel(): void;
  /** Switches brush or eraser on, or off when it is on. */
  paint(tool: PaintTool): void;
  /** Fills the slices left out between those in which the lesion in focus, or under the brush, was drawn. */
  fillBetween(): void;
  /** Pauses (true) or resumes (false) the analysis at work, within one network evaluation. */
  pause(paused: boolean): void;
  save(): void;
  /** Takes left-behind work up again, or deletes it. */
  resumeDraft(): void;
  discardDraft(): void;
  retryModel(): void;
  /** @param lps mm */
  goToPoint(lps: readonly [number, number, number]): void;
}

export const initialSettings: Settings = {
  ...PRESETS.standard,
  threshold: ATTRIBUTION_THRESHOLD,
  minPixels: MIN_PIXELS,
};

export const initialState: PanelState = {
  ...initialFindings,
  review: initialReview,
  exports: initialExports,
  tab: 'analyse',
  ct: { choices: [], reading: { status: 'idle' }, passedOver: [] },
  model: { choices: [], loading: { status: 'idle' } },
  vertebrae: { choices: [], reading: { status: 'idle' } },
  find: initialFind,
  focus: initialFocus,
  order: 'level',
  lesionOrder: initialLesionOrder,
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
