import type { LesionKind } from '../core';
import { chosenLesions, focusedLesion, includedVertebrae, type PanelState } from '../ui';
import type { Controller } from './session';
import type { ModeSession } from './modeSession';

/** Commands for hotkeys, toolbars and other extensions; without an open panel they do nothing. */
export function commandsModule(modeSession: ModeSession) {
  const withController = (run: (controller: Controller) => void) => ({
    commandFn: () => {
      if (modeSession.current) run(modeSession.current);
    },
  });
  return {
    definitions: {
      spineAnalyse: withController(({ store, actions }) =>
        actions.analyse(includedVertebrae(store.get()).map(({ label }) => label))
      ),
      spineCancel: withController(({ actions }) => actions.cancel()),
      spinePause: withController(({ store, actions }) => {
        const { run } = store.get();
        if (run.status === 'running') actions.pause(!run.paused);
      }),
      spineSave: withController(({ actions }) => actions.save()),
      spineNextVertebra: withController(({ actions }) => actions.nextVertebra(1)),
      spinePreviousVertebra: withController(({ actions }) => actions.nextVertebra(-1)),
      spineNextCandidate: withController(({ actions }) => actions.nextCandidate(1)),
      spinePreviousCandidate: withController(({ actions }) => actions.nextCandidate(-1)),
      spineNextUndecided: withController(({ actions }) => actions.nextUndecided()),
      spineNextUnreviewed: withController(({ actions }) => actions.nextUnreviewed()),
      spineAccept: withController(({ actions }) => actions.acceptAndGo()),
      spineRejectAgain: withController(({ actions }) => actions.rejectAgainAndGo()),
      spineRejectDoubted: withController(({ actions }) => actions.rejectDoubted()),
      spineReject: withController(({ actions }) => {
        actions.showTab('analyse');
        // The reason is a choice of its own, made in the panel. Its letter may come with the very next key: a tab that has to be drawn first is
        // drawn with the next microtask.
        if (!focusReasons()) queueMicrotask(focusReasons);
      }),
      spineChangeKind: withController(changeKind),
      spineReviewed: withController(({ actions }) => actions.toggleReviewed()),
      spineBrush: withController(({ store, actions }) => actions.paint(kindOfFocus(store.get()))),
      spineEraser: withController(({ actions }) => actions.paint('erase')),
      spineFillBetween: withController(({ actions }) => actions.fillBetween()),
      spineOutlines: withController(({ store, actions }) => actions.setOutlines(!store.get().outlines)),
      spineUndo: withController(({ actions }) => actions.undo()),
      spineRedo: withController(({ actions }) => actions.redo()),
    },
    defaultContext: 'CORNERSTONE',
  };
}

/** @returns whether the keyboard is there now */
function focusReasons(): boolean {
  const reasons = document.querySelector<HTMLElement>('[data-cy="reject"]:not([disabled])');
  reasons?.focus();
  return reasons !== null && document.activeElement === reasons;
}

/** All chosen lesions become of the kind that the first is not. */
function changeKind({ store, actions }: Controller): void {
  const chosen = chosenLesions(store.get()).filter(({ slices }) => slices.length > 0);
  if (chosen.length === 0) return;
  const kind = chosen[0].kind === 'lytic' ? 'blastic' : 'lytic';
  actions.setKind(
    chosen.map(({ id }) => id),
    kind
  );
}

/** What the brush paints: the kind of the lesion in focus. */
function kindOfFocus(state: PanelState): LesionKind {
  const painting = state.painting === 'erase' ? undefined : state.painting;
  const kind = focusedLesion(state)?.kind;
  return painting ?? (kind === 'blastic' ? kind : 'lytic');
}
