/** Burden, Prior and Report in each of their states: nothing yet, at work, failed with a way on, nothing found. axe looks at each. */
import { join } from 'node:path';

import { text } from '@spine/dicom';
import { readDicom } from '@spine/headless/dicomFiles';

import type { DemoStudy } from '../../viewer/src/demoStudy';
import { demoFollowUpForTests } from '../support/demo';
import { hostCommands, pressEverywhere, recordCommands } from './pages/panelKeys';
import { FindingsTabs } from './pages/FindingsTabs';
import { gate } from './support/gate';
import { windowSizes } from './support/pictures';
import { REVIEWED_STUDY, writeReviewedStudy } from './support/reviewedStudy';
import { seen } from './support/state';
import { useViewer } from './support/viewer';
import { soon } from './support/soon';

const CT_PIXELS = /\/instances\/[^/]+\/frames/;
/** A search for the studies of one patient. */
const PATIENT_SEARCH = /\/studies\?(?=.*(PatientID|00100020)=)/;

describe('tabs without a result, while they work, and when something fails', () => {
  let followUp: DemoStudy;
  let withResult: string;
  let without: string;
  const suite = useViewer({
    withoutSearch: true,
    prepare: async (temporary, demo) => {
      const reviewed = join(temporary, 'reviewed');
      await writeReviewedStudy(reviewed);
      followUp = await demoFollowUpForTests();
      withResult = text(readDicom(followUp.lesions)[0], 'StudyInstanceUID');
      without = text(readDicom(join(demo.study, 'vertebrae-seg.dcm'))[0], 'StudyInstanceUID');
      // The first study holds no result, so the second has nothing to be compared with.
      return { dicomFolders: [demo.study, followUp.study, followUp.lesions, reviewed] };
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

  suite.test('keys work wherever the focus is', async ({ page, viewer, panel, log }) => {
    page.setDefaultTimeout(60_000);
    await viewer.open(REVIEWED_STUDY);
    await panel.lesions();
    await panel.vertebra('T12').waitFor();
    await viewer.waitForImage();
    await page.keyboard.press('Shift+N');
    await panel.root.locator('[data-cy="lesion-row"][aria-current="true"]').waitFor();
    await panel.part('setup-toggle').click();
    await recordCommands(page, true);
    const dead: string[] = [];
    let elements = 0;
    for (const tab of ['analyse', 'burden', 'prior', 'report', 'export']) {
      await panel.part(`tab-${tab}`).click();
      await panel.root.locator(`#spine-tabpanel-${tab} *`).first().waitFor();
      for (const { name, heard } of await pressEverywhere(page, Object.keys(DECIDING))) {
        elements++;
        if (heard.join() !== Object.values(DECIDING).join()) dead.push(`${tab}, ${name}: ${heard.join(' ')}`);
      }
    }
    expect(elements).toBeGreaterThan(100);
    expect(dead).toEqual([]);

    // What a control works with is its own: the host would mirror the images at H, and take Enter for its tools.
    await panel.part('tab-analyse').click();
    for (const [part, keys] of [
      ['reject', ['h', 'v', 'i']],
      ['threshold', ['ArrowRight', 'Home', 'PageUp']],
      ['lesion-select', ['Enter']],
      ['setup-toggle', ['PageDown', 'End']],
    ] as const) {
      for (const key of keys) {
        await panel.part(part).first().focus();
        await page.keyboard.press(key);
      }
      expect([part, await hostCommands(page)]).toEqual([part, []]);
    }
    await recordCommands(page, false);
    while (await panel.part('undo').isEnabled()) await page.keyboard.press('Shift+Z');

    // And they do what they say, from a control of each kind.
    const undecided = () => panel.part('next-undecided').getAttribute('data-count').then(Number);
    const left = (count: number) => panel.root.locator(`[data-cy="next-undecided"][data-count="${count}"]`).waitFor();
    const all = await undecided();
    expect(all).toBeGreaterThan(2);
    for (const part of ['lesion-select', 'threshold', 'reject', 'map-body', 'tabpanel-analyse']) {
      const press = async (key: string) => {
        await panel.part(part).first().focus();
        await page.keyboard.press(key);
      };
      await press('Shift+N');
      await panel.root.locator('[data-cy="lesion-row"][aria-current="true"]').waitFor();
      await press('Shift+K');
      await left(all - 1);
      await press('Shift+J');
      await left(all - 2);
      await press('Shift+Z');
      await left(all - 1);
      await press('Shift+Z');
      await left(all);
    }
    await panel.part('threshold').focus();
    await page.keyboard.press('Shift+K');
    await left(all - 1);
    await panel.part('lesion-select').first().focus();
    await page.keyboard.press('Shift+S');
    await panel.root.locator('[data-cy="save-bar"][data-status="saved"]').waitFor();

    // At the speed of a machine: no key waits for what the one before it draws, and a letter rejects one lesion, not the next as well.
    while (await panel.part('undo').isEnabled()) await page.keyboard.press('Shift+Z');
    await left(all);
    const walked = () =>
      panel.root.evaluate(root => [
        root.querySelectorAll('[data-cy^="vertebra-row-"][data-reviewed="true"]').length,
        root.querySelector('[data-cy="rejected"]')?.getAttribute('data-count') ?? '0',
        root.querySelector('[data-cy="next-undecided"]')?.getAttribute('data-count'),
      ]);
    for (let n = 0; n < 2; n++) {
      for (const key of WALK) await page.keyboard.press(key);
      await soon(walked).toEqual([2, '1', String(all - 1)]);
      for (let step = 0; step < STEPS_OF_WALK; step++) await page.keyboard.press('Shift+Z');
      await soon(walked).toEqual([0, '0', String(all)]);
    }

    // A question is answered first.
    await panel.part('help').click();
    await panel.part('help-close').focus();
    await page.keyboard.press('Shift+K');
    await page.keyboard.press('Escape');
    await soon(() => undecided()).toBe(all);
    expect(log.errors).toEqual([]);
  });
});

/** Both vertebrae are finished with and answered for, then a lesion is rejected; the last letter is nobody's. */
const WALK = [
  'Shift+V',
  'Shift+M',
  'ArrowRight',
  'Enter',
  'Shift+V',
  'Shift+M',
  'Enter',
  'Shift+N',
  'Shift+R',
  'h',
  'h',
  'Shift+V',
];
const STEPS_OF_WALK = 5;

/** Letters that decide with Shift, and the commands that the host runs for them. */
const DECIDING = {
  N: 'spineNextUndecided',
  V: 'spineNextUnreviewed',
  K: 'spineAccept',
  J: 'spineRejectAgain',
  S: 'spineSave',
  Z: 'spineUndo',
} as const;
