/** Keys that count while the focus is in the panel; those of the whole viewer are the mode's hotkeys. */
import type { KeyboardEvent } from 'react';
import type { PanelActions } from './state';

type HistoryActions = Pick<PanelActions, 'undo' | 'redo'>;

/** Ctrl+Z and Ctrl+Shift+Z take back and do again; "?" opens the sheet of keys. */
export function panelKey(event: KeyboardEvent<HTMLElement>, actions: HistoryActions, onHelp: () => void): void {
  if (isText(event.target)) return;
  const command = event.ctrlKey || event.metaKey;
  if (event.key === '?') onHelp();
  else if (command && event.key.toLowerCase() === 'z') (event.shiftKey ? actions.redo : actions.undo)();
  else return;
  // The host's own undo would take back a brush stroke that is a step of ours already.
  event.preventDefault();
  event.stopPropagation();
}

/** Fields for text have an undo of their own. */
function isText(target: EventTarget): boolean {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === 'text');
}
