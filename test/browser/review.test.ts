/** A radiologist's review: look why, reject one, move the threshold, undo, save, reload, go on. Tiny model, WebAssembly. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { ROOT } from '../support/shared';
import { shownLesions } from './pages/lesionVoxels';
import { useViewer } from './support/viewer';

const demo = 'Synthetic phantom spine';
const timeoutMs = 240_000;
/** Set by `npm run screenshots`: pictures for the documentation. */
const pictures = process.env.SPINE_SCREENSHOTS;

async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  const folder = join(ROOT, pictures);
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  for (const [width, height] of [
    [1280, 800],
    [1600, 1000],
    [2560, 1300],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.waitForFunction(() => document.getAnimations().every(one => one.playState !== 'running'));
    await page.screenshot({ path: join(folder, `review-${name}-${width}.png`) });
  }
  if (before) await page.setViewportSize(before);
}

/** Serious and critical violations of the panel. */
async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: require.resolve('axe-core') });
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

describe('a review in the viewer', () => {
  const suite = useViewer();

  suite.test(
    'rejects, moves the threshold, undoes to the same voxels, saves, and finds all of it after reloading',
    async ({ page, worklist, viewer, panel, log }) => {
      page.setDefaultTimeout(90_000);
      await worklist.open();
      await worklist.select(demo);
      await worklist.openMode('Spine Oncology');
      await panel.waitUntilReady();
      await viewer.waitForImage();
      await panel.choose('model', 'Tiny test model');
      await panel.waitUntilReady();
      await panel.choose('slices', 'Central slice only');
      await panel.choose('search', 'Every slice (as published)');
      await panel.vertebra('T11').locator('[data-cy="analyse-one"]').click();
      expect(await panel.waitForStatus('run-bar', 'done', 'error')).toBe('done');
      await panel.vertebra('T11').locator('[data-cy="go-to"]').click();
      const kept = panel.root.locator('[data-cy="candidate-row"][data-kept="true"]');
      const all = await kept.count();
      expect(all).toBeGreaterThan(0);
      const passing = () => panel.part('passing').getAttribute('data-kept').then(Number);
      expect(await passing()).toBe(all);
      const first = await shownLesions(page);

      await kept.first().click();
      for (const name of ['original', 'reconstruction', 'healthyEdit', 'difference', 'composite', 'harmonised']) {
        await panel.part(`why-image-${name}`).waitFor();
      }
      await picture(page, 'why');
      expect(await violations(page)).toEqual([]);
      await panel.choose('reject', 'Schmorl node');
      await panel.root.locator('[data-verdict="rejected"]').waitFor();
      expect(await passing()).toBe(all - 1);
      await panel.part('lesion-origin').and(page.locator('[data-algorithm="SEMIAUTOMATIC"]')).waitFor();
      const rejected = await shownLesions(page);
      expect(rejected).not.toEqual(first);

      await panel.part('threshold').fill('3.9');
      await panel.root.locator('[data-cy="undo"]:not([disabled])').waitFor();
      await page.waitForFunction(
        was => document.querySelector('[data-cy="passing"]')?.getAttribute('data-kept') !== was,
        String(all - 1)
      );
      await panel.part('undo').click();
      await panel.root.locator(`[data-cy="passing"][data-kept="${all - 1}"]`).waitFor();
      expect(await shownLesions(page)).toEqual(rejected);
      await panel.part('undo').click();
      await panel.root.locator(`[data-cy="passing"][data-kept="${all}"]`).waitFor();
      expect(await shownLesions(page)).toEqual(first);
      await panel.part('redo').click();
      await panel.part('reviewed').check();
      await panel.part('save-seg').click();
      expect(await panel.waitForStatus('save-bar', 'failed', 'saved')).toBe('saved');

      await page.reload();
      await panel.root.locator('[data-cy="vertebra-row-T11"][data-reviewed="true"]').waitFor();
      await viewer.waitForImage();
      expect(await shownLesions(page)).toEqual(rejected);
      await panel.vertebra('T11').locator('[data-cy="go-to"]').click();
      expect(await panel.part('passing').getAttribute('data-kept')).toBe(String(all - 1));
      await picture(page, 'reloaded');
      await panel.part('help').click();
      await panel.part('help-sheet').waitFor();
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );
});
