import type { Page } from 'playwright-core';

const PANEL = '[data-cy="vertebra-metastasis-panel"]';

/**
 * Numbers of the panel that nothing explains: no tooltip on the number or around it, none on the head of its column.
 * Sentences, names of vertebrae, dates, buttons, progress and texts to copy explain themselves.
 * @returns their texts, each once
 */
export function unexplainedNumbers(page: Page): Promise<string[]> {
  return page.evaluate(panel => {
    /** A sentence, or a handful of words, says what its numbers are. */
    const prose = (text: string) => /[.:…]$/.test(text) || (text.match(/\p{L}{2,}/gu) ?? []).length >= 4;
    const SELF_EVIDENT = /^[CTLS]\d+$|^\d{4}-\d\d-\d\d/;
    const root = document.querySelector(panel)!;
    // The host's tooltips mark what opens them.
    const explains = (one: Element) =>
      one.hasAttribute('title') || one.hasAttribute('data-state') || one.querySelector(':scope > title') !== null;
    /** What a button does is on the button; how far something has come is beside its bar. */
    const action = (one: Element) =>
      one.closest('button') !== null ||
      one.closest('section, footer, [data-cy="run-bar"]')?.querySelector('[role="progressbar"]');
    const columnHead = (one: Element): Element | null => {
      const cell = one.closest('td, th');
      const table = cell?.closest('table');
      const head = table?.tHead?.rows[table.tHead.rows.length - 1];
      if (!cell || !head) return null;
      let column = 0;
      for (let before = cell.previousElementSibling; before; before = before.previousElementSibling) {
        column += (before as HTMLTableCellElement).colSpan;
      }
      let at = 0;
      for (const one of head.cells) {
        if (at === column) return one;
        at += one.colSpan;
      }
      return null;
    };
    const explained = (from: Element): boolean => {
      for (let one: Element | null = from; one && one !== root; one = one.parentElement) if (explains(one)) return true;
      const head = columnHead(from);
      return head !== null && (explains(head) || head.querySelector('[data-state], [title]') !== null);
    };
    const found = new Set<string>();
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? '';
      const parent = node.parentElement!;
      const whole = parent.textContent?.trim() ?? '';
      if (!/\d/.test(text) || SELF_EVIDENT.test(text) || prose(whole)) continue;
      if (!parent.checkVisibility() || parent.closest('textarea, pre, option, script, [aria-hidden="true"]')) continue;
      if (!explained(parent) && !action(parent)) found.add(whole);
    }
    return [...found];
  }, PANEL);
}
