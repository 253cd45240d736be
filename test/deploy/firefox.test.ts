/** What Chromium does in stock.test.ts, in Firefox ESR: opens by a launch link, analyses one slice, saves, reloads. */
import { soon } from '../browser/support/soon';
import { type Firefox, startFirefox } from './support/firefox';
import { FirefoxPage } from './support/firefoxPage';
import { type Hospital, startHospital, testModel } from './support/hospital';
import { CONFIGURATIONS } from './support/sites';

const timeoutMs = 900_000;
/** For the search of a slice, which shares two cores with other tests. */
const searchMs = 600_000;
/** Through compose.yaml's nginx files, with threads. */
const SITE = 'function';

const part = (name: string) => `[data-cy="${name}"]`;
const withoutStatus = (bar: string, ...statuses: string[]) =>
  part(bar) + statuses.map(status => `:not([data-status="${status}"])`).join('');

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
      const page = await FirefoxPage.open(firefox.browser);
      const lesions = () => page.attributes(part('lesion-row'), ['data-segment', 'data-voxels']);
      const link = `${hospital.url(SITE)}/spine-oncology?StudyInstanceUIDs=${hospital.studyUid}`;
      await page.goto(link);
      await page.shown(part('provider'));
      await page.shown(part('vertebra-row-T11'));
      await page.choose('slices', 'Central slice only');
      await page.choose('search', 'Every slice (as published)');
      await page.click(`${part('vertebra-row-T11')} ${part('analyse-one')}`, withoutStatus('run-bar', 'idle'));
      await page.shown(withoutStatus('run-bar', 'running'), searchMs);
      expect(await page.attribute(part('run-bar'), 'data-status')).toBe('done');
      const found = await lesions();
      expect(found.length).toBeGreaterThan(0);
      await page.click(part('save-seg'), withoutStatus('save-bar', 'unsaved'));
      await page.shown(withoutStatus('save-bar', 'saving'));
      expect(await page.attribute(part('save-bar'), 'data-status')).toBe('saved');

      await page.goto(link);
      await page.shown(part('lesion-row'));
      await soon(lesions).toEqual(found);
      expect(page.errors).toEqual([]);
    },
    timeoutMs
  );
});
