/** Asks before unsaved work of a person is discarded. */
import type { PanelActions, Strings } from '../ui';
import type { Controller } from './session';

type Ask = (question: string) => boolean;

/** The actions, with a question before those that discard work. @param ask answers true to go on */
export function guardedActions(controller: Controller, { review: texts }: Strings, ask: Ask): PanelActions {
  const { actions, store, unsaved } = controller;
  const sure = (concerned: boolean, question: string) => !concerned || ask(question);
  return {
    ...actions,
    selectCt: uid => {
      if (sure(unsaved(), texts.unsavedCt)) actions.selectCt(uid);
    },
    selectVertebrae: uid => {
      const { decisions, reviewed } = store.get().review.present;
      const concerned = Object.keys(decisions).length > 0 || reviewed.length > 0;
      if (sure(concerned, texts.loseMasks)) actions.selectVertebrae(uid);
    },
  };
}

/** What leads out of the open study: the host's arrow and logo, and any link to another address. */
const WAYS_OUT = '[data-cy="return-to-work-list"], a[href]:not([target="_blank"]):not([href^="#"]):not([download])';

/**
 * Asks before the mode is left with unsaved work, wherever the user is: the panel may be collapsed or another one open. The page is closed or
 * reloaded, the host's arrow or a link is followed, or the browser goes back.
 * @returns a function that stops
 */
export function guardLeaving({ store, unsaved }: Pick<Controller, 'store' | 'unsaved'>, question: string, ask: Ask) {
  const closing = (event: BeforeUnloadEvent) => {
    if (unsaved()) event.preventDefault();
  };
  const leaving = (event: MouseEvent) => {
    const way = (event.target as Element | null)?.closest?.(WAYS_OUT);
    if (!way || !unsaved() || ask(question)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  // Going back cannot be prevented, so there is an entry of our own to go back to. It is made when there is something to lose.
  let entry = false;
  const addEntry = () => {
    if (entry || !unsaved()) return;
    entry = true;
    history.pushState(history.state, '');
  };
  const goingBack = (event: PopStateEvent) => {
    if (!entry) return;
    // The host must not hear of it: it would build the mode anew at the very same address.
    event.stopImmediatePropagation();
    entry = false;
    if (unsaved() && !ask(question)) addEntry();
    else history.back();
  };
  const stop = store.subscribe(addEntry);
  window.addEventListener('beforeunload', closing);
  window.addEventListener('popstate', goingBack, true);
  document.addEventListener('click', leaving, true);
  return () => {
    stop();
    window.removeEventListener('beforeunload', closing);
    window.removeEventListener('popstate', goingBack, true);
    document.removeEventListener('click', leaving, true);
  };
}
