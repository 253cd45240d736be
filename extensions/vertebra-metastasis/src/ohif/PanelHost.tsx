import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Panel } from '../ui';
import { useCoveredRoom } from './host/coveredRoom';
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
  const place = useRef<HTMLDivElement>(null);
  const covered = useCoveredRoom(place);
  return (
    <div ref={place} className="h-full min-h-0" style={{ paddingBottom: covered, boxSizing: 'border-box' }}>
      <Panel state={state} actions={actions} strings={strings} hover={hover} />
    </div>
  );
}
