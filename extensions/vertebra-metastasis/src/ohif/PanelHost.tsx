import { useEffect, useState, useSyncExternalStore } from 'react';
import { Panel } from '../ui';
import type { HostContext } from './host/host';
import { chosenStrings } from './host/language';
import type { ModeSession } from './modeSession';

/** Connects the pure panel with the controller of this stay in the mode. */
export function PanelHost({ modeSession, host }: { modeSession: ModeSession; host: HostContext }) {
  const [{ store, actions, hover }] = useState(() => modeSession.open(host));
  const state = useSyncExternalStore(store.subscribe, store.get);
  const [strings] = useState(chosenStrings);
  useEffect(() => {
    modeSession.panelVisible = true;
    return () => {
      modeSession.panelVisible = false;
    };
  }, [modeSession]);
  return <Panel state={state} actions={actions} strings={strings} hover={hover} />;
}
