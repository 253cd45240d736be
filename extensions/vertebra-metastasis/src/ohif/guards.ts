/** Nothing of a person's work is lost without a question. */
import { hasDecisions } from '../core';
import type { PanelActions, PanelState, Strings } from '../ui';
import type { Controller } from './session';

/** Lesions or decisions that no archive has. */
export function hasUnsavedWork({ lesions, review }: PanelState): boolean {
  if (!lesions || lesions.saving.status === 'saved') return false;
  return lesions.rows.length > 0 || Object.keys(review.present.decisions).length > 0;
}

/** The actions, with a question before those that discard work. @param ask answers true to go on */
export function guardedActions(
  actions: PanelActions,
  store: Pick<Controller['store'], 'get'>,
  { review: texts }: Strings,
  ask: (question: string) => boolean
): PanelActions {
  const sure = (concerned: boolean, question: string) => !concerned || ask(question);
  return {
    ...actions,
    selectCt: uid => {
      if (sure(hasUnsavedWork(store.get()), texts.unsavedCt)) actions.selectCt(uid);
    },
    selectVertebrae: uid => {
      const { decisions, reviewed } = store.get().review.present;
      const concerned = Object.keys(decisions).length > 0 || reviewed.length > 0;
      if (sure(concerned, texts.loseMasks)) actions.selectVertebrae(uid);
    },
    analyse: labels => {
      if (sure(hasDecisions(store.get().review.present, labels), texts.loseDecisions)) actions.analyse(labels);
    },
  };
}

/** Asks before the page is closed or the mode is left by the host's arrow. @returns a function that stops */
export function guardLeaving(store: Pick<Controller['store'], 'get'>, { review: texts }: Strings): () => void {
  const closing = (event: BeforeUnloadEvent) => {
    if (hasUnsavedWork(store.get())) event.preventDefault();
  };
  const leaving = (event: MouseEvent) => {
    const arrow = (event.target as Element | null)?.closest?.('[data-cy="return-to-work-list"]');
    if (!arrow || !hasUnsavedWork(store.get()) || window.confirm(texts.unsavedLeave)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('beforeunload', closing);
  document.addEventListener('click', leaving, true);
  return () => {
    window.removeEventListener('beforeunload', closing);
    document.removeEventListener('click', leaving, true);
  };
}
