import { useEffect, useState, useSyncExternalStore } from 'react';
import { Panel } from '../ui';
import { guardLeaving } from './guards';
import type { HostContext } from './host/host';
import { chosenStrings } from './host/language';
import type { Visit } from './modeSession';

/** Connects the pure panel with the controller of this visit. */
export function PanelHost({ visit, host }: { visit: Visit; host: HostContext }) {
  const [{ store, actions, hover }] = useState(() => visit.open(host));
  const state = useSyncExternalStore(store.subscribe, store.get);
  const [strings] = useState(chosenStrings);
  useEffect(() => guardLeaving(store, strings), [store, strings]);
  useEffect(() => {
    visit.panelVisible = true;
    return () => {
      visit.panelVisible = false;
    };
  }, [visit]);
  return <Panel state={state} actions={actions} strings={strings} hover={hover} />;
}
