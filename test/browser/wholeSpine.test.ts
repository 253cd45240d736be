/** A whole spine of 600 slices of 512 x 512 in the viewer: found without a click, cancelled, and the page never freezes. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { writeWholeSpine } from '@spine/phantoms';
import { useViewer } from './support/viewer';
import { soon } from './support/soon';

const timeoutMs = 1_800_000;
const stepTimeoutMs = 600_000;
/** The page's own thread may be busy this long at most: drawing in software on a shared machine takes most of it. */
/** Of the whole search, in which the page may not answer: were the search on its thread, this would be nearly all of it. */
const LONGEST_BLOCK = 0.1;

/** 315 MB of slices and minutes of software rendering: only where it is asked for. */
const describeIf = process.env.SPINE_LARGE ? describe : describe.skip;

describeIf('a whole-spine CT (set SPINE_LARGE=1)', () => {
  let bodies: ReturnType<typeof writeWholeSpine>;
  const suite = useViewer({
    prepare: temporary => {
      const folder = join(temporary, 'whole-spine');
      bodies = writeWholeSpine(folder);
      return { dicomFolders: [folder] };
    },
  });

  suite.test(
    'is searched with progress, can be cancelled, and stays responsive',
    async ({ page, worklist, viewer, panel, log }) => {
      page.setDefaultTimeout(stepTimeoutMs);
      await worklist.open();
      await worklist.select('Whole spine phantom');
      await worklist.openMode('Spine Oncology');
      await viewer.waitForImage();
      await panel.part('find-vertebrae').waitFor();

      await panel.part('find-vertebrae').click();
      await panel.part('find-progress').and(page.locator('[data-stage="bodies"]')).waitFor();
      await panel.part('cancel-find').click();
      await panel.part('find-progress').waitFor({ state: 'detached' });
      await soon(() => panel.levels()).toEqual([]);

      const started = Date.now();
      await watchThread(page);
      await panel.part('find-vertebrae').click();
      await panel.part('level-question').waitFor();
      const blocked = await longestBlock(page);
      const took = Date.now() - started;
      const found = await panel.levels();
      process.stdout.write(
        `whole spine, 600 slices: ${found.length} of ${bodies.length} bodies in ${(took / 1000).toFixed(0)} s; ` +
          `the page was blocked for ${blocked.toFixed(0)} ms at most\n`
      );
      expect(found.length).toBeGreaterThanOrEqual(bodies.length - 2);
      expect(found.length).toBeLessThanOrEqual(bodies.length);
      expect(blocked).toBeLessThan(LONGEST_BLOCK * took);
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );
});

/** Counts from now on how late timers fire in the page. */
async function watchThread(page: Page): Promise<void> {
  await page.evaluate(() => {
    const watched = window as unknown as { longestBlock: number };
    watched.longestBlock = 0;
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      watched.longestBlock = Math.max(watched.longestBlock, now - last - 50);
      last = now;
    }, 50);
  });
}

function longestBlock(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { longestBlock: number }).longestBlock);
}
