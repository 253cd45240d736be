/** The state machine behind the panel: one per stay in the mode. */
import { createHover, type Hover, type PanelActions, type PanelState } from '../../ui';
import { watchBurden } from './burden/burden';
import type { App, Context } from './context';
import { refreshStudy } from './ct/actions';
import { watchImages } from './ct/images';
import { commitPending, createActions, syncFromViewer } from './dispatch';
import { startModel } from './model/actions';
import { createPanelView } from './panel';
import { watchDraft } from './drafts/actions';
import { hasUnsavedWork } from './exports/content';
import { watchOverview } from './overview/overview';
import { watchLevels, watchPlans } from './planning/actions';
import type { Ports } from './ports';
import { watchPrior } from './prior/prior';
import { watchSlider } from './review/commit';
import { watchOutlines } from './review/outlines';
import { syncSegmentNames } from './review/segmentNames';
import { createAppStore, Session, type SessionState, type Store } from './store';
import { watchLevelLabels } from './vertebrae/levelLabels';
import { watchMarks } from './vertebrae/tool';

export { preferredCt } from './ct/preferred';
export type { DraftPort, ModelEntry, ModelPort, Ports, PriorPort, StudyPort } from './ports';

export interface Controller {
  /** What the panel shows. */
  readonly store: {
    get(): PanelState;
    /** @returns a function that stops listening */
    subscribe(listener: () => void): () => void;
  };
  readonly actions: PanelActions;
  /** Whether a person's work would be lost if the mode ended now. */
  unsaved(): boolean;
  /** The candidate under the pointer. */
  readonly hover: Hover;
  /** Stops whatever runs and frees the model. Nothing changes the state afterwards. */
  dispose(): Promise<void>;
}

/** Starts at once: looks at the study and opens the default model. */
export function createController(ports: Ports): Controller {
  const store = createAppStore();
  const app = createApp(store, ports);
  const view = createPanelView();
  const panel = () => view(store.getState());
  const hover = createHover();
  const sync = () => syncFromViewer(app.context());
  const stops = [
    ports.study.onChange(() => refreshStudy(app)),
    ports.view.onEdit(sync),
    ports.bodyView.onEdit(sync),
    ports.view.onNames(() => syncSegmentNames(app.context())),
    watchImages(app),
    watchSlider(app),
    watchDraft(app),
    watchBurden(app),
    watchPrior(app),
    watchPlans(app),
    watchLevels(app),
    watchMarks(app),
    watchOverview(app),
    watchLevelLabels(app),
    watchOutlines(app, hover),
  ];
  refreshStudy(app);
  void startModel(app);
  return {
    store: { get: panel, subscribe: listener => store.subscribe(listener) },
    actions: createActions(app, panel),
    unsaved: () => hasUnsavedWork(store.getState().session),
    hover,
    dispose: async () => {
      app.disposed = true;
      for (const stop of stops) stop();
      closeSession(app.context());
      ports.bodies.release();
      await ports.model.release();
    },
  };
}

function createApp(store: Store, ports: Ports): App {
  const contextOf = (initial: SessionState): Context => {
    const context: Context = {
      store,
      ports,
      session: new Session(store, initial),
      commitPending: () => commitPending(context),
    };
    return context;
  };
  let current = contextOf(store.getState().session);
  return {
    store,
    ports,
    disposed: false,
    context: () => current,
    replaceSession: next => {
      closeSession(current);
      return (current = contextOf(next));
    },
  };
}

/** Ends whatever the session has under way in worker and viewer. */
function closeSession({ session, ports }: Context): void {
  const { run, vertebrae, review } = session.state;
  session.close();
  run.job?.abort.abort();
  if (run.job) ports.model.setPaused(false);
  vertebrae.job?.abort();
  if (review.painting) ports.paint.stop();
  ports.clicks.stop();
  ports.prior.hide();
  ports.view.clear();
  ports.bodyView.clear();
}
