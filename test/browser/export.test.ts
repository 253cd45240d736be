/** The export tab in the real viewer: every file is downloaded, read and compared with what panel and viewports show. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import {
  ctVolume,
  decodeFile,
  isNoLesionSeg,
  items,
  type LesionSegContent,
  measureLesions,
  placeSegmentation,
  readLesionSeg,
  rtStruct,
  storedPixels,
  text,
} from '@spine/dicom';

import { ExportTab } from './pages/ExportTab';
import { shownLesions } from './pages/lesionVoxels';
import { numbersOf, roisOf } from './support/datasets';
import { writeOddStudy } from './support/oddStudy';
import { ANALYSED_LEVEL, analysedStudy } from './support/analysedStudy';
import { ctOf, datasets, slicesOf, storedLesions } from './support/storedLesions';
import { useViewer } from './support/viewer';
import { soon } from './support/soon';

const timeoutMs = 600_000;

describe('exports', () => {
  let dataFolder: string;
  let ctFolder: string;
  let oddCtFolder: string;
  let demoUid: string;
  let oddUid: string;
  const suite = useViewer({
    withoutSearch: true,
    prepare: async (temporary, demo) => {
      ctFolder = join(demo.study, 'ct');
      oddCtFolder = writeOddStudy(join(temporary, 'odd'));
      [demoUid, oddUid] = [ctFolder, oddCtFolder].map(folder => text(datasets(folder)[0], 'StudyInstanceUID'));
      dataFolder = join(temporary, 'stored');
      mkdirSync(dataFolder);
      return { dataFolder, dicomFolders: [demo.study, await analysedStudy(demo), join(temporary, 'odd')] };
    },
  });

  suite.test(
    'every file holds what is on screen, and the options what they say; with everything rejected the review is still saved',
    async test => {
      const { page, panel, viewer, log } = test;
      await viewer.open(demoUid);
      await panel.lesions();
      await panel.waitUntilReady();
      await viewer.waitForImage();
      // What is written is no longer what the archive has.
      await panel.vertebra(ANALYSED_LEVEL).locator('[data-cy="go-to"]').click();
      await panel.lesions();
      await panel.part('lesion-row').first().click();
      await panel.choose('reject', 'Artefact');
      await panel.untilRejected(1);
      const rows = await panel.lesions();
      const shown = await shownLesions(page);
      const series = ctOf(ctFolder);
      await panel.showTab('export');
      const tab = new ExportTab(page, panel);

      const binary = decodeFile(await tab.file('lesions'));
      expect(text(binary, 'SegmentationType')).toBe('BINARY');
      const lesions = readLesionSeg(binary, series);
      expect(slicesOf(lesions.labelmap.labels, series)).toEqual(shown);
      expect(lesions.segments.map(({ index, voxels }) => ({ segment: index, voxels }))).toEqual(rows);

      await tab.chooseType('LABELMAP');
      const labelmap = decodeFile(await tab.file('lesions'));
      expect(text(labelmap, 'SOPClassUID')).toBe('1.2.840.10008.5.1.4.1.1.66.7');
      expect(slicesOf(readLesionSeg(labelmap, series).labelmap.labels, series)).toEqual(shown);
      await tab.chooseType('BINARY');
      const bodySegmentation = decodeFile(await tab.file('bodies'));
      expect(text(bodySegmentation, 'SegmentationType')).toBe('BINARY');
      expect(items(bodySegmentation, 'SegmentSequence').map(one => text(one, 'SegmentLabel'))).toEqual([
        'T11 vertebral body',
      ]);
      const bodies = {
        labelmap: placeSegmentation(bodySegmentation, series).labelmap,
        vertebrae: [{ label: 1, level: 'T11' }],
      };

      const input = { ...CONTEXT, series, labelmap: lesions.labelmap, lesions: lesions.segments };
      const contours = async () => roisOf(decodeFile(await tab.file('contours')));
      const plain = await contours();
      expect(plain).toEqual(roisOf(rtStruct(input)));
      await soon(() => panel.part('contour-clip').isDisabled()).toBe(true);
      await tab.type('contour-tolerance', '0.4');
      const simplified = await contours();
      expect(simplified).toEqual(roisOf(rtStruct({ ...input, toleranceMm: 0.4 })));
      expect(simplified.flat(3).length).toBeLessThanOrEqual(plain.flat(3).length);
      expect(simplified).not.toEqual(plain);
      await tab.type('contour-margin', '4');
      const options = { toleranceMm: 0.4, marginMm: 4 };
      const grown = await contours();
      expect(grown).toEqual(roisOf(rtStruct({ ...input, ...options })));
      await tab.tick('contour-clip');
      await tab.tick('contour-bodies');
      const all = await contours();
      expect(all).toEqual(roisOf(rtStruct({ ...input, ...options, bodies, clipMarginToBody: true })));
      expect(all.map(([name]) => name)).toEqual([...grown.map(([name]) => name), 'T11_body']);
      expect(all).not.toEqual(expect.arrayContaining(grown));
      // What is out of range is marked and not taken.
      await tab.type('contour-margin', '99');
      await soon(() => panel.part('contour-margin').getAttribute('aria-invalid')).toBe('true');
      expect(await contours()).toEqual(all);

      const measured = measureLesions({ ...input, volume: ctVolume(series, storedPixels) });
      const numbers = measured.map(({ voxels, cubicMillimetres, hu, score }) => ({
        voxels,
        cubicMillimetres,
        hu,
        score,
      }));
      const table = JSON.parse(new TextDecoder().decode(await tab.file('json'))) as { lesions: object[] };
      expect(table.lesions).toMatchObject(numbers);
      const csv = new TextDecoder()
        .decode(await tab.file('csv'))
        .trim()
        .split('\r\n')
        .map(line => line.split(','));
      const column = (name: string) => csv.slice(1).map(cells => Number(cells[csv[0].indexOf(name)]));
      expect(column('volume_mm3')).toEqual(measured.map(({ cubicMillimetres }) => cubicMillimetres));
      expect(column('hu_mean')).toEqual(measured.map(({ hu }) => hu.mean));
      expect(column('voxels')).toEqual(rows.map(({ voxels }) => voxels));

      const pair = await tab.download('report', 2);
      expect([...pair.keys()]).toEqual([
        '2025-03-10-seg-vertebral-lesions-v2-research-use-only.dcm',
        '2025-03-10-sr-vertebral-lesion-measurements-v1-research-use-only.dcm',
      ]);
      const [seg, report] = [...pair.values()].map(decodeFile);
      expect(numbersOf(report).map(([, ...values]) => values)).toEqual(
        measured.map(({ cubicMillimetres, hu }) => [cubicMillimetres, hu.mean])
      );
      expect(numbersOf(report).map(([uid]) => uid)).toEqual(
        items(seg, 'SegmentSequence').map(one => text(one, 'TrackingUID'))
      );
      expect(JSON.stringify(report.ContentSequence)).toContain(text(seg, 'SOPInstanceUID'));
      expect(storedLesions(dataFolder, ctFolder)).toEqual([]);

      await panel.showTab('analyse');
      await panel.vertebra('T11').locator('[data-cy="go-to"]').click();
      const left = (await panel.lesions()).length;
      for (let n = 1; n <= left; n++) {
        await panel.part('lesion-row').first().click();
        await panel.choose('reject', 'Degenerative');
        await panel.untilRejected(n + 1);
      }
      await panel.part('no-lesions').waitFor();
      await panel.root.locator('[data-cy="passing"][data-kept="0"]').waitFor();
      await soon(() => shownLesions(page)).toEqual({});
      await panel.showTab('export');
      await panel.part('nothing-to-contour').waitFor();
      await panel.part('save-without-lesion').waitFor();
      expect(await panel.save()).toBe('saved');
      const [none] = datasets(dataFolder).filter(isNoLesionSeg);
      expect(text(none, 'SeriesDescription')).toBe('No vertebral lesion marked v2 - Research use only');

      await page.reload();
      await panel.part('no-lesions').waitFor();
      await panel.waitUntilReady();
      await viewer.waitForImage();
      await panel.vertebra('T11').locator('[data-cy="go-to"]').click();
      await panel.part('rejected').waitFor();
      await panel.root.locator('[data-cy="passing"][data-kept="0"]').waitFor();
      await soon(() => shownLesions(page)).toEqual({});
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );

  suite.test(
    'a CT whose slices fill no whole bytes is written as LABELMAP, which the panel says, and shows the same after reloading',
    async test => {
      const { page, panel, viewer, log } = test;
      await viewer.open(oddUid);
      await panel.lesions();
      await panel.waitUntilReady();
      await viewer.waitForImage();
      const read = await shownLesions(page);
      expect(Object.keys(read).length).toBeGreaterThan(0);
      await panel.part('lesion-row').first().click();
      await viewer.paint('spine-axial');
      await panel.part('lesion-origin').and(page.locator('[data-algorithm="SEMIAUTOMATIC"]')).waitFor();
      const shown = await shownLesions(page);
      expect(shown).not.toEqual(read);
      await panel.showTab('export');
      await soon(() => panel.part('labelmap-forced').innerText()).toContain('LABELMAP is written');
      expect(await panel.exportTo('lesions', 'archive')).toBe('done');
      const [{ content, slices, type }] = storedLesions(dataFolder, oddCtFolder);
      expect(type).toBe('LABELMAP');
      expect(slices).toEqual(shown);
      expect((content satisfies LesionSegContent).segments.length).toBeGreaterThan(0);
      await page.reload();
      await panel.lesions();
      await viewer.waitForImage();
      await soon(() => shownLesions(page)).toEqual(shown);
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );
});

/** What is not compared: the reference objects only have to hold the same regions and numbers. */
const CONTEXT = {
  model: { id: '', name: '', version: '', sha256: '' },
  sampler: { words: '' },
  threshold: 0.5,
  provider: '',
};
