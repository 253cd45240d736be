import { useEffect, useState, useSyncExternalStore } from 'react';
import { Panel, stringsFor } from '../ui';
import { guardedActions, guardLeaving } from './guards';
import type { HostContext } from './host';
import type { Visit } from './visit';

/** Where OHIF keeps the language the user chose. */
const LANGUAGE_KEY = 'i18nextLng';

/** Connects the pure panel with the controller of this visit. */
export function PanelHost({ visit, host }: { visit: Visit; host: HostContext }) {
  const [{ store, actions }] = useState(() => visit.open(host));
  const state = useSyncExternalStore(store.subscribe, store.get);
  const [strings] = useState(() => stringsFor(localStorage.getItem(LANGUAGE_KEY) ?? navigator.language));
  const [guarded] = useState(() => guardedActions(actions, store, strings, question => window.confirm(question)));
  useEffect(() => guardLeaving(store, strings), [store, strings]);
  useEffect(() => {
    visit.panelVisible = true;
    return () => {
      visit.panelVisible = false;
    };
  }, [visit]);
  return <Panel state={state} actions={guarded} strings={strings} />;
}
