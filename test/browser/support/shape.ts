/** What hands and eyes need of the panel: targets, letters, one list to scroll, and differences that forced colours leave. */
import type { Page } from 'playwright-core';

const PANEL = '[data-cy="vertebra-metastasis-panel"]';

/** Controls smaller than 24 CSS pixels in a direction (WCAG 2.2, 2.5.8; with the label around them) and letters smaller than 12. */
export function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(panel => {
    const root = document.querySelector(panel)!;
    const isSeen = (one: Element) =>
      one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
    const called = (one: Element) => one.getAttribute('data-cy') ?? one.outerHTML.slice(0, 100);
    const found = new Set<string>();
    for (const one of root.querySelectorAll('button, input, select, textarea, a[href], [role="combobox"]')) {
      if (!isSeen(one)) continue;
      const { width, height } = (one.closest('label') ?? one).getBoundingClientRect();
      if (Math.min(width, height) < 23.5)
        found.add(`${called(one)}: ${width.toFixed(0)} x ${height.toFixed(0)} pixels`);
    }
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement!;
      if (!node.textContent?.trim() || !isSeen(parent) || parent.closest('option')) continue;
      const size = parseFloat(getComputedStyle(parent).fontSize);
      if (size < 12) found.add(`"${node.textContent.trim().slice(0, 40)}": letters of ${size} pixels`);
    }
    return [...found];
  }, PANEL);
}

/** Lists inside the tab that scroll on their own; a text to copy may. */
export function listsInLists(page: Page): Promise<string[]> {
  return page.evaluate(panel => {
    const tab = document.querySelector(`${panel} [role="tabpanel"]:not([hidden])`)!;
    return [...tab.querySelectorAll('*')]
      .filter(one => !one.matches('textarea, pre, input') && one.scrollHeight > one.clientHeight + 1)
      .filter(one => ['auto', 'scroll'].includes(getComputedStyle(one).overflowY))
      .map(one => `${one.outerHTML.slice(0, 120)} scrolls inside the tab`);
  }, PANEL);
}

/** Heads of lists that leave the view while their rows are scrolled through. */
export function looseHeads(page: Page): Promise<string[]> {
  return page.evaluate(panel => {
    const tab = document.querySelector(`${panel} [role="tabpanel"]:not([hidden])`)!;
    const loose: string[] = [];
    for (const table of tab.querySelectorAll('table')) {
      const rows = [...table.querySelectorAll('tbody tr')];
      const head = table.tHead;
      if (!head || rows.length < 4) continue;
      rows[rows.length - 2].scrollIntoView({ block: 'center' });
      const [inside, own] = [tab.getBoundingClientRect(), head.getBoundingClientRect()];
      const isScrolled = rows[0].getBoundingClientRect().top < inside.top;
      if (isScrolled && own.bottom <= inside.top + 1) loose.push(`head of ${table.getAttribute('data-cy')}`);
    }
    tab.scrollTop = 0;
    return loose;
  }, PANEL);
}

/**
 * Pairs that look alike once the browser has taken the author's colours away. Each pair: what it is, and two selectors inside the panel.
 * @returns those that are there and cannot be told apart
 */
export async function alikeInForcedColours(
  page: Page,
  pairs: readonly (readonly [what: string, one: string, other: string])[]
): Promise<string[]> {
  await page.emulateMedia({ forcedColors: 'active' });
  try {
    return await page.evaluate(
      ([panel, all]) => {
        const root = document.querySelector(panel)!;
        /** Shapes and texts; colours only where the browser leaves them. */
        const look = (one: Element): string => {
          const style = getComputedStyle(one);
          const keeps = style.forcedColorAdjust === 'none';
          const shape = [
            style.borderWidth,
            style.borderStyle,
            style.outlineStyle,
            style.outlineWidth,
            style.fontWeight,
          ];
          const colours = [style.backgroundColor, style.backgroundImage, style.borderColor];
          return [...shape, style.textDecorationLine, ...(keeps ? colours : [])].join();
        };
        return all.flatMap(([what, first, second]) => {
          const [one, other] = [first, second].map(selector => root.querySelector(selector));
          if (!one || !other) return [`${what}: not there`];
          return look(one) === look(other) ? [`${what} look alike in forced colours`] : [];
        });
      },
      [PANEL, pairs] as const
    );
  } finally {
    await page.emulateMedia({ forcedColors: 'none' });
  }
}
