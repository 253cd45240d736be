import { type CandidateKey, decidedCandidates, labelOfKey, type LesionKind } from '../core';
import { chosenKeys, includedVertebrae, type PanelState } from '../ui';
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
      spineAccept: withController(({ store, actions }) => {
        const keys = chosenKeys(store.get().focus);
        if (keys.length > 0) actions.accept(keys);
      }),
      spineReject: withController(({ actions }) => {
        actions.showTab('analyse');
        // The reason is a choice of its own, made in the panel.
        requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-cy="reject"]:not([disabled])')?.focus());
      }),
      spineChangeKind: withController(changeKind),
      spineReviewed: withController(({ store, actions }) => {
        const { focus, review } = store.get();
        const { findings, reviewed } = review.present;
        if (focus.label === undefined || !findings.some(({ label }) => label === focus.label)) return;
        actions.setReviewed(focus.label, !reviewed.includes(focus.label));
      }),
      spineBrush: withController(({ store, actions }) => actions.paint(kindOfFocus(store.get()))),
      spineEraser: withController(({ actions }) => actions.paint('erase')),
      spineOutlines: withController(({ store, actions }) => actions.setOutlines(!store.get().outlines)),
      spineUndo: withController(({ actions }) => actions.undo()),
      spineRedo: withController(({ actions }) => actions.redo()),
    },
    defaultContext: 'CORNERSTONE',
  };
}

/** All chosen candidates become of the kind that the first is not. */
function changeKind({ store, actions }: Controller): void {
  const keys = chosenKeys(store.get().focus);
  const kind = kindOf(store.get(), keys[0]);
  if (kind) actions.setKind(keys, kind === 'lytic' ? 'blastic' : 'lytic');
}

/** What the brush paints: the kind of the selected region. */
function kindOfFocus(state: PanelState): LesionKind {
  const painting = state.painting === 'erase' ? undefined : state.painting;
  return painting ?? kindOf(state, state.focus.key) ?? 'lytic';
}

function kindOf({ review: { present } }: PanelState, key: CandidateKey | undefined): LesionKind | undefined {
  const findings = present.findings.find(({ label }) => key !== undefined && label === labelOfKey(key));
  return findings && decidedCandidates(findings, present).find(one => one.key === key)?.kind;
}
