/** The state machine behind the panel: one per visit to the mode. */
import { accept, emptyReview, merge, reject, setKind, setReviewed, split, startHistory, undecide } from '../../core';
import { initialState, type PanelActions, type PanelState } from '../../ui';
import { innerVoxelLps } from '../centroid';
import { createStore, type Store } from '../store';
import { measureAgain, watchBurden } from './burden';
import type { Context, Ports, Session } from './context';
import { exportFile, setExportOptions } from './exports';
import { takeEdits } from './lesions';
import { retryModel, selectModel, startModel } from './model';
import { present, redoStep, slideRules, step, undoStep } from './review';
import { analyse } from './run';
import { searchPriors, selectPrior, watchPrior } from './prior';
import { keepIdentities } from './priorIdentity';
import { goToChange, showPrior } from './priorView';
import { save } from './saving';
import { changeEntry, entries } from './entries';
import { takeBodyEdits } from './found';
import { findActions, showMarks } from './findActions';
import { refreshStudy, selectCt } from './study';
import { relabel, selectVertebrae } from './vertebrae';
import { setSectors, setSins, showWorksheet, watchWorksheets } from './worksheets';

export type { ModelEntry, ModelPort, Ports, PriorPort, StudyPort } from './context';

export interface Controller {
  readonly store: Store<PanelState>;
  readonly actions: PanelActions;
  /** Stops whatever runs and frees the model. Nothing changes the state afterwards. */
  dispose(): Promise<void>;
}

/** Starts at once: looks at the study and opens the default model. */
export function createController(ports: Ports): Controller {
  const store = createStore(initialState);
  const session: Session = {
    review: startHistory(emptyReview),
    identities: new Map(),
    projections: new WeakMap(),
    modelEntries: [],
    unnamedSegments: [],
    burdenAttempt: 0,
    unsent: new Map(),
    versions: new Map(),
    ctChosen: false,
    segChosen: false,
    disposed: false,
  };
  const context: Context = { store, ports, session };
  const stopListening = [
    ports.study.onChange(() => refreshStudy(context)),
    ports.view.onEdit(() => takeEdits(context)),
    watchBurden(context),
    watchPrior(context),
    watchWorksheets(context),
    ports.bodyView.onEdit(() => takeBodyEdits(context)),
    store.subscribe(showMarks(context)),
  ];
  refreshStudy(context);
  void startModel(context);
  return { store, actions: createActions(context), dispose: () => dispose(context, stopListening) };
}

function createActions(context: Context): PanelActions {
  const { store, session, ports } = context;
  const goToVertebra = (label: number) => {
    const centre = entries(context).find(one => one.label === label)?.centreLps;
    if (centre?.every(Number.isFinite)) ports.goTo(centre);
  };
  return {
    find: findActions(context),
    showTab: tab => store.update(state => ({ ...state, tab })),
    selectCt: uid => selectCt(context, uid),
    selectModel: id => void selectModel(context, id),
    retryModel: () => void retryModel(context),
    selectVertebrae: uid => selectVertebrae(context, uid),
    relabel: (label, level) => relabel(context, label, level),
    include: (label, included) => changeEntry(context, label, one => ({ ...one, included })),
    setSettings: change => store.update(state => ({ ...state, settings: { ...state.settings, ...change } })),
    analyse: labels => {
      // Who asks for one vertebra wants to see it.
      if (labels.length === 1) goToVertebra(labels[0]);
      void analyse(context, labels);
    },
    setRules: change => slideRules(context, change),
    accept: keys => step(context, accept(present(context), keys)),
    reject: (keys, reason) => step(context, reject(present(context), keys, reason)),
    undecide: keys => step(context, undecide(present(context), keys)),
    setKind: (keys, kind) => step(context, setKind(present(context), keys, kind)),
    merge: keys => step(context, merge(present(context), keys)),
    split: key => step(context, split(present(context), key)),
    setReviewed: (label, reviewed) => step(context, setReviewed(present(context), label, reviewed)),
    undo: () => undoStep(context),
    redo: () => redoStep(context),
    cancel: () => session.run?.abort(),
    save: () => void save(context),
    setExportOptions: change => setExportOptions(context, change),
    exportFile: (kind, destination) => void exportFile(context, kind, destination),
    goToVertebra,
    goToLesion: index => {
      const point = session.lesions && innerVoxelLps(session.lesions.labelmap, index);
      if (point) ports.goTo(point);
    },
    measureBurden: () => measureAgain(context),
    showWorksheet: level => showWorksheet(context, level),
    setSins: (level, field, answer) => setSins(context, level, field, answer),
    setSectors: (level, sectors) => setSectors(context, level, sectors),
    searchPriors: () => void searchPriors(context),
    selectPrior: id => void selectPrior(context, id),
    showPrior: shown => void showPrior(context, shown),
    keepIdentities: () => void keepIdentities(context),
    goToChange: index => goToChange(context, index),
    goToPoint: lps => ports.goTo(lps),
  };
}

async function dispose({ session, ports }: Context, stopListening: readonly (() => void)[]): Promise<void> {
  session.disposed = true;
  for (const stop of stopListening) stop();
  session.run?.abort();
  session.foundJob?.abort();
  ports.clicks.stop();
  ports.bodies.release();
  await ports.model.release();
}
