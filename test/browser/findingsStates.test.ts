/** Burden, Prior and Report in each of their states: nothing yet, at work, failed with a way on, nothing found. axe looks at each. */
import { join } from 'node:path';

import { text } from '@spine/dicom';
import { readDicom } from '@spine/headless/dicomFiles';

import type { DemoStudy } from '../../viewer/src/demoStudy';
import { demoFollowUpForTests } from '../support/demo';
import { FindingsTabs } from './pages/FindingsTabs';
import { gate } from './support/gate';
import { windowSizes } from './support/pictures';
import { seen } from './support/state';
import { useViewer } from './support/viewer';

const CT_PIXELS = /\/instances\/[^/]+\/frames/;
/** A search for the studies of one patient. */
const PATIENT_SEARCH = /\/studies\?(?=.*(PatientID|00100020)=)/;

describe('tabs without a result, while they work, and when something fails', () => {
  let followUp: DemoStudy;
  let withResult: string;
  let without: string;
  const suite = useViewer({
    prepare: async (_, demo) => {
      followUp = await demoFollowUpForTests();
      withResult = text(readDicom(followUp.lesions)[0], 'StudyInstanceUID');
      without = text(readDicom(join(demo.study, 'vertebrae-seg.dcm'))[0], 'StudyInstanceUID');
      // The first study holds no result, so the second has nothing to be compared with.
      return { dicomFolders: [demo.study, followUp.study, followUp.lesions] };
    },
  });

  for (const [width, height] of windowSizes) {
    suite.test(`nothing yet, at ${width} pixels`, async ({ page, viewer, panel, log }) => {
      await page.setViewportSize({ width, height });
      const tabs = new FindingsTabs(page, panel);
      await viewer.open(without);
      await panel.root.locator('[data-cy^="vertebra-row-"]').first().waitFor();
      await viewer.waitForImage();
      for (const tab of ['burden', 'report'] as const) {
        await tabs.show(tab);
        await panel.part('empty-tab').waitFor();
        await seen(page, `${tab}-empty`, 'panel');
      }
      await tabs.show('prior');
      await panel.part('prior-none').waitFor();
      await seen(page, 'prior-none', 'panel');
      expect(log.errors).toEqual([]);
    });

    suite.test(`slices on their way, then missing, then there, at ${width} pixels`, async ({ page, viewer, panel }) => {
      await page.setViewportSize({ width, height });
      const tabs = new FindingsTabs(page, panel);
      const pixels = await gate(page, CT_PIXELS, 30);
      await viewer.open(withResult);
      await panel.lesions();
      // Masks that arrive later are a reason of their own to measure again.
      await panel.root.locator('[data-cy^="vertebra-row-"]').first().waitFor({ state: 'attached' });
      await tabs.show('burden');
      await panel
        .part('measuring')
        .filter({ hasText: / [1-9]\d* / })
        .waitFor();
      await seen(page, 'burden-running', 'panel');
      await tabs.show('report');
      await panel.part('measuring').waitFor();
      await seen(page, 'report-running', 'panel');
      await pixels.fail(503);
      await panel.problem('image-missing').filter({ hasText: 'HTTP 503' }).waitFor();
      await seen(page, 'report-error', 'panel');
      await tabs.show('burden');
      await panel.problem('image-missing').waitFor();
      await seen(page, 'burden-error', 'panel');
      await pixels.open();
      // At once, if it is still there: what the viewer loads late can start the measurement before a hand could.
      await panel.root.evaluate(root => root.querySelector<HTMLElement>('[data-cy="measure-again"]')?.click());
      expect((await tabs.burden()).length).toBe(4);
    });

    suite.test(`an archive that is slow to answer, then fails, at ${width} pixels`, async ({ page, viewer, panel }) => {
      await page.setViewportSize({ width, height });
      const tabs = new FindingsTabs(page, panel);
      await viewer.open(withResult);
      await panel.lesions();
      await viewer.waitForImage();
      const search = await gate(page, PATIENT_SEARCH);
      await tabs.show('prior');
      await panel.part('prior-busy').waitFor();
      await seen(page, 'prior-searching', 'panel');
      await search.fail(500);
      await panel.problem('query-failed').waitFor();
      await seen(page, 'prior-search-error', 'panel');
      await search.open();
      await panel.part('prior-search').click();
      await panel.part('prior-none').waitFor();
    });
  }
});
