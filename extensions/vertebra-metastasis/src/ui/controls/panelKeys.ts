/** Keys that count while the focus is in the panel; those of the whole viewer are the mode's hotkeys. */
import type { KeyboardEvent } from 'react';
import type { PanelActions } from '../state/state';

type HistoryActions = Pick<PanelActions, 'undo' | 'redo'>;

/** Ctrl+Z and Ctrl+Shift+Z take back and do again; "?" opens the sheet of keys. */
export function panelKey(event: KeyboardEvent<HTMLElement>, actions: HistoryActions, onHelp: () => void): void {
  if (isTyping(event.target)) return;
  if (isForControl(event)) {
    // The host takes Enter for its segmentation tools, arrows for the next image and H for a mirrored one: the control would share the key.
    event.stopPropagation();
    // Letters the host hears of as `keypress`, which follows unless it is prevented. A native list finds its entry by it.
    if (isLetterOf(event, DRAWN_CHOICES)) event.preventDefault();
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
 * Hotkeys of the viewer while a checkbox, a slider, a drop-down or a field that takes no letters has the focus: the host leaves keys of such
 * controls alone, so they are sent again from the panel itself. Call it in the capture phase: a drop-down would take the letter for the name
 * of a choice.
 */
export function passHotkey(event: KeyboardEvent<HTMLElement>): void {
  const { key, shiftKey, ctrlKey, altKey, metaKey, target, currentTarget } = event;
  if (!shiftKey || ctrlKey || altKey || metaKey || !HOTKEY.test(key) || !(target instanceof Element)) return;
  // A question has to be answered first, and letters belong into a text.
  if (takesLetters(target) || target.closest(QUESTION) || target.closest(SILENT) === null) return;
  event.preventDefault();
  event.stopPropagation();
  const { code, keyCode } = event.nativeEvent;
  const again = new globalThis.KeyboardEvent('keydown', { key, code, shiftKey, bubbles: true, cancelable: true });
  // The host's hotkeys read the old numbers, which the constructor does not take everywhere.
  Object.defineProperties(again, { keyCode: { value: keyCode }, which: { value: keyCode } });
  currentTarget.dispatchEvent(again);
}

const HOTKEY = /^([A-Za-z]|Arrow(Up|Down|Left|Right))$/;
/** What the host's hotkeys do not listen to. */
const SILENT = 'input, select, textarea, [role="combobox"]';
const QUESTION = 'dialog, [role="dialog"]';

/** Keys that press something. */
const PRESS: readonly string[] = ['Enter', ' '];
/** Keys that would scroll the panel or swap the series in the viewports. */
const SCROLL: readonly string[] = ['Home', 'End', 'PageUp', 'PageDown'];
const ARROWS: readonly string[] = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];

const BUTTONS = 'button, a[href], summary';
/** Controls that arrows move in. */
const MOVED_IN =
  'input, select, textarea, [role="tab"], [role="radio"], [role="option"], [role="listbox"], [role="combobox"]';
/** A letter chooses the entry that begins with it. */
const DRAWN_CHOICES = '[role="option"], [role="listbox"], [role="combobox"]';
const CHOICES = `select, ${DRAWN_CHOICES}`;

/** Keys that a focused control works with, without the modifiers of hotkeys. */
function isForControl({ key, shiftKey, ctrlKey, altKey, metaKey, target }: KeyboardEvent<HTMLElement>): boolean {
  if (ctrlKey || altKey || metaKey || !(target instanceof Element)) return false;
  const isIn = (controls: string) => target.closest(controls) !== null;
  // Capitals are hotkeys, which a closed drop-down has passed on before; an open one looks for the name.
  if (isLetterOf({ key, target }, CHOICES)) return true;
  if (shiftKey) return false;
  if (PRESS.includes(key)) return isIn(`${BUTTONS}, ${MOVED_IN}`);
  if (SCROLL.includes(key)) return true;
  return ARROWS.includes(key) && isIn(MOVED_IN);
}

function isLetterOf({ key, target }: Pick<KeyboardEvent, 'key' | 'target'>, controls: string): boolean {
  return key.length === 1 && key !== ' ' && target instanceof Element && target.closest(controls) !== null;
}

/** Inputs that are pressed or moved, not typed into. */
const NO_TEXT: readonly string[] = ['button', 'checkbox', 'radio', 'range', 'reset', 'submit'];

/** Fields to type into have an undo of their own. */
function isTyping(target: EventTarget): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !NO_TEXT.includes(target.type);
}

/** A number has no letters, and a text to copy takes none. */
function takesLetters(target: Element): boolean {
  if (target instanceof HTMLTextAreaElement) return !target.readOnly;
  return isTyping(target) && (target as HTMLInputElement).type !== 'number';
}
