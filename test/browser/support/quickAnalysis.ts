import type { ViewerTest } from './viewer';

type Pages = Pick<ViewerTest, 'page' | 'worklist' | 'viewer' | 'panel'>;

/** Opens the study in the mode and analyses one slice of one vertebra with the quickest model. In T11 of the demo study it keeps regions, in L2 none. */
export async function analyseOneSlice(test: Pages, study: string, level: string): Promise<void> {
  const { page, worklist, viewer, panel } = test;
  await worklist.open();
  await worklist.select(study);
  await worklist.openMode('Spine Oncology');
  await panel.waitUntilReady();
  await viewer.waitForImage();
  await panel.choose('model', 'Tiny test model');
  await panel.waitUntilReady();
  await panel.choose('slices', 'Central slice only');
  await panel.choose('search', 'Every slice (as published)');
  await panel.vertebra(level).locator('[data-cy="analyse-one"]').click();
  expect(await panel.waitForStatus('run-bar', 'done', 'error')).toBe('done');
  // Off the button, whose tooltip would cover what comes next.
  await page.mouse.move(0, 0);
}
