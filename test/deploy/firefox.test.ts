/** What Chromium does in stock.test.ts, in Firefox ESR: opens by a launch link, analyses one slice, saves, reloads. */
import type { Page } from 'puppeteer-core';

import { type Firefox, startFirefox } from './support/firefox';
import { type Hospital, startHospital, testModel } from './support/hospital';
import { CONFIGURATIONS } from './support/sites';

const timeoutMs = 900_000;
/** Through compose.yaml's nginx files, with threads. */
const SITE = 'function';

describe('Firefox ESR', () => {
  let hospital: Hospital;
  let firefox: Firefox;
  beforeAll(async () => {
    hospital = await startHospital(
      CONFIGURATIONS.filter(({ name }) => name === SITE),
      testModel
    );
    firefox = await startFirefox();
  }, timeoutMs);
  afterAll(async () => {
    await firefox?.stop();
    await hospital?.stop();
  });

  it(
    'opens, analyses, saves and reloads',
    async () => {
      const page = await firefox.browser.newPage();
      page.setDefaultTimeout(timeoutMs);
      const errors: string[] = [];
      page.on('pageerror', error => errors.push(String(error)));
      const link = `${hospital.url(SITE)}/spine-oncology?StudyInstanceUIDs=${hospital.studyUid}`;
      await page.goto(link, { waitUntil: 'domcontentloaded' });
      await part(page, 'provider');
      await part(page, 'vertebra-row-T11');
      await choose(page, 'slices', 'Central slice only');
      await choose(page, 'search', 'Every slice (as published)');
      await page.click('[data-cy="vertebra-row-T11"] [data-cy="analyse-one"]');
      await page.waitForSelector('[data-cy="run-bar"]:is([data-status="done"], [data-status="error"])');
      expect(await status(page, 'run-bar')).toBe('done');
      const found = await lesions(page);
      expect(found.length).toBeGreaterThan(0);
      await page.click('[data-cy="save-seg"]');
      await page.waitForSelector('[data-cy="save-bar"]:is([data-status="saved"], [data-status="failed"])');
      expect(await status(page, 'save-bar')).toBe('saved');

      await page.goto(link, { waitUntil: 'domcontentloaded' });
      await part(page, 'lesion-row');
      expect(await lesions(page)).toEqual(found);
      expect(errors).toEqual([]);
    },
    timeoutMs
  );
});

const part = (page: Page, name: string) => page.waitForSelector(`[data-cy="${name}"]`);
const status = (page: Page, bar: string) =>
  page.$eval(`[data-cy="${bar}"]`, element => element.getAttribute('data-status'));
const lesions = (page: Page) =>
  page.$$eval('[data-cy="lesion-row"]', rows =>
    rows.map(row => [row.getAttribute('data-segment'), row.getAttribute('data-voxels')])
  );

async function choose(page: Page, picker: string, option: string): Promise<void> {
  await page.click(`[data-cy="${picker}"]`);
  const found = await page.waitForSelector(`::-p-xpath(//*[@role="option"][contains(., "${option}")])`);
  await found!.click();
}
