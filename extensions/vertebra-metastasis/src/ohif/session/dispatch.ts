/** The only way from a person's action to the session. */
import type { RejectReason } from '../../core';
import type { PanelActions, PanelState } from '../../ui';
import { measureAgain } from './burden/burden';
import type { App, Context } from './context';
import { selectCt } from './ct/actions';
import { reloadImages, showCt } from './ct/images';
import { discardDraft, resumeDraft } from './drafts/actions';
import { exportFile, setExportOptions } from './exports/actions';
import { save } from './exports/saving';
import { retryModel, selectModel } from './model/actions';
import { setSectors, setSins, showWorksheet } from './planning/actions';
import { searchPriors, selectPrior } from './prior/prior';
import { goToChange, keepIdentities, showPrior } from './prior/view';
import {
  acceptTargets,
  decideAndGo,
  goToNextUndecided,
  goToNextUnreviewed,
  markReviewed,
  mergeTargets,
  rejectDoubted,
  rejectTargets,
  resetTargets,
  toggleReviewed,
  setKindOf,
  splitTarget,
} from './review/actions';
import { answerFor } from './review/answer';
import { commitRules, type OverWork, redoStep, slideRules, undoStep } from './review/commit';
import {
  closeVertebra,
  goToCandidate,
  goToLesion,
  goToVertebra,
  nextCandidate,
  nextLesion,
  nextVertebra,
  selectRange,
  toggleSelected,
} from './review/focus';
import { syncEditsFromViewer } from './review/lesions';
import { fillBetween, paint } from './review/painting';
import { analyseOrAsk, cancel, dismissQuestion, pause } from './run/actions';
import { patchState, type Preferences } from './store';
import { acceptNext } from './vertebrae/click';
import { changeRow } from './vertebrae/rows';
import {
  eraseBody,
  relabelInSession,
  shiftInSession,
  syncBodyEditsFromViewer,
  undoBodies,
} from './vertebrae/sessionVertebrae';
import { relabel, selectVertebrae, shiftAll } from './vertebrae/source';
import { search, setFindTool } from './vertebrae/tool';

/** Takes in what was drawn in the viewer, bodies before the lesions that are called after them. */
export function syncFromViewer(context: Context): void {
  syncBodyEditsFromViewer(context);
  syncEditsFromViewer(context);
}

/**
 * Makes everything a person has under way part of the session: strokes that the viewer has not told of yet, then the rules a slider
 * shows (the segmentation that follows from them replaces what is drawn in the viewer).
 */
export function commitPending(context: Context): void {
  syncFromViewer(context);
  commitRules(context);
}

/** @param panel what the panel shows now */
export function createActions(app: App, panel: () => PanelState): PanelActions {
  /** An action on the session that is open. What is pending is committed before it. */
  const on =
    <A extends unknown[]>(action: (context: Context, ...given: A) => unknown) =>
    (...given: A): void => {
      const context = app.context();
      commitPending(context);
      void action(context, ...given);
    };
  /** An action that leads beyond the session. */
  const onApp =
    <A extends unknown[]>(action: (app: App, ...given: A) => unknown) =>
    (...given: A): void => {
      commitPending(app.context());
      void action(app, ...given);
    };
  const prefer = on(({ store }, change: Partial<Preferences>) => patchState(store, 'preferences', change));
  return {
    find: {
      setTool: on(setFindTool),
      search: on(search),
      cancel: on(({ session }) => session.state.vertebrae.job?.abort()),
      acceptNext: on(acceptNext),
      confirmLevel: on(relabelInSession),
      shiftLevels: on(shiftInSession),
      erase: on(eraseBody),
      undo: on(undoBodies),
    },
    showTab: tab => prefer({ tab }),
    setOrder: order => prefer({ order }),
    setLesionOrder: lesionOrder => prefer({ lesionOrder }),
    setOutlines: outlines => prefer({ outlines }),
    setSettings: on(({ store }, change) =>
      patchState(store, 'preferences', ({ settings }) => ({ settings: { ...settings, ...change } }))
    ),
    selectCt: onApp(selectCt),
    showCt: on(showCt),
    reloadImages: on(reloadImages),
    selectModel: onApp(selectModel),
    retryModel: onApp(retryModel),
    selectVertebrae: on(selectVertebrae),
    relabel: on(relabel),
    shiftLevels: on(shiftAll),
    include: on((context, label: number, included: boolean) =>
      changeRow(context, label, row => ({ ...row, included }))
    ),
    analyse: on((context, labels: readonly number[], overWork?: OverWork) => {
      // Who asks for one vertebra wants to see it.
      if (labels.length === 1) goToVertebra(context, labels[0]);
      return analyseOrAsk(context, labels, overWork);
    }),
    dismissQuestion: on(dismissQuestion),
    cancel: on(cancel),
    pause: on(pause),
    goToVertebra: on(goToVertebra),
    goToCandidate: on(goToCandidate),
    closeVertebra: on(closeVertebra),
    goToLesion: on((context, id: string) => goToLesion(context, id)),
    toggleSelected: on(toggleSelected),
    selectRange: on((context, id: string) => selectRange(context, panel(), id)),
    nextLesion: on((context, step: 1 | -1) => nextLesion(context, panel(), step)),
    nextUndecided: on(context => goToNextUndecided(context, panel())),
    nextUnreviewed: on(context => goToNextUnreviewed(context, panel())),
    nextVertebra: on((context, step: 1 | -1) => nextVertebra(context, panel(), step)),
    nextCandidate: on((context, step: 1 | -1) => nextCandidate(context, panel(), step)),
    // A slider goes on: what it showed before is no step of its own.
    setRules: change => {
      const context = app.context();
      syncFromViewer(context);
      slideRules(context, change);
    },
    accept: on(acceptTargets),
    reject: on(rejectTargets),
    resetDecision: on(resetTargets),
    setKind: on(setKindOf),
    merge: on(mergeTargets),
    split: on(splitTarget),
    acceptAndGo: on(context => decideAndGo(context, panel(), ids => acceptTargets(context, ids))),
    rejectAndGo: on((context, reason: RejectReason) => {
      patchState(context.store, 'preferences', { reason });
      decideAndGo(context, panel(), ids => rejectTargets(context, ids, reason));
    }),
    rejectAgainAndGo: on(context => {
      const { reason } = context.store.getState().preferences;
      decideAndGo(context, panel(), ids => rejectTargets(context, ids, reason));
    }),
    rejectDoubted: on(context => rejectDoubted(context, panel())),
    toggleReviewed: on(context => toggleReviewed(context, panel())),
    setReviewed: on(markReviewed),
    answer: on(answerFor),
    undo: on(undoStep),
    redo: on(redoStep),
    paint: on(paint),
    fillBetween: on(fillBetween),
    resumeDraft: on(resumeDraft),
    discardDraft: on(discardDraft),
    save: on(save),
    setExportOptions: on(setExportOptions),
    exportFile: on(exportFile),
    goToPoint: on(({ ports }, lps: readonly [number, number, number]) => ports.navigation.goTo(lps)),
    measureBurden: on(measureAgain),
    showWorksheet: on(showWorksheet),
    setSins: on(setSins),
    setSectors: on(setSectors),
    searchPriors: on(searchPriors),
    selectPrior: on(selectPrior),
    showPrior: on(showPrior),
    keepIdentities: on(keepIdentities),
    goToChange: on(goToChange),
  };
}
