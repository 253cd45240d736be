/** A radiologist's way through the viewer: open, analyse, save, reload, find the same lesions. Real model, WebAssembly. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { demoStudy } from '../../viewer/src/demoStudy';
import { cacheFolder } from '../../viewer/src/paths';
import { shownLesions } from './pages/lesionVoxels';
import { storedLesions } from './support/storedLesions';
import { useViewer } from './support/viewer';

const demo = 'Synthetic phantom spine';
/** One slice is some hundred network evaluations; on a busy machine without a GPU that takes minutes. */
const timeoutMs = 1_800_000;
const stepTimeoutMs = 300_000;

describe('an analysis in the viewer', () => {
  let dataFolder: string;
  let ctFolder: string;
  const suite = useViewer({
    prepare: async temporary => {
      dataFolder = join(temporary, 'stored');
      mkdirSync(dataFolder);
      ctFolder = join((await demoStudy(cacheFolder, () => undefined)).study, 'ct');
      return { dataFolder };
    },
  });

  suite.test(
    'finds lesions in one vertebra, is refused once, saves, and shows the same voxels after reloading',
    async ({ page, worklist, viewer, panel, log }) => {
      page.setDefaultTimeout(stepTimeoutMs);
      await worklist.open();
      await worklist.select(demo);
      await worklist.openMode('Spine Oncology');
      await panel.waitUntilReady();
      await viewer.waitForImage();
      expect(await panel.levels()).toEqual(['T11', 'T12', 'L1', 'L2', 'L3']);
      expect(await panel.part('provider').getAttribute('data-provider')).toBe('wasm');
      expect(await panel.part('research-banner').innerText()).toContain('Research use only');

      // The test model is the quickest, and calls something a lesion in every slice; what it is does not matter here.
      await panel.choose('model', 'Tiny test model');
      await panel.waitUntilReady();
      await panel.choose('slices', 'Central slice only');
      await panel.choose('search', 'Every slice (as published)');
      await panel.vertebra('T11').locator('[data-cy="analyse-one"]').click();
      await panel.part('progress').and(page.locator('[data-done]')).waitFor();
      expect(await panel.waitForStatus('run-bar', 'done', 'error')).toBe('done');
      await panel.vertebra('T11').locator('[data-cy="go-to"]').click();
      expect(await panel.part('candidate-row').count()).toBeGreaterThan(0);

      const found = await panel.lesions();
      const shown = await shownLesions(page);
      const counted = found.map(
        ({ segment }) =>
          Object.values(shown)
            .flat()
            .filter(([, label]) => label === segment).length
      );
      expect(counted).toEqual(found.map(({ voxels }) => voxels));
      expect(found.map(({ segment }) => segment)).toEqual(found.map((_, n) => n + 1));

      await page.route('**/dicomweb/studies**', route =>
        route.request().method() === 'POST' ? route.fulfill({ status: 507, body: 'disk full' }) : route.fallback()
      );
      await panel.part('save-seg').click();
      expect(await panel.waitForStatus('save-bar', 'failed', 'saved')).toBe('failed');
      expect(await panel.problem('store-refused').innerText()).toContain('HTTP 507');
      expect(await shownLesions(page)).toEqual(shown);
      expect(storedLesions(dataFolder, ctFolder)).toEqual([]);

      await page.unroute('**/dicomweb/studies**');
      await panel.part('save-seg').click();
      expect(await panel.waitForStatus('save-bar', 'failed', 'saved')).toBe('saved');
      const [stored] = storedLesions(dataFolder, ctFolder);
      expect(stored.slices).toEqual(shown);
      expect(stored.content.segments.map(({ level, algorithmType }) => [level, algorithmType])).toEqual(
        found.map(() => ['T11', 'AUTOMATIC'])
      );

      await page.reload();
      expect(await panel.lesions()).toEqual(found);
      expect(await panel.part('lesion-origin').innerText()).toContain('Read back');
      await viewer.waitForImage();
      expect(await shownLesions(page)).toEqual(shown);

      // A person's correction with the host's brush is what the next save stores.
      await panel.part('lesion-row').first().click();
      await viewer.paint('spine-axial');
      await panel.part('lesion-origin').and(page.locator('[data-algorithm="SEMIAUTOMATIC"]')).waitFor();
      const painted = await shownLesions(page);
      expect(painted).not.toEqual(shown);
      await panel.part('save-seg').click();
      expect(await panel.waitForStatus('save-bar', 'failed', 'saved')).toBe('saved');
      const corrected = storedLesions(dataFolder, ctFolder).find(({ content }) => content.version === 2);
      expect(corrected?.slices).toEqual(painted);
      expect(corrected?.content.segments[0]).toMatchObject({ index: 1, algorithmType: 'SEMIAUTOMATIC' });
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );

  suite.test(
    'leaving during a run stops it and frees the worker; coming back starts afresh',
    async ({ page, worklist, viewer, panel, log }) => {
      page.setDefaultTimeout(stepTimeoutMs);
      await worklist.open();
      await worklist.select(demo);
      await worklist.openMode('Spine Oncology');
      await panel.waitUntilReady();
      await viewer.waitForImage();
      await panel.vertebra('L1').locator('[data-cy="analyse-one"]').click();
      await panel.part('progress').and(page.locator('[data-done]')).waitFor();
      const [worker] = page.workers().filter(one => one.url().endsWith('/worker.js'));
      const closed = new Promise(resolve => worker.once('close', resolve));
      await viewer.backToWorklist();
      await closed;

      await worklist.select(demo);
      await worklist.openMode('Spine Oncology');
      await panel.waitUntilReady();
      expect(await panel.part('run-bar').getAttribute('data-status')).toBe('idle');
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );
});
