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

/**
 * Hotkeys of the viewer while a checkbox, a slider or a drop-down of the panel has the focus: the host leaves keys of such controls alone, so
 * they are sent again from the panel itself. Call it in the capture phase: a drop-down would take the letter for the name of a choice.
 */
export function passHotkey(event: KeyboardEvent<HTMLElement>): void {
  const { key, shiftKey, ctrlKey, altKey, metaKey, target, currentTarget } = event;
  if (!shiftKey || ctrlKey || altKey || metaKey || !HOTKEY.test(key) || isText(target)) return;
  if (!(target instanceof Element) || target.closest('input, select, [role="combobox"]') === null) return;
  event.preventDefault();
  event.stopPropagation();
  const { code, keyCode } = event.nativeEvent;
  const again = new globalThis.KeyboardEvent('keydown', { key, code, shiftKey, bubbles: true, cancelable: true });
  // The host's hotkeys read the old numbers, which the constructor does not take everywhere.
  Object.defineProperties(again, { keyCode: { value: keyCode }, which: { value: keyCode } });
  currentTarget.dispatchEvent(again);
}

const HOTKEY = /^([A-Za-z]|Arrow(Up|Down|Left|Right))$/;

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
