/** Nothing of a radiologist's work is lost: leaving, deleting, slow and forgetful archives, two tabs, a crash. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Dialog } from 'playwright-core';

import { shownLesions } from './pages/lesionVoxels';
import { SpinePanel } from './pages/SpinePanel';
import { ViewerPage } from './pages/ViewerPage';
import { STUDIES, writeOtherStudies } from './support/otherStudies';
import { dropPrivateElements } from './support/privateStripper';
import { REVIEWED_STUDY, writeReviewedStudy } from './support/reviewedStudy';
import { storedLesions } from './support/storedLesions';
import { SMALL_WINDOW, useViewer } from './support/viewer';
import { soon } from './support/soon';

describe("a radiologist's work", () => {
  let dataFolder: string;
  let ctFolder: string;
  const suite = useViewer({
    window: SMALL_WINDOW,
    settings: { investigationalUseDialog: { option: 'never' }, extensionConfiguration: { defaultModel: 'tiny' } },
    prepare: async temporary => {
      const folder = join(temporary, 'reviewed');
      ctFolder = await writeReviewedStudy(folder);
      dataFolder = join(temporary, 'stored');
      mkdirSync(dataFolder);
      await writeOtherStudies(join(temporary, 'others'));
      return { dicomFolders: [folder, join(temporary, 'others')], dataFolder };
    },
  });

  async function open(viewer: ViewerPage, panel: SpinePanel): Promise<void> {
    await viewer.open(REVIEWED_STUDY);
    await panel.lesions();
    await panel.vertebra('T12').waitFor();
    await viewer.waitForImage();
  }

  suite.test(
    'leaving asks first, wherever the user is: another panel, a collapsed one, Back, another study, closing the tab',
    async ({ page, viewer, panel, log, worklist }) => {
      await worklist.open();
      await open(viewer, panel);
      await panel.toggleReviewed('T11');
      const asked: string[] = [];
      const stay = (dialog: Dialog) => {
        asked.push(dialog.type());
        void dialog.dismiss().catch(() => undefined);
      };
      page.on('dialog', stay);
      const here = () => new URL(page.url()).pathname;
      const answers = async (count: number) => {
        while (asked.length < count) await page.waitForTimeout(50);
        expect(here()).toBe('/spine-oncology');
      };

      await viewer.showOtherRightPanel();
      await panel.root.waitFor({ state: 'detached' });
      await page.locator('[data-cy="return-to-work-list"]').click();
      await answers(1);
      await viewer.toggleRightPanel();
      await page.locator('[data-cy="return-to-work-list"]').click();
      await answers(2);
      await page.evaluate(() => history.back());
      await answers(3);
      await page.evaluate(() => window.location.assign('/spine-oncology?StudyInstanceUIDs=1.2.3'));
      await answers(4);
      // As the browser closes a tab: after page.close, with this question answered, playwright takes the page for closed.
      const tab = await page.context().newCDPSession(page);
      void tab.send('Page.close').catch(() => undefined);
      await answers(5);
      expect(page.isClosed()).toBe(false);
      expect(asked).toEqual(['confirm', 'confirm', 'confirm', 'beforeunload', 'beforeunload']);
      expect(await viewer.waitForImage()).toBeUndefined();

      // The work is still there; nothing is asked once it is saved.
      await viewer.showSpinePanel();
      await panel.root.locator('[data-cy="vertebra-row-T11"][data-reviewed="true"]').waitFor();
      expect(await panel.save()).toBe('saved');
      await page.locator('[data-cy="return-to-work-list"]').click();
      await page.getByText('Study List').first().waitFor();
      expect(asked.length).toBe(5);
      expect(log.errors).toEqual([]);
    }
  );

  suite.test(
    'a crash in the middle of a run: the draft is offered, goes on with what was not finished, and is gone once saved',
    async ({ page, viewer, panel, server }) => {
      await open(viewer, panel);
      await panel.waitUntilReady();
      await panel.rejectLesion('T11', 'Haemangioma');
      const rejected = await panel.rejected();
      await panel.analyse('T12');
      await panel.part('progress').and(page.locator('[data-done]')).waitFor();
      // Written a second after the last change.
      await page.waitForTimeout(2500);
      const crashed = page.waitForEvent('crash');
      const devtools = await page.context().newCDPSession(page);
      devtools.send('Page.crash').catch(() => undefined); // nobody is left to answer
      await crashed;

      const again = await page.context().newPage();
      const [viewer2, panel2] = [new ViewerPage(again, server.url), new SpinePanel(again)];
      await viewer2.open(REVIEWED_STUDY);
      await panel2.lesions();
      await panel2.part('draft').waitFor();
      await soon(() => panel2.part('draft').innerText()).toContain('T12');
      await panel2.part('draft-resume').click();
      await panel2.part('draft').waitFor({ state: 'detached' });
      await panel2.vertebra('T11').locator('[data-cy="go-to"]').click();
      await panel2.untilRejected(rejected);
      expect(await panel2.save()).toBe('saved');
      await again.waitForTimeout(1500);
      await again.reload();
      await panel2.lesions();
      await soon(() => panel2.part('draft').count()).toBe(0);
    }
  );

  suite.test(
    'two tabs: the second save is told of the first and chooses; whoever opens the study next is told of both',
    async ({ page, viewer, panel, server, log }) => {
      const other = await page.context().newPage();
      const [viewer2, panel2] = [new ViewerPage(other, server.url), new SpinePanel(other)];
      await open(viewer, panel);
      await open(viewer2, panel2);
      await panel.toggleReviewed('T12');
      expect(await panel.save()).toBe('saved');
      await panel2.toggleReviewed('T11');
      expect(await panel2.save()).toBe('failed');
      await panel2.problem('newer-result').waitFor();
      expect(await panel2.save()).toBe('saved');
      await page.reload();
      await panel.problem('independent-results').waitFor();
      expect(log.errors).toEqual([]);
    }
  );

  suite.test(
    'answers given while a slow archive is at work stay unsaved until they are in a file',
    async ({ page, viewer, panel, log }) => {
      await open(viewer, panel);
      let release: () => void = () => undefined;
      const slow = new Promise<void>(resolve => (release = resolve));
      await page.route('**/dicomweb/studies**', async route => {
        if (route.request().method() === 'POST') await slow;
        return route.fallback();
      });
      await panel.toggleReviewed('T11');
      await panel.part('save-seg').click();
      await panel.waitForStatus('save-bar', 'saving');
      await panel.toggleReviewed('T12');
      release();
      expect(await panel.waitForStatus('save-bar', 'unsaved', 'saved', 'failed')).toBe('unsaved');
      await page.unroute('**/dicomweb/studies**');
      expect(await panel.save()).toBe('saved');
      const reviewed = storedLesions(dataFolder, ctFolder)
        .sort((a, b) => a.content.version - b.content.version)
        .slice(-2)
        .map(({ content }) => (content.state as { review: { reviewed: number[] } }).review.reviewed.length);
      expect(reviewed[1]).toBe(reviewed[0] + 1);
      expect(log.errors).toEqual([]);
    }
  );

  suite.test(
    'an archive that drops the review says so at once, and the file is the way out',
    async ({ page, viewer, panel, log }) => {
      await viewer.open(STUDIES.formats);
      await panel.lesions();
      await panel.vertebra('L2').waitFor();
      await viewer.waitForImage();
      await dropPrivateElements(page);
      await panel.part('lesion-row').first().click();
      await viewer.paint('spine-axial');
      await panel.waitForStatus('save-bar', 'unsaved');
      expect(await panel.save()).toBe('failed');
      await panel.problem('store-without-review').waitFor();
      const [download] = await Promise.all([page.waitForEvent('download'), panel.part('download-unsaved').click()]);
      expect(download.suggestedFilename()).toMatch(/\.dcm$/);
      expect(log.errors).toEqual([]);
    }
  );

  // The last: whoever opens the study afterwards finds what was saved here.
  suite.test(
    'deleting the segmentation in the viewer is one step: decisions stay, undo gives the voxels back, and once saved it stays deleted',
    async ({ page, viewer, panel, log }) => {
      await open(viewer, panel);
      await panel.toggleReviewed('T11');
      const before = await shownLesions(page);
      expect(Object.keys(before).length).toBeGreaterThan(0);
      const reviewed = panel.root.locator('[data-reviewed="true"]');
      const decisions = await reviewed.count();
      await viewer.removeLesions();
      await panel.part('no-lesions').waitFor();
      await soon(() => reviewed.count()).toBe(decisions);
      await panel.part('undo').click();
      await panel.lesions();
      await soon(() => shownLesions(page)).toEqual(before);
      await soon(() => reviewed.count()).toBe(decisions);

      await viewer.removeLesions();
      await panel.part('no-lesions').waitFor();
      expect(await panel.save()).toBe('saved');
      // What the archive gives back arrives as a new series.
      await page.waitForTimeout(1500);
      await soon(() => panel.part('no-lesions').isVisible()).toBe(true);
      await soon(() => shownLesions(page)).toEqual({});
      await page.reload();
      await panel.vertebra('T12').waitFor();
      await panel.part('no-lesions').waitFor();
      await soon(() => shownLesions(page)).toEqual({});
      expect(log.errors).toEqual([]);
    }
  );
});
