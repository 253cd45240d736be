/** The state machine behind the panel: one per visit to the mode. */
import { emptyReview, startHistory } from '../../core';
import { createHover, type Hover, initialState, type PanelActions, type PanelState } from '../../ui';
import { innerVoxelLps } from '../segmentation/centroid';
import { createStore, type Store } from './store';
import { measureAgain, watchBurden } from './burden';
import type { Context, Ports, Session } from './context';
import { exportFile, setExportOptions } from './exports';
import { takeEdits } from './lesions';
import { retryModel, selectModel, startModel } from './model';
import { reviewActions } from './reviewActions';
import { watchOutlines } from './outlines';
import { paint } from './painting';
import { analyse, pause } from './run';
import { searchPriors, selectPrior, watchPrior } from './prior';
import { keepIdentities } from './priorIdentity';
import { goToChange, showPrior } from './priorView';
import { save } from './saving';
import { changeEntry } from './entries';
import { takeBodyEdits } from './found';
import { findActions, showMarks } from './findActions';
import { focusActions } from './focusActions';
import { refreshStudy, selectCt } from './study';
import { relabel, selectVertebrae, shiftAll } from './vertebrae';
import { setSectors, setSins, showWorksheet, watchWorksheets } from './worksheets';

export type { ModelEntry, ModelPort, Ports, PriorPort, StudyPort } from './context';

export interface Controller {
  readonly store: Store<PanelState>;
  readonly actions: PanelActions;
  /** The candidate under the pointer. */
  readonly hover: Hover;
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
  const hover = createHover();
  const stopListening = [
    ports.study.onChange(() => refreshStudy(context)),
    ports.view.onEdit(() => takeEdits(context)),
    watchBurden(context),
    watchPrior(context),
    watchWorksheets(context),
    ports.bodyView.onEdit(() => takeBodyEdits(context)),
    store.subscribe(showMarks(context)),
    watchOutlines(context, hover),
  ];
  refreshStudy(context);
  void startModel(context);
  return { store, actions: createActions(context), hover, dispose: () => dispose(context, stopListening) };
}

function createActions(context: Context): PanelActions {
  const { store, session, ports } = context;
  const focus = focusActions(context);
  return {
    ...focus,
    find: findActions(context),
    showTab: tab => store.update(state => ({ ...state, tab })),
    selectCt: uid => selectCt(context, uid),
    selectModel: id => void selectModel(context, id),
    retryModel: () => void retryModel(context),
    selectVertebrae: uid => selectVertebrae(context, uid),
    relabel: (label, level) => relabel(context, label, level),
    shiftLevels: steps => shiftAll(context, steps),
    include: (label, included) => changeEntry(context, label, one => ({ ...one, included })),
    setSettings: change => store.update(state => ({ ...state, settings: { ...state.settings, ...change } })),
    analyse: labels => {
      // Who asks for one vertebra wants to see it.
      if (labels.length === 1) focus.goToVertebra(labels[0]);
      void analyse(context, labels);
    },
    ...reviewActions(context),
    paint: tool => void paint(context, tool),
    cancel: () => session.run?.abort(),
    pause: paused => pause(context, paused),
    save: () => void save(context),
    setExportOptions: change => setExportOptions(context, change),
    exportFile: (kind, destination) => void exportFile(context, kind, destination),
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
