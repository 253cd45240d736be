/** Pictures for the documentation: `npm run screenshots` sets where they go, other runs make none. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { palettePng } from '../../support/palettePng';
import { ROOT } from '../../support/shared';

const folder = process.env.SPINE_SCREENSHOTS;

const SIZES = [
  [1280, 800],
  [1600, 1000],
  [2560, 1300],
] as const;
/** Grey images with few colours lose nothing that can be seen. */
const COLOURS = 48;
const TIMEOUT_MS = 120_000;
/** The host's own messages come and go at the lower edge, over the panel as well. */
const HOST_MESSAGES = '[data-sonner-toaster] { visibility: hidden }';

/**
 * The window sizes a walk through the viewer is taken at: the usual one, and all three when pictures are wanted. The host lays its panels
 * out for the window in which it is opened.
 */
export const windowSizes: readonly (readonly [number, number])[] = folder ? SIZES : [[1600, 1000]];

/**
 * Photographs a state at the three widths of the documentation: <name>-1280.png and so on.
 * @param only 'panel': cut to our panel, for states that the viewports do not show
 */
export async function picture(page: Page, name: string, only?: 'panel'): Promise<void> {
  if (!folder) return;
  const before = page.viewportSize();
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await pictureNow(page, name, only);
  }
  if (before) await page.setViewportSize(before);
}

/** Photographs a state in the window as it is. */
export async function pictureNow(page: Page, name: string, only?: 'panel'): Promise<void> {
  if (!folder) return;
  if (!only) await wholeCt(page);
  const part = only && page.locator('[data-cy="vertebra-metastasis-panel"]');
  const shot = await (part ?? page).screenshot({ timeout: TIMEOUT_MS, animations: 'disabled', style: HOST_MESSAGES });
  mkdirSync(join(ROOT, folder), { recursive: true });
  const path = join(ROOT, folder, `${name}-${page.viewportSize()?.width}.png`);
  writeFileSync(path, palettePng(shot, COLOURS));
}

interface HostWindow {
  cornerstone: { cache: { getVolumes(): { loadStatus?: { loaded: boolean } }[] } };
}

/** Until every slice is there: in between, the viewports show copies of the slices next to those that are missing. */
async function wholeCt(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const streamed = (window as unknown as HostWindow).cornerstone.cache.getVolumes().filter(one => one.loadStatus);
    return streamed.length > 0 && streamed.every(({ loadStatus }) => loadStatus?.loaded);
  });
}
