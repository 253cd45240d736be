/**
 * A radiologist's way through the viewer: analyse, look why, reject, move the threshold, undo, draw, save in spite of a refusal, reload, go
 * on. Tiny model, WebAssembly; the analysis is the one that other tests start from.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { DemoStudy } from '../../viewer/src/demoStudy';
import { shownLesions } from './pages/lesionVoxels';
import { violations } from './support/accessibility';
import { ANALYSED_LEVEL, DEMO, keepAnalysed } from './support/analysedStudy';
import { Hands } from './support/hands';
import { pictureNow } from './support/pictures';
import { analyseOneSlice } from './support/quickAnalysis';
import { ctOf, lesionPlaces, storedLesions } from './support/storedLesions';
import { useViewer } from './support/viewer';
import { soon } from './support/soon';

/** One slice is some hundred network evaluations; on a busy machine without a GPU that takes minutes. */
const timeoutMs = 1_800_000;
const stepTimeoutMs = 300_000;
/** Middle of that body of the demo study, LPS mm. */
const L1 = [0, -1, 0] as const;

describe('a review in the viewer', () => {
  let demo: DemoStudy;
  let dataFolder: string;
  let ctFolder: string;
  const suite = useViewer({
    prepare: (temporary, study) => {
      demo = study;
      ctFolder = join(study.study, 'ct');
      dataFolder = join(temporary, 'stored');
      mkdirSync(dataFolder);
      return { dataFolder };
    },
  });

  suite.test(
    'analyses, looks why, rejects, moves the threshold, undoes to the same voxels, saves, and finds all of it after reloading',
    async test => {
      const { page, viewer, panel, log } = test;
      page.setDefaultTimeout(stepTimeoutMs);
      const stored = (version: number) =>
        storedLesions(dataFolder, ctFolder).find(({ content }) => content.version === version);

      await analyseOneSlice(test, DEMO, ANALYSED_LEVEL);
      await soon(() => panel.levels()).toEqual(['T11', 'T12', 'L1', 'L2', 'L3']);
      await soon(() => panel.part('provider').getAttribute('data-provider')).toBe('wasm');
      await soon(() => panel.part('research-banner').innerText()).toContain('Research use only');
      await panel.vertebra('T11').locator('[data-cy="go-to"]').click();
      const passing = () => panel.part('passing').getAttribute('data-kept').then(Number);
      const regions = await passing();

      // Every voxel listed is shown, and what the archive refuses is not lost.
      const found = await panel.lesions();
      const first = await shownLesions(page);
      const voxels = Object.values(first).flat();
      expect(found.map(({ segment }) => voxels.filter(([, label]) => label === segment).length)).toEqual(
        found.map(one => one.voxels)
      );
      expect(found.map(({ segment }) => segment)).toEqual(found.map((_, n) => n + 1));
      await page.route('**/dicomweb/studies**', route =>
        route.request().method() === 'POST' ? route.fulfill({ status: 507, body: 'disk full' }) : route.fallback()
      );
      expect(await panel.save()).toBe('failed');
      await soon(() => panel.problem('store-refused').innerText()).toContain('HTTP 507');
      await soon(() => shownLesions(page)).toEqual(first);
      expect(storedLesions(dataFolder, ctFolder)).toEqual([]);
      await page.unroute('**/dicomweb/studies**');
      expect(await panel.save()).toBe('saved');
      expect(stored(1)?.slices).toEqual(first);
      expect(stored(1)?.content.segments.map(({ level, algorithmType }) => [level, algorithmType])).toEqual(
        found.map(() => ['T11', 'AUTOMATIC'])
      );
      keepAnalysed(demo, dataFolder);

      // From the analysis to a saved review of every lesion: by keys, and again by clicks.
      const left = (count: number) => panel.root.locator(`[data-cy="next-undecided"][data-count="${count}"]`).waitFor();
      const undecided = Number(await panel.part('next-undecided').getAttribute('data-count'));
      expect(undecided).toBe(found.length);
      expect(undecided).toBeGreaterThanOrEqual(4);
      const saved = () => panel.root.locator('[data-cy="save-bar"][data-status="saved"]').waitFor();
      const keyboard = new Hands(page);
      await keyboard.press('Shift+N');
      // One key for each: the first is rejected, the others are accepted.
      await keyboard.press('Shift+J');
      await left(undecided - 1);
      for (let open = undecided - 2; open >= 0; open--) {
        await keyboard.press('Shift+K');
        await left(open);
      }
      await keyboard.press('Shift+S');
      await saved();
      await soon(() => panel.rejected()).toBe(1);
      expect(keyboard.keys).toBe(undecided + 2);
      expect(keyboard.keys).toBeLessThanOrEqual(25);
      expect(stored(2)?.content.segments.map(({ confirmed }) => confirmed)).toEqual(found.slice(1).map(() => true));
      for (let n = 0; n < undecided; n++) await page.keyboard.press('Shift+Z');
      await left(undecided);
      const mouse = new Hands(page);
      await mouse.click(panel.part('next-undecided'));
      for (let open = undecided - 1; open >= 0; open--) {
        await mouse.click(panel.part('accept'));
        await left(open);
      }
      await mouse.click(panel.part('save-seg'));
      await saved();
      expect(mouse.clicks).toBeLessThanOrEqual(20);
      process.stderr.write(`${undecided} lesions: ${keyboard.keys} keys, ${mouse.clicks} clicks\n`);
      for (let n = 0; n < undecided; n++) await page.keyboard.press('Shift+Z');
      await left(undecided);
      await soon(() => shownLesions(page)).toEqual(first);

      // A lesion in focus: outlined in the viewports, with its slices and the images behind them.
      const ids = await panel.part('lesion-row').evaluateAll(rows => rows.map(row => row.getAttribute('data-id')!));
      const [one, other] = ids;
      const chosen = (id: string) => panel.root.locator(`[data-id="${id}"][aria-current="true"]`).waitFor();
      await panel.part('lesion-row').first().click();
      await chosen(one);
      // The jump: the lesion is in the middle of every viewport.
      const segment = await panel.root.locator(`[data-id="${one}"]`).getAttribute('data-segment').then(Number);
      const lesion = lesionPlaces(first, segment, ctOf(ctFolder));
      for (const { id, middle } of await viewer.stillCameras()) {
        const away = Math.min(...lesion.map(place => Math.hypot(...place.map((mm, axis) => mm - middle[axis]))));
        expect([id, away < 5]).toEqual([id, true]);
      }
      const outlineOf = (id: string) =>
        page.locator(`[data-cy="candidate-outlines"] path[data-key="${id}"][data-strong="true"]`).first();
      await outlineOf(one).waitFor({ state: 'attached' });
      await panel.root.locator(`[data-id="${other}"]`).hover();
      await outlineOf(other).waitFor({ state: 'attached' });
      await panel.part('research-banner').hover();
      await outlineOf(other).waitFor({ state: 'detached' });
      // The line in a viewport chooses its lesion in the list; the viewport stays where it is.
      await viewer.clickOutline('spine-sagittal', other);
      await chosen(other);
      await viewer.clickOutline('spine-sagittal', one);
      await chosen(one);
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
      await panel.untilRejected(1);
      const all = regions;
      const afterRejection = await passing();
      expect(afterRejection).toBeLessThan(all);
      await panel.part('lesion-origin').and(page.locator('[data-algorithm="SEMIAUTOMATIC"]')).waitFor();
      const rejected = await shownLesions(page);
      expect(rejected).not.toEqual(first);

      const keeps = (count: number) => panel.root.locator(`[data-cy="passing"][data-kept="${count}"]`).waitFor();
      // At the right end of the slider no undecided region counts.
      await panel.part('threshold').fill((await panel.part('threshold').getAttribute('max'))!);
      await panel.root.locator('[data-cy="undo"]:not([disabled])').waitFor();
      await page.waitForFunction(
        was => document.querySelector('[data-cy="passing"]')?.getAttribute('data-kept') !== was,
        String(afterRejection)
      );
      await panel.part('undo').click();
      await keeps(afterRejection);
      await soon(() => shownLesions(page)).toEqual(rejected);
      await panel.part('undo').click();
      await keeps(all);
      await soon(() => shownLesions(page)).toEqual(first);
      await panel.part('redo').click();
      await keeps(afterRejection);

      // The brush of the viewer paints into this vertebra's lesion; one stroke is one step back.
      await viewer.choose('spine-axial');
      await page.keyboard.press('Shift+B');
      const painting = panel.root.locator('[data-cy^="paint-"][aria-pressed="true"]');
      await painting.waitFor();
      const before = await panel.voxels();
      await viewer.stroke('spine-axial');
      await panel.untilVoxels(count => count > before);
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Shift+B');
      await painting.waitFor({ state: 'detached' });
      await page.keyboard.press('Shift+Z');
      await panel.untilVoxels(count => count === before);
      await soon(() => shownLesions(page)).toEqual(rejected);

      await panel.part('reviewed').check();
      const listed = await panel.lesions();
      expect(await panel.save()).toBe('saved');
      expect(stored(4)?.slices).toEqual(rejected);

      await page.reload();
      await panel.root.locator('[data-cy="vertebra-row-T11"][data-reviewed="true"]').waitFor();
      await soon(() => panel.lesions()).toEqual(listed);
      await soon(() => panel.part('lesion-origin').innerText()).toContain('Loaded from');
      await viewer.waitForImage();
      await soon(() => shownLesions(page)).toEqual(rejected);
      await panel.vertebra('T11').locator('[data-cy="go-to"]').click();
      await soon(() => passing()).toBe(afterRejection);
      expect(await violations(page)).toEqual([]);
      // The host measured nothing in images that were not there yet.
      expect(log.lines.filter(line => line.includes('Image not found'))).toEqual([]);
      await panel.part('help').click();
      await panel.part('help-sheet').waitFor();
      await page.keyboard.press('Escape');

      // A person's correction with the host's own brush is what the next save stores.
      await panel.lesions();
      await panel.part('lesion-row').first().click();
      await viewer.paint('spine-axial');
      await panel.untilVoxels(count => count !== before);
      const painted = await shownLesions(page);
      expect(await panel.save()).toBe('saved');
      expect(stored(5)?.slices).toEqual(painted);
      expect(stored(5)?.content.segments.map(({ algorithmType }) => algorithmType)).toContain('SEMIAUTOMATIC');
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );

  suite.test(
    'leaving during a run stops it and frees the worker; coming back starts afresh',
    async ({ page, worklist, viewer, panel, log }) => {
      page.setDefaultTimeout(stepTimeoutMs);
      await worklist.open();
      await worklist.select(DEMO);
      await worklist.openMode('Spine Oncology');
      await panel.waitUntilReady();
      expect(await violations(page)).toEqual([]);
      await viewer.waitForImage();
      for (const [width, height] of [
        [1280, 720],
        [1440, 900],
        [1920, 1080],
      ]) {
        await page.setViewportSize({ width, height });
        await soon(() => viewer.levelLabels('spine-sagittal')).toEqual(['T11', 'T12', 'L1', 'L2', 'L3']);
        // A spine is curved: a coronal plane does not cut all of it.
        const coronal = await viewer.levelLabels('spine-coronal');
        expect(coronal).toContain('L1');
        expect(['T11', 'T12', 'L1', 'L2', 'L3'].filter(level => coronal.includes(level))).toEqual(coronal);
        const before = await viewer.cameras();
        // A click on a name selects the vertebra and fills every view with it.
        await viewer.clickLevel('spine-sagittal', 'L1');
        await panel.root.locator('[data-cy="vertebra-detail"][data-level="L1"]').waitFor();
        for (const { id, middle, millimetres } of await viewer.cameras()) {
          expect(Math.hypot(...middle.map((mm, axis) => mm - L1[axis]))).toBeLessThan(5);
          // One and a half bodies across; the views are high and narrow.
          expect(millimetres).toBeLessThan(200);
          await soon(() => viewer.levelLabels(id)).toContain('L1 current');
        }
        await pictureNow(page, 'levels');
        await panel.part('close-vertebra').click();
        await soon(() => viewer.cameras()).toEqual(before);
      }
      await panel.vertebra('L2').locator('[data-cy="analyse-one"]').click();
      await panel.part('progress').and(page.locator('[data-done]')).waitFor();
      const [worker] = page.workers().filter(one => one.url().endsWith('/worker.js'));
      const closed = new Promise(resolve => worker.once('close', resolve));
      await viewer.backToWorklist();
      await closed;

      await worklist.select(DEMO);
      await worklist.openMode('Spine Oncology');
      await panel.waitUntilReady();
      await soon(() => panel.part('run-bar').getAttribute('data-status')).toBe('idle');
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );
});
