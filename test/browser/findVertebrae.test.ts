/** Vertebrae without a segmentation in the study: one click, level, analysis; then the search, cancelled and accepted. */
import { join } from 'node:path';

import { labelledVoxels } from './pages/bodyVoxels';
import { useViewer } from './support/viewer';
import { soon } from './support/soon';

/** Centre of L1 in the demo study, LPS mm. */
const L1 = [0, -1, 0] as const;
/** Of the demo study: 0.8 x 0.8 x 1.5 mm. */
const VOXEL_MM3 = 0.96;
const timeoutMs = 900_000;
const stepTimeoutMs = 240_000;

describe('a study without vertebra masks', () => {
  const suite = useViewer({
    prepare: (_, { study }) => ({ dicomFolders: [join(study, 'ct')] }),
  });

  suite.test(
    'one click gives a mask, its level and an analysis; the search finds the others',
    async ({ page, worklist, viewer, panel, log }) => {
      page.setDefaultTimeout(stepTimeoutMs);
      await worklist.open();
      await worklist.select('Synthetic phantom spine');
      await worklist.openMode('Spine Oncology');
      await viewer.waitForImage();
      await panel.part('provider').waitFor();
      await panel.choose('model', 'Tiny test model');
      await panel.choose('slices', 'Central slice only');
      await panel.choose('search', 'Every slice (as published)');

      await panel.part('click-vertebra').click();
      const { x, y } = await viewer.placeOf('spine-sagittal', L1);
      await page.mouse.click(x, y);
      await panel.vertebra('V1').waitFor();
      // The question has the focus, so a level is typed at once.
      await page.keyboard.type('L1');
      await page.keyboard.press('Enter');
      await panel.vertebra('L1').waitFor();
      const [clicked] = Object.values(await labelledVoxels(page));
      expect(clicked * VOXEL_MM3).toBeGreaterThan(17_000);
      expect(clicked * VOXEL_MM3).toBeLessThan(26_000);

      const outside = await viewer.placeOf('spine-axial', [L1[0], L1[1] - 70, L1[2]]);
      await page.mouse.click(outside.x, outside.y);
      await panel.part('problem').waitFor();
      await soon(() => panel.part('problem').innerText()).toContain('Nothing was added');
      await page.keyboard.press('n');
      await panel.vertebra('T12').waitFor();
      await soon(() => panel.levels()).toEqual(['T12', 'L1']);
      await page.keyboard.press('u');
      await panel.vertebra('T12').waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
      await soon(() => panel.part('click-vertebra').getAttribute('aria-pressed')).toBe('false');

      await panel.part('provider').waitFor();
      await panel.vertebra('L1').locator('[data-cy="analyse-one"]').click();
      expect(await panel.waitForStatus('run-bar', 'done', 'error')).toBe('done');
      expect((await panel.lesions()).length).toBeGreaterThan(0);

      await panel.part('find-vertebrae').click();
      await panel.part('cancel-find').click();
      await panel.part('find-progress').waitFor({ state: 'detached' });
      await soon(() => panel.levels()).toEqual(['L1']);
      await panel.part('find-vertebrae').click();
      await panel.vertebra('T11').waitFor();
      await soon(() => panel.levels()).toEqual(['T11', 'T12', 'L1', 'L2', 'L3']);
      await soon(() => panel.part('excluded').innerText()).toContain('cut by the border');
      expect(Object.keys(await labelledVoxels(page))).toHaveLength(5);
      await panel.vertebra('L3').locator('[data-cy="erase-mask"]').click();
      await panel.vertebra('L3').waitFor({ state: 'detached' });
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );
});
