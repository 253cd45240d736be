import { decidedCandidates, labelOfKey } from '../core';
import { chosenKeys, includedVertebrae } from '../ui';
import type { Controller } from './controller';
import type { Visit } from './visit';

/** Commands for hotkeys, toolbars and other extensions; without an open panel they do nothing. */
export function commandsModule(visit: Visit) {
  const withController = (run: (controller: Controller) => void) => ({
    commandFn: () => {
      if (visit.current) run(visit.current);
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
      spineUndo: withController(({ actions }) => actions.undo()),
      spineRedo: withController(({ actions }) => actions.redo()),
    },
    defaultContext: 'CORNERSTONE',
  };
}

/** All chosen candidates become of the kind that the first is not. */
function changeKind({ store, actions }: Controller): void {
  const { focus, review } = store.get();
  const keys = chosenKeys(focus);
  if (keys.length === 0) return;
  const findings = review.present.findings.find(({ label }) => label === labelOfKey(keys[0]));
  const first = findings && decidedCandidates(findings, review.present).find(({ key }) => key === keys[0]);
  if (first) actions.setKind(keys, first.kind === 'lytic' ? 'blastic' : 'lytic');
}
