/** One store: what concerns the whole stay in the mode, and the session of the CT that is open. */
import { subscribeWithSelector } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { LesionRules, RejectReason } from '../../core';
import {
  type Exports,
  type Focus,
  initialExports,
  initialFocus,
  initialPlanning,
  initialState,
  type PanelState,
  type Planning,
} from '../../ui';
import { type BurdenSlice, initialBurden } from './burden/state';
import { type CtSlice, initialStudy, type StudyState } from './ct/state';
import type { Draft } from './drafts/state';
import { type ExportsSlice, initialExportsSlice } from './exports/state';
import { initialModel, modelRules, type ModelState } from './model/state';
import { initialOverview, type OverviewSlice } from './overview/state';
import { initialPrior, type PriorSlice } from './prior/state';
import { newReview, type ReviewSlice } from './review/state';
import { initialRun, type RunSlice } from './run/state';
import { initialVertebrae, type VertebraeSlice } from './vertebrae/state';

/** Everything about one CT. Another CT gets another session, so nothing is ever reset. */
export interface SessionState {
  readonly ct: CtSlice;
  readonly vertebrae: VertebraeSlice;
  readonly run: RunSlice;
  readonly review: ReviewSlice;
  readonly burden: BurdenSlice;
  readonly prior: PriorSlice;
  readonly overview: OverviewSlice;
  readonly planning: Planning;
  readonly exports: ExportsSlice;
  /** Unsaved work on this CT that was left behind, as long as nobody has decided about it. */
  readonly draft: {
    /** Whether there is some is known. */
    readonly looked: boolean;
    readonly offer?: Draft;
  };
  /** Vertebra and candidate selected. */
  readonly focus: Focus;
}

/** How the panel is set; stays when another CT is opened. */
export interface Preferences extends Pick<PanelState, 'tab' | 'order' | 'lesionOrder' | 'outlines'> {
  readonly settings: Omit<PanelState['settings'], keyof LesionRules>;
  readonly exportOptions: Exports['options'];
  /** Of the last rejection: what one key rejects with. */
  readonly reason: RejectReason;
}

export interface State {
  readonly study: StudyState;
  readonly model: ModelState;
  readonly preferences: Preferences;
  readonly session: SessionState;
}

export type Store = ReturnType<typeof createAppStore>;

export function createAppStore() {
  const { tab, order, lesionOrder, outlines, settings } = initialState;
  const { slices, sampler, screenBelow } = settings;
  return createStore<State>()(
    subscribeWithSelector(
      (): State => ({
        study: initialStudy,
        model: initialModel,
        preferences: {
          tab,
          order,
          lesionOrder,
          outlines,
          settings: { slices, sampler, screenBelow },
          exportOptions: initialExports.options,
          reason: 'other',
        },
        session: newSession({}, modelRules(initialModel)),
      })
    )
  );
}

export function newSession(ct: CtSlice, rules: LesionRules): SessionState {
  return {
    ct,
    vertebrae: initialVertebrae,
    run: initialRun,
    review: newReview(rules),
    burden: initialBurden,
    prior: initialPrior,
    overview: initialOverview,
    planning: initialPlanning,
    exports: initialExportsSlice,
    draft: { looked: false },
    focus: initialFocus,
  };
}

type Change<S> = Partial<S> | ((before: S) => Partial<S>);

const changed = <S>(before: S, change: Change<S>): S => ({
  ...before,
  ...(typeof change === 'function' ? change(before) : change),
});

/** The session of one CT as its actions see it. Once it is closed, nothing changes it any more. */
export class Session {
  private atClosing: SessionState | undefined;

  constructor(
    private readonly store: Store,
    initial: SessionState
  ) {
    store.setState({ session: initial });
  }

  get state(): SessionState {
    return this.atClosing ?? this.store.getState().session;
  }

  get closed(): boolean {
    return this.atClosing !== undefined;
  }

  /** Replaces fields of one slice. */
  patch<K extends keyof SessionState>(slice: K, change: Change<SessionState[K]>): void {
    this.update(state => ({ [slice]: changed(state[slice], change) }) as Partial<SessionState>);
  }

  /** Changes several slices at once: nobody sees a state in between. */
  update(change: (state: SessionState) => Partial<SessionState>): void {
    if (this.closed) return;
    this.store.setState(({ session }) => ({ session: changed(session, change) }));
  }

  close(): void {
    this.atClosing ??= this.store.getState().session;
  }
}

/** Replaces fields of what outlives a session. */
export function patchState<K extends 'study' | 'model' | 'preferences'>(
  store: Store,
  part: K,
  change: Change<State[K]>
): void {
  store.setState(state => ({ [part]: changed(state[part], change) }) as Partial<State>);
}
