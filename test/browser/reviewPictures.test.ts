/** Pictures of a review with the model that users get; the walk in radiologist.test.ts takes the one that is done in seconds. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { demoAnalysed } from '../support/demoAnalysed';
import { seenAtAllWidths } from './support/state';
import { useViewer } from './support/viewer';

/** A network in software on a busy machine. */
const timeoutMs = 1_200_000;

describe('pictures of a review', () => {
  const suite = useViewer();

  suite.test(
    'opened, looked at, compared, drawn in, and read back',
    async ({ page, worklist, viewer, panel, log }) => {
      await worklist.open();
      await worklist.select('Synthetic phantom spine');
      await worklist.openMode('Spine Oncology');
      await panel.waitUntilReady();
      await viewer.waitForImage();
      await seenAtAllWidths(page, 'review-opened');
      await panel.choose('slices', 'Central slice only');
      await panel.vertebra('T11').locator('[data-cy="analyse-one"]').click();
      expect(await panel.waitForStatus('run-bar', 'done', 'error')).toBe('done');
      await panel.lesions();
      await panel.part('lesion-row').first().click();
      await panel.part('why-image-harmonised').waitFor();
      await panel.part('research-banner').hover();
      await seenAtAllWidths(page, 'review-why');
      await panel.part('why-compare').click();
      await panel.part('why-position').waitFor();
      await seenAtAllWidths(page, 'review-slider');
      await panel.part('why-sideBySide').click();

      await viewer.choose('spine-sagittal');
      await page.keyboard.press('Shift+B');
      await panel.root.locator('[data-cy^="paint-"][aria-pressed="true"]').waitFor();
      const before = await panel.voxels();
      await viewer.stroke('spine-sagittal');
      await panel.untilVoxels(voxels => voxels > before);
      await seenAtAllWidths(page, 'review-brush');
      await page.keyboard.press('Shift+B');
      await page.keyboard.press('Shift+Z');
      await panel.untilVoxels(voxels => voxels === before);

      await panel.part('reviewed').check();
      expect(await panel.save()).toBe('saved');
      await page.reload();
      await panel.root.locator('[data-cy="vertebra-row-T11"][data-reviewed="true"]').waitFor();
      await viewer.waitForImage();
      await panel.vertebra('T11').locator('[data-cy="go-to"]').click();
      await seenAtAllWidths(page, 'review-reloaded');
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );
});

/** A minute or two of a processor; the other tests of the viewer look at results of the quickest model. */
if (process.env.SPINE_SCREENSHOTS) {
  describe('a picture of the demo study as the bundled model reads it', () => {
    const suite = useViewer({
      withoutSearch: true,
      prepare: async (temporary, demo) => {
        const dataFolder = join(temporary, 'stored');
        mkdirSync(dataFolder);
        copyFileSync(join(await demoAnalysed(demo), 'lesions.dcm'), join(dataFolder, 'lesions.dcm'));
        return { dataFolder };
      },
    });

    suite.test(
      'the first lesion selected',
      async ({ page, worklist, viewer, panel }) => {
        await worklist.open();
        await worklist.select('Synthetic phantom spine');
        await worklist.openMode('Spine Oncology');
        await panel.waitUntilReady();
        await viewer.waitForImage();
        expect(await panel.lesions()).toHaveLength(4);
        await panel.part('lesion-row').first().click();
        await panel.part('research-banner').hover();
        await seenAtAllWidths(page, 'review-lesion');
      },
      timeoutMs
    );
  });
}
