import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** Serious and critical violations of our panel as axe sees it now: rule and the first element concerned. */
export async function violations(page: Page): Promise<string[]> {
  const loaded = await page.evaluate(() => 'axe' in window);
  // Evaluated, not added as a script: the page's Content-Security-Policy allows no scripts of others.
  if (!loaded) await page.evaluate(`${readFileSync(require.resolve('axe-core'), 'utf8')}\n;undefined`);
  return page.evaluate(async () => {
    interface Axe {
      run(where: string): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
    }
    const { axe } = window as unknown as { axe: Axe };
    const found = await axe.run('[data-cy="vertebra-metastasis-panel"]');
    return found.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`);
  });
}
