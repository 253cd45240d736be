/** Every state of the Analyse tab in the host's own page: no serious accessibility violation, nothing cut off at the side. */
import type { Page } from 'playwright-core';

import { violations } from './support/accessibility';
import { addPanelScript } from './support/panelPage';
import { picture } from './support/pictures';
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

/** Elements of the panel that reach beyond its right edge, by their text. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(panel => {
    const root = document.querySelector(panel)!;
    const edge = root.getBoundingClientRect().right + 0.5;
    return [...root.querySelectorAll('*')]
      .filter(one => one.getBoundingClientRect().right > edge && getComputedStyle(one).visibility !== 'hidden')
      .map(one => one.outerHTML.slice(0, 120));
  }, PANEL);
}

describe('the states of the panel', () => {
  const suite = useViewer();

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
          wrong.push(...(await cutOff(page)).map(one => `${name} ${language} is cut off: ${one}`));
        }
        wrong.push(...(await violations(page)).map(one => `${name}: ${one}`));
        await picture(page, `panel-${name}`, 'panel');
      }
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
