/** Keys that count while the focus is in the panel; those of the whole viewer are the mode's hotkeys. */
import type { KeyboardEvent } from 'react';
import type { PanelActions } from '../state/state';

type HistoryActions = Pick<PanelActions, 'undo' | 'redo'>;

/** Ctrl+Z and Ctrl+Shift+Z take back and do again; "?" opens the sheet of keys. */
export function panelKey(event: KeyboardEvent<HTMLElement>, actions: HistoryActions, onHelp: () => void): void {
  if (isText(event.target)) return;
  if (isForControl(event)) {
    // The host takes Enter for its segmentation tools and arrows for the next image: the control would never see them.
    event.stopPropagation();
    return;
  }
  const command = event.ctrlKey || event.metaKey;
  if (event.key === '?') onHelp();
  else if (command && event.key.toLowerCase() === 'z') (event.shiftKey ? actions.redo : actions.undo)();
  else return;
  // The host's own undo would take back a brush stroke that is a step of ours already.
  event.preventDefault();
  event.stopPropagation();
}

const CONTROL_KEYS: readonly string[] = [
  ...['Enter', ' ', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown'],
];

/** Keys that a focused control works with, without the modifiers of hotkeys. */
function isForControl({ key, shiftKey, ctrlKey, altKey, metaKey, target }: KeyboardEvent<HTMLElement>): boolean {
  const modified = shiftKey || ctrlKey || altKey || metaKey;
  return !modified && CONTROL_KEYS.includes(key) && target instanceof Element && target.closest(CONTROLS) !== null;
}

const CONTROLS =
  'button, input, select, textarea, a[href], [role="tab"], [role="option"], [role="listbox"], [role="combobox"]';

/** Fields for text have an undo of their own. */
function isText(target: EventTarget): boolean {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === 'text');
}
