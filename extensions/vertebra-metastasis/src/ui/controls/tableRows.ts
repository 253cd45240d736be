/** Tables whose rows are chosen with the arrow keys. */
import type { KeyboardEvent } from 'react';

/** Calls `move` for the arrow down (1) and up (-1). */
export function arrowKey(event: KeyboardEvent, move: (step: 1 | -1) => void): void {
  const step = ({ ArrowDown: 1, ArrowUp: -1 } as const)[event.key];
  if (!step || event.shiftKey || event.ctrlKey) return;
  move(step);
  // The host would turn the slices.
  event.preventDefault();
  event.stopPropagation();
}

/** Stays in sight while the rows of a list are scrolled through. */
export const STICKY_HEAD = { position: 'sticky', top: 0, zIndex: 2 } as const;

/** Of the row selected: its tint is not drawn in forced colours. */
export const rowOutline = (selected: boolean) =>
  selected ? { outline: '1px solid hsl(var(--primary))', outlineOffset: '-1px' } : {};

/** Of a button that is on: what can be seen without its tint. */
export const pressedBorder = (pressed: boolean) =>
  pressed ? { borderWidth: '2px', borderColor: 'hsl(var(--primary))', borderStyle: 'solid' } : {};

/** Brings the row into sight inside its box alone; scrollIntoView would move the rest of the panel, too. */
export function scrollWithin(row: HTMLTableRowElement): void {
  const table = row.closest('table');
  const box = table?.parentElement;
  if (!box) return;
  const head = table.tHead?.offsetHeight ?? 0;
  const [top, bottom] = [row.offsetTop - head, row.offsetTop + row.offsetHeight];
  if (top < box.scrollTop) box.scrollTop = top;
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
}

/** What sticks to the top of the panel above the rows, CSS pixels. */
const STICKY_PX = 64;
/** So much below a row is to be seen with it: its details unfold there. */
const ROOM_PX = 420;

/** Brings a row of a list that scrolls with the whole tab into sight, with room for what unfolds below it. */
export function scrollToRow(row: HTMLTableRowElement): void {
  const box = row.closest('[role="tabpanel"]');
  if (!box) return;
  const [inside, own] = [box.getBoundingClientRect(), row.getBoundingClientRect()];
  const above = own.top - inside.top - STICKY_PX;
  const below = inside.bottom - own.bottom - ROOM_PX;
  if (above < 0) box.scrollTop += above;
  else if (below < 0) box.scrollTop += Math.min(above, -below);
}
