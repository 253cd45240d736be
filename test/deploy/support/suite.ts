/** Tests that share one nginx, one Orthanc and one browser. */
import type { Browser, Page } from 'playwright-core';

import { SpinePanel } from '../../browser/pages/SpinePanel';
import { ViewerPage } from '../../browser/pages/ViewerPage';
import { WorklistPage } from '../../browser/pages/WorklistPage';
import { PageLog, REPORT_MS, reported } from '../../browser/support/artifacts';
import { launchChromium } from '../../browser/support/chromium';
import { SMALL_WINDOW } from '../../browser/support/viewer';
import { type Hospital, type Site, startHospital } from './hospital';

export interface Visit {
  page: Page;
  log: PageLog;
  hospital: Hospital;
  worklist: WorklistPage;
  viewer: ViewerPage;
  panel: SpinePanel;
}

const startTimeoutMs = 600_000;
const testTimeoutMs = 600_000;
const waitTimeoutMs = 120_000;

export function sharedHospital(sites: readonly Site[]) {
  let hospital: Hospital;
  let browser: Browser;
  beforeAll(async () => {
    hospital = await startHospital(sites);
    browser = await launchChromium();
  }, startTimeoutMs);
  afterAll(async () => {
    await browser?.close();
    await hospital?.stop();
  });
  return {
    get: () => hospital,
    /** Declares a test with a fresh page on one of the sites. @param path below the viewer where its routes begin */
    test: (name: string, site: string, run: (visit: Visit) => Promise<void>, path = '') =>
      it(
        name,
        async () => {
          const context = await browser.newContext({ viewport: SMALL_WINDOW, reducedMotion: 'reduce' });
          context.setDefaultTimeout(waitTimeoutMs);
          const page = await context.newPage();
          const log = new PageLog(page);
          const url = `${hospital.url(site)}${path}`;
          try {
            const pages = { worklist: new WorklistPage(page, url), viewer: new ViewerPage(page, url) };
            const visit = { page, log, hospital, panel: new SpinePanel(page), ...pages };
            await reported(page, log, testTimeoutMs, () => run(visit));
          } finally {
            await context.close();
          }
        },
        testTimeoutMs + REPORT_MS
      ),
  };
}
