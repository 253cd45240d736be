/** Pictures for the documentation: `npm run screenshots` sets where they go, other runs make none. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { ROOT } from '../../support/shared';

const folder = process.env.SPINE_SCREENSHOTS;

/** Whether pictures are made in this run. */
export const pictured = Boolean(folder);

const SIZES = [
  [1280, 800],
  [1600, 1000],
  [2560, 1300],
] as const;
/** Grey images with few colours lose nothing that can be seen. */
const COLOURS = '96';
const TIMEOUT_MS = 120_000;

/**
 * Photographs a state at the three widths of the documentation: <name>-1280.png and so on.
 * @param only 'panel': cut to our panel, for states that the viewports do not show
 */
export async function picture(page: Page, name: string, only?: 'panel'): Promise<void> {
  if (!folder) return;
  const target = join(ROOT, folder);
  mkdirSync(target, { recursive: true });
  const before = page.viewportSize();
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await page.waitForFunction(() => document.getAnimations().every(one => one.playState !== 'running'));
    const path = join(target, `${name}-${width}.png`);
    const part = only && page.locator('[data-cy="vertebra-metastasis-panel"]');
    await (part ?? page).screenshot({ path, timeout: TIMEOUT_MS });
    quantise(path);
  }
  if (before) await page.setViewportSize(before);
}

/** With ImageMagick where it is installed; without it the picture stays as it is, a few times as large. */
function quantise(path: string): void {
  spawnSync('convert', [
    path,
    '-dither',
    'None',
    '-colors',
    COLOURS,
    '-define',
    'png:compression-level=9',
    `PNG8:${path}`,
  ]);
}
