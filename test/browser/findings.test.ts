/** The oncologist's and the planner's way: burden against the phantom's truth, comparison with the prior, worksheets, export. */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ctVolume, ctSeries, measureLesions, readLesionSeg, storedPixels, text } from '@spine/dicom';
import { readDicom } from '@spine/headless/dicomFiles';
import type { DemoTruth } from '@spine/phantoms';

import type { DemoStudy } from '../../viewer/src/demoStudy';
import { demoFollowUpForTests } from '../support/demo';
import { FindingsTabs } from './pages/FindingsTabs';
import { useViewer } from './support/viewer';

/** Where the follow-up's lesions were moved by, and the prior must not be: see models/phantoms. */
const SHIFT_MM = [4.3, -3.1, 5.6];

describe('a study with a saved result and a prior', () => {
  let followUp: DemoStudy;
  let studyUid: string;
  let dataFolder: string;
  const suite = useViewer({
    prepare: async (temporary, demo) => {
      followUp = await demoFollowUpForTests();
      // What is saved later goes beside the true lesions.
      dataFolder = join(temporary, 'stored');
      mkdirSync(dataFolder);
      cpSync(followUp.lesions, join(dataFolder, 'truth'), { recursive: true });
      studyUid = text(readDicom(followUp.lesions)[0], 'StudyInstanceUID');
      return { dicomFolders: [demo.study, demo.lesions, followUp.study], dataFolder };
    },
  });

  const truth = (study: DemoStudy) =>
    (JSON.parse(readFileSync(join(study.truth, 'truth.json'), 'utf8')) as DemoTruth).lesions;

  suite.test(
    'oncologist: burden within 2 % of the truth and equal to the files; one grown, one new, one gone',
    async ({ page, viewer, panel, log }) => {
      const tabs = new FindingsTabs(page, panel);
      await viewer.open(studyUid);
      await panel.lesions();
      await viewer.waitForImage();

      await tabs.show('burden');
      const shown = await tabs.burden();
      expect(shown.map(({ level, kind }) => `${level} ${kind}`)).toEqual(truth(followUp).map(({ name }) => name));
      truth(followUp).forEach(({ millilitres }, n) => {
        expect(Math.abs(shown[n].millilitres / millilitres - 1)).toBeLessThan(0.02);
      });
      const series = ctSeries(readDicom(join(followUp.study, 'ct')));
      const [seg] = readDicom(followUp.lesions);
      const { labelmap, segments } = readLesionSeg(seg, series);
      const volume = ctVolume(series, storedPixels);
      const model = { model: { id: '', name: '', version: '', sha256: '' }, sampler: '', threshold: 0, provider: '' };
      const saved = measureLesions({ ...model, series, seg, volume, labelmap, lesions: segments });
      expect(shown).toEqual(
        saved.map(({ level, kind, millilitres, hu }) => ({
          ...{ level, kind, millilitres, huMean: hu.mean, huSd: hu.standardDeviation },
        }))
      );
      expect(await panel.part('burden-not-assessed').innerText()).toContain('Posterior elements');

      await tabs.show('prior');
      expect(await tabs.changes()).toEqual([
        'T11 blastic grown',
        'T12 lytic stable',
        'L1 lytic new',
        'L2 blastic stable',
        'L3 lytic gone',
      ]);
      expect(await panel.part('prior-caution').innerText()).toContain('not automatically progression');

      // Side by side; what is gone is shown where it was, and where that is now.
      await panel.part('prior-show').click();
      await tabs.middleOf('spine-compare-prior');
      await viewer.waitForImage();
      await panel.part('prior-change').and(page.locator('[data-change="gone"]')).click();
      const [now, before] = [await tabs.middleOf('spine-compare-now'), await tabs.middleOf('spine-compare-prior')];
      expect(Math.abs(now[0] - before[0] - SHIFT_MM[0])).toBeLessThan(1);
      expect(Math.abs(now[2] - before[2] - SHIFT_MM[2])).toBeLessThan(3);
      await panel.part('prior-show').click();
      await tabs.middleOf('spine-sagittal');
      expect(log.errors).toEqual([]);
    }
  );

  suite.test(
    'planner: SINS, sectors confirmed, saved and back after reloading; the export holds the numbers shown',
    async ({ page, viewer, panel, log }) => {
      const tabs = new FindingsTabs(page, panel);
      await viewer.open(studyUid);
      await panel.lesions();
      await tabs.show('report');
      await panel.part('sins').waitFor();
      await panel.choose('worksheet-level', 'T12');
      const proposed = (field: string) => panel.part(`sins-${field}`).getAttribute('data-proposed');
      expect(await proposed('location')).toBe('junctional');
      expect(await proposed('lesion')).toBe('lytic');
      expect(await proposed('collapse')).toBe('none');
      expect(await proposed('alignment')).toBe('normal');
      expect([await proposed('pain'), await proposed('posterolateral')]).toEqual([null, null]);
      for (const field of ['location', 'lesion', 'collapse', 'alignment']) await tabs.confirm(field);
      await tabs.answer('pain', '3 · mechanical');
      expect(await panel.part('sins-score').innerText()).toContain('No sum yet: 1 field is open.');
      await tabs.answer('posterolateral', '0 · none');
      expect(await panel.part('sins-score').getAttribute('data-total')).toBe('8');

      expect(await panel.part('report-text').innerText()).not.toContain('sectors');
      const suggested = (await panel.part('sectors').getAttribute('data-shown'))!;
      await panel.part('sectors-confirm').click();
      expect(await panel.part('sectors').getAttribute('data-confirmed')).toBe(suggested);
      const report = await panel.part('report-text').innerText();
      expect(report).toContain('T12: SINS 8 of 18, potentially unstable (7–12).');
      expect(report).toContain('confirmed by a person');
      expect(report).toContain('Research use only');

      await panel.part('save-seg').click();
      expect(await panel.waitForStatus('save-bar', 'saved', 'failed')).toBe('saved');
      await page.reload();
      await panel.lesions();
      await tabs.show('report');
      await panel.part('sins').waitFor();
      await panel.choose('worksheet-level', 'T12');
      expect(await panel.part('sins-score').getAttribute('data-total')).toBe('8');
      expect(await panel.part('sectors').getAttribute('data-confirmed')).toBe(suggested);

      await tabs.show('burden');
      const shown = await tabs.burden();
      await tabs.show('export');
      const { lesions } = JSON.parse(await tabs.download('json')) as {
        lesions: {
          level: string;
          kind: string;
          millilitres: number;
          hu: { mean: number; standardDeviation: number };
        }[];
      };
      expect(shown).toEqual(
        lesions.map(({ level, kind, millilitres, hu }) => ({
          ...{ level, kind, millilitres, huMean: hu.mean, huSd: hu.standardDeviation },
        }))
      );
      expect(log.errors).toEqual([]);
    }
  );
});
