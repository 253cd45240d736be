/** A radiologist's review: look why, reject one, move the threshold, undo, save, reload, go on. Tiny model, WebAssembly. */
import { shownLesions } from './pages/lesionVoxels';
import { violations } from './support/accessibility';
import { useViewer } from './support/viewer';

const demo = 'Synthetic phantom spine';
/** A network in software on a busy machine. */
const timeoutMs = 900_000;

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
      expect(await violations(page)).toEqual([]);
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
      const shown = () => panel.part('why').getAttribute('data-shown');
      const [key, other] = await kept.evaluateAll(rows => rows.map(row => row.getAttribute('data-key')!));
      expect(await shown()).toBe(key);
      // Pointing at another one shows it alone, in the images and in the viewports, for as long.
      await kept.nth(1).hover();
      const pointedAt = (strong: string) =>
        page.locator(`[data-cy="candidate-outlines"] path[data-key="${strong}"][data-strong="true"]`).first();
      await pointedAt(other).waitFor({ state: 'attached' });
      expect(await shown()).toBe(other);
      await panel.part('research-banner').hover();
      await pointedAt(other).waitFor({ state: 'detached' });
      expect(await shown()).toBe(key);
      await page.keyboard.press('Shift+ArrowRight');
      await panel.root.locator(`[data-key="${other}"][aria-current="true"]`).waitFor();
      await page.keyboard.press('Shift+ArrowLeft');
      await panel.root.locator(`[data-key="${key}"][aria-current="true"]`).waitFor();
      // The line in a viewport chooses its region in the list; the viewport stays where it is.
      await viewer.clickOutline('spine-sagittal', other);
      await panel.root.locator(`[data-key="${other}"][aria-current="true"]`).waitFor();
      await viewer.clickOutline('spine-sagittal', key);
      await panel.root.locator(`[data-key="${key}"][aria-current="true"]`).waitFor();
      const dashes = await page
        .locator('[data-cy="candidate-outlines"] path[data-kept="true"][data-strong="false"]')
        .evaluateAll(lines => lines.map(one => [one.getAttribute('data-kind'), one.hasAttribute('stroke-dasharray')]));
      expect(dashes.length).toBeGreaterThan(0);
      for (const [kind, dashed] of dashes) expect(dashed).toBe(kind === 'lytic');
      for (const name of ['original', 'reconstruction', 'healthyEdit', 'difference', 'composite', 'harmonised']) {
        await panel.part(`why-image-${name}`).waitFor();
      }
      expect(await violations(page)).toEqual([]);
      await panel.part('why-compare').click();
      await panel.part('why-position').waitFor();
      expect(await violations(page)).toEqual([]);
      await panel.part('why-flicker').click();
      await panel.part('why-flicker-now').click();
      await panel.part('why-sideBySide').click();
      await panel.choose('reject', 'Schmorl node');
      await panel.root.locator('[data-verdict="rejected"]').waitFor();
      expect(await passing()).toBe(all - 1);
      await panel.part('lesion-origin').and(page.locator('[data-algorithm="SEMIAUTOMATIC"]')).waitFor();
      const rejected = await shownLesions(page);
      expect(rejected).not.toEqual(first);

      const scores = await kept.evaluateAll(rows => rows.map(row => Number(row.getAttribute('data-score'))));
      await panel.part('threshold').fill(String(Math.floor(100 * Math.max(...scores)) / 100));
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
      await panel.root.locator(`[data-cy="passing"][data-kept="${all - 1}"]`).waitFor();

      // The brush of the viewer paints into this vertebra's lesion; one stroke is one step back.
      await viewer.choose('spine-axial');
      await page.keyboard.press('Shift+B');
      const painting = panel.root.locator('[data-cy^="paint-"][aria-pressed="true"]');
      await painting.waitFor();
      const before = await panel.voxels();
      await viewer.stroke('spine-axial');
      await panel.untilVoxels(voxels => voxels > before);
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Shift+B');
      await painting.waitFor({ state: 'detached' });
      await page.keyboard.press('Shift+Z');
      await panel.untilVoxels(voxels => voxels === before);
      expect(await shownLesions(page)).toEqual(rejected);

      await panel.part('reviewed').check();
      await panel.part('save-seg').click();
      expect(await panel.waitForStatus('save-bar', 'failed', 'saved')).toBe('saved');

      await page.reload();
      await panel.root.locator('[data-cy="vertebra-row-T11"][data-reviewed="true"]').waitFor();
      await viewer.waitForImage();
      expect(await shownLesions(page)).toEqual(rejected);
      await panel.vertebra('T11').locator('[data-cy="go-to"]').click();
      expect(await panel.part('passing').getAttribute('data-kept')).toBe(String(all - 1));
      expect(await violations(page)).toEqual([]);
      await panel.part('help').click();
      await panel.part('help-sheet').waitFor();
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );
});
