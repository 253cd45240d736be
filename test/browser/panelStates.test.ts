/** Every state of the Analyse tab in the host's own page: no serious accessibility violation, nothing cut off at the side. */
import type { Page } from 'playwright-core';

import { violations } from './support/accessibility';
import { unexplainedNumbers } from './support/numbers';
import { addPanelScript } from './support/panelPage';
import { picture } from './support/pictures';
import { alikeInForcedColours, listsInLists, looseHeads, tooSmall } from './support/shape';
import { useViewer } from './support/viewer';

interface HostWindow {
  spineStates: string[];
  showSpineState(name: string, language: string): void;
}
const timeoutMs = 900_000;
const PANEL = '[data-cy="vertebra-metastasis-panel"]';

async function show(page: Page, name: string, language: string): Promise<void> {
  await page.evaluate(([state, tag]) => (window as unknown as HostWindow).showSpineState(state, tag), [
    name,
    language,
  ] as const);
  await page.locator(PANEL).waitFor();
}

/** Elements of the panel that reach beyond its right edge, by their text; what ends in an ellipsis before it does not. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(panel => {
    const root = document.querySelector(panel)!;
    const edge = root.getBoundingClientRect().right + 0.5;
    const beyond = (one: Element) => one.getBoundingClientRect().right > edge;
    const ellipsis = (one: Element | null): boolean =>
      one !== null &&
      one !== root &&
      (getComputedStyle(one).textOverflow === 'ellipsis' ? !beyond(one) : ellipsis(one.parentElement));
    return [...root.querySelectorAll('*')]
      .filter(one => beyond(one) && getComputedStyle(one).visibility !== 'hidden' && !ellipsis(one.parentElement))
      .map(one => one.outerHTML.slice(0, 120));
  }, PANEL);
}

/** Texts with a number as English writes it; versions such as 0.2.0 and what is marked as English are not meant. */
function decimalPoints(page: Page): Promise<string[]> {
  return page.evaluate(panel => {
    const walker = document.createTreeWalker(document.querySelector(panel)!, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent ?? '';
      if (/(?<![\d.])\d+\.\d+(?![\d.])/.test(text) && !node.parentElement!.closest('[lang="en"]')) found.push(text);
    }
    return found;
  }, PANEL);
}

/** Which of these parts end below what is seen of their tab. */
function belowTheFold(page: Page, parts: string[]): Promise<string[]> {
  return page.evaluate(names => {
    const bottomOf = (name: string) => document.querySelector(`[data-cy="${name}"]`)!.getBoundingClientRect().bottom;
    const edge = bottomOf('tabpanel-analyse') + 0.5;
    return names.filter(name => bottomOf(name) > edge).map(name => `${name} needs scrolling`);
  }, parts);
}

const mark = (kind: string) => `[data-cy="lesion-row"][data-kind="${kind}"] [data-cy="kind-mark"]`;
const on = (selector: string, attribute: string) =>
  ['true', 'false'].map(value => `${selector}[${attribute}="${value}"]`) as [string, string];
/** Kinds, and what is selected or pressed beside what is not. */
const PAIRS = [
  ['lytic and blastic', mark('lytic'), mark('blastic')],
  ['lytic and mixed', mark('lytic'), mark('mixed')],
  ['blastic and mixed', mark('blastic'), mark('mixed')],
  ['a lesion in focus and another', ...on('[data-cy="lesion-row"]', 'aria-current')],
  ['a vertebra in focus and another on the map', ...on('[data-cy="map-body"]', 'aria-current')],
  ['the tab shown and another', ...on('[role="tab"]', 'aria-selected')],
  ['the brush that is on and another', ...on('[data-cy^="paint-"]', 'aria-pressed')],
  ['the images as shown and another way', ...on('[data-cy^="why-"]', 'aria-pressed')],
] as const;

describe('the states of the panel', () => {
  const suite = useViewer({ withoutSearch: true });

  suite.test(
    'are accessible and fit, in English and German, at the narrowest width',
    async ({ page, worklist }) => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await worklist.open();
      await addPanelScript(page, 'statesPage.tsx');
      const names = await page.evaluate(() => (window as unknown as HostWindow).spineStates);
      const wrong: string[] = [];
      for (const name of names) {
        for (const language of ['de', 'en']) {
          await show(page, name, language);
          if (language === 'de') wrong.push(...(await decimalPoints(page)).map(one => `${name}: not German: "${one}"`));
          wrong.push(...(await cutOff(page)).map(one => `${name} ${language} is cut off: ${one}`));
        }
        wrong.push(...(await unexplainedNumbers(page)).map(one => `${name}: nothing explains "${one}"`));
        wrong.push(...(await violations(page)).map(one => `${name}: ${one}`));
        wrong.push(...(await tooSmall(page)).map(one => `${name}: ${one}`));
        await picture(page, `panel-${name}`, 'panel');
      }
      await page.setViewportSize({ width: 1280, height: 720 });
      for (const name of names) {
        await show(page, name, 'en');
        wrong.push(...[...(await listsInLists(page)), ...(await looseHeads(page))].map(one => `${name}: ${one}`));
      }
      await page.setViewportSize({ width: 1280, height: 800 });
      await show(page, 'decided', 'en');
      wrong.push(...(await alikeInForcedColours(page, PAIRS)));
      // With everything to choose unfolded, the vertebrae are in sight as well.
      for (const language of ['de', 'en']) {
        await show(page, 'ready', language);
        const rows = ['C7', 'T1', 'T2', 'T3', 'T4'].map(level => `vertebra-row-${level}`);
        wrong.push(...(await belowTheFold(page, rows)).map(one => `ready ${language}: ${one}`));
      }
      await show(page, 'looked-at', 'en');
      // Both rows of images and their scale are seen without scrolling.
      wrong.push(...(await belowTheFold(page, ['why-image-healthyEdit', 'why-image-harmonised', 'why-legend'])));
      await show(page, 'looked-at', 'de');
      await picture(page, 'panel-german', 'panel');
      await page.locator('[data-cy="help"]').click();
      wrong.push(...(await violations(page)).map(one => `help: ${one}`));
      await picture(page, 'panel-help', 'panel');
      await page.keyboard.press('Escape');
      await page.locator('[data-cy="help-sheet"]').waitFor({ state: 'detached' });
      expect(wrong).toEqual([]);
    },
    timeoutMs
  );
});
