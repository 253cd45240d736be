import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { bundlePage } from './bundlePage';

/** The host's packages as its page has them. */
const externals = {
  react: 'var globalThis["react"]',
  'react-dom': 'var globalThis["react-dom"]',
  'react-dom/client': 'var globalThis["react-dom"]',
  // Counts the elements made: what was drawn anew.
  'react/jsx-runtime': 'var globalThis.spineJsx',
  '@ohif/ui-next': 'var globalThis["@ohif/ui-next"]',
};

/** Runs a script of test/browser/panel in the host's page, which must be open. */
export async function addPanelScript(page: Page, name: string): Promise<void> {
  await page.evaluate(() => {
    interface Jsx {
      jsx(...args: unknown[]): unknown;
      jsxs(...args: unknown[]): unknown;
    }
    const host = globalThis as unknown as Record<string, unknown>;
    const runtime = host['react/jsx-runtime'] as Jsx;
    const elements = { count: 0 };
    host.spineElements = elements;
    host.spineJsx = {
      ...runtime,
      jsx: (...args: unknown[]) => (elements.count++, runtime.jsx(...args)),
      jsxs: (...args: unknown[]) => (elements.count++, runtime.jsxs(...args)),
    };
  });
  const folder = await bundlePage(join(__dirname, '../panel', name), externals);
  // Evaluated, not added as a script: the page's Content-Security-Policy allows no scripts of others.
  await page.evaluate(`${readFileSync(join(folder, 'page.js'), 'utf8')}\n;undefined`);
}
