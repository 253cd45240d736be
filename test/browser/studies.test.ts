/** Studies as they come: the CT that is analysed is the one that is shown, all of it, in whatever form it was stored. */
import { join } from 'node:path';

import { ctSeries, ctVolume, items, measureLesions, readLesionSeg, storedPixels, text } from '@spine/dicom';

import { CONTEXT } from '../contract/support/geometries';
import { FindingsTabs } from './pages/FindingsTabs';
import { FORMAT_NAMES, STUDIES, writeOtherStudies } from './support/otherStudies';
import { datasets } from './support/storedLesions';
import { SMALL_WINDOW, useViewer } from './support/viewer';
import { soon } from './support/soon';

describe('studies as they come', () => {
  let folder: string;
  let plain: Awaited<ReturnType<typeof writeOtherStudies>>['plain'];
  const suite = useViewer({
    withoutSearch: true,
    window: SMALL_WINDOW,
    settings: { investigationalUseDialog: { option: 'never' }, extensionConfiguration: { defaultModel: 'tiny' } },
    prepare: async temporary => {
      folder = join(temporary, 'others');
      ({ plain } = await writeOtherStudies(folder));
      return { dicomFolders: [folder] };
    },
  });

  suite.test(
    'two CTs: the one that the masks were drawn on opens and hangs; the other hangs when it is chosen, and refuses the masks by name',
    async ({ page, viewer, panel, log }) => {
      await viewer.open(STUDIES.twoCts);
      await panel.vertebra('L2').waitFor();
      await soon(() => panel.part('ct-series').innerText()).toContain('Thick 5.0');
      await viewer.untilHanging('Thick 5.0', 'Thick 5.0', 'Thick 5.0');
      await viewer.waitForImage();
      await panel.choose('ct-series', 'Thin 1.0');
      await viewer.untilHanging('Thin 1.0', 'Thin 1.0', 'Thin 1.0');
      await panel
        .problem('seg-slices')
        .or(panel.problem('seg-other-grid'))
        .or(panel.root.locator('[data-cy="problem"]'))
        .first()
        .waitFor();
      await soon(() => panel.levels()).toEqual([]);
      // A series dropped into the viewports is not analysed without a word.
      for (const id of ['spine-sagittal', 'spine-axial', 'spine-coronal']) await viewer.hang(id, 'Thick 5.0');
      await panel.problem('other-series-shown').waitFor();
      await panel.part('show-analysed-ct').click();
      await viewer.untilHanging('Thin 1.0', 'Thin 1.0', 'Thin 1.0');
      await panel.problem('other-series-shown').waitFor({ state: 'detached' });
      for (const id of ['spine-sagittal', 'spine-axial', 'spine-coronal']) await viewer.hang(id, 'Thick 5.0');
      await panel.part('analyse-shown-ct').click();
      await panel.vertebra('L1').waitFor();
      await soon(() => viewer.hanging()).toEqual(['Thick 5.0', 'Thick 5.0', 'Thick 5.0']);
      expect(log.lines.filter(line => line.includes('Image not found'))).toEqual([]);
      expect(log.errors).toEqual([]);
      await page.mouse.move(0, 0);
    }
  );

  suite.test(
    'two patients: the choice names them, the viewports follow it, and a jump moves the images of one patient alone',
    async ({ page, viewer, panel, log }) => {
      await viewer.open(`${STUDIES.twoCts},${STUDIES.other}`);
      await panel.vertebra('L2').waitFor();
      await viewer.untilHanging('Thick 5.0', 'Thick 5.0', 'Thick 5.0');
      await panel.choose('ct-series', 'Roe^Richard');
      await viewer.untilHanging('Other patient', 'Other patient', 'Other patient');
      await panel.vertebra('L2').waitFor();
      await soon(() => panel.part('ct-series').innerText()).toMatch(/Roe\^Richard · 2026-01-02 · .*Other patient/);
      await viewer.waitForImage();
      await viewer.hang('spine-axial', 'Thick 5.0');
      await viewer.untilHanging('Other patient', 'Thick 5.0', 'Other patient');
      const tabs = new FindingsTabs(page, panel);
      await tabs.middleOf('spine-axial');
      const before = await tabs.seen('spine-axial');
      await panel.vertebra('L2').locator('[data-cy="go-to"]').click();
      // Both bodies lie in the plane of x = 0.
      await page.waitForFunction(
        () =>
          Math.abs(
            (window as unknown as HostWindow).services.cornerstoneViewportService
              .getCornerstoneViewport('spine-sagittal')
              .getCamera().focalPoint[0]
          ) < 2
      );
      expect((await tabs.seen('spine-axial')).middle).toEqual(before.middle);
      expect(log.errors).toEqual([]);
    }
  );

  suite.test(
    'an outage while the CT loads: the missing slices are told and loaded again, and the images are whole',
    async ({ page, viewer, panel, log }) => {
      const middle = [0, 0, 0] as const;
      await viewer.open(STUDIES.other);
      await panel.vertebra('L2').waitFor();
      await viewer.waitForImage();
      await page.waitForFunction(() =>
        (window as unknown as HostWindow).cornerstone.cache.getVolumes().some(one => one.loadStatus?.loaded)
      );
      const whole = await viewer.pictureOf('spine-sagittal', middle);

      const slices = /\/series\/[^/]+\.2\.3\.2\/instances\/[^/]+\.(2\d|3\d)\/frames/;
      await page.route(slices, route => route.fulfill({ status: 503, body: 'out of order' }));
      await page.reload();
      await panel.problem('slices-missing').filter({ hasText: '20 of 53 slices could not be loaded' }).waitFor();
      await soon(() => viewer.pictureOf('spine-sagittal', middle)).not.toBe(whole);
      await page.unroute(slices);
      // By itself after some seconds, or at once when asked.
      await panel.part('reload-images').click();
      await panel.problem('slices-missing').waitFor({ state: 'detached' });
      // Software rendering takes some frames.
      let shown: number;
      const deadline = Date.now() + 30_000;
      do shown = await viewer.pictureOf('spine-sagittal', middle);
      while (shown !== whole && Date.now() < deadline);
      expect(shown).toBe(whole);
      expect(log.errors).toEqual([]);
    }
  );

  suite.test(
    'JPEG 2000, JPEG-LS, RLE and multi-frame: each hangs, and its saved lesion measures what the plain slices give',
    async ({ page, viewer, panel, log }) => {
      const tabs = new FindingsTabs(page, panel);
      await viewer.open(STUDIES.formats);
      await panel.lesions();
      const series = ctSeries(plain);
      const volume = ctVolume(series, storedPixels);
      const seg = datasets(folder).find(
        one => text(one, 'SeriesInstanceUID') && isLesionsOf(one, series.seriesInstanceUID)
      )!;
      const { labelmap, segments } = readLesionSeg(seg, series);
      const [expected] = measureLesions({ ...CONTEXT, series, seg, volume, labelmap, lesions: segments });
      for (const name of FORMAT_NAMES) {
        await panel.showTab('analyse');
        if (!(await panel.part('ct-series').isVisible())) await panel.part('setup-toggle').click();
        await panel.choose('ct-series', name);
        await viewer.untilHanging(...(await viewer.hanging()).map(() => name));
        await panel.lesions();
        await viewer.waitForImage();
        await tabs.show('burden');
        const [row] = await tabs.burden();
        expect([name, row]).toEqual([name, expect.objectContaining({ level: 'L1', kind: 'blastic' })]);
        expect([name, row.huMean, row.huSd]).toEqual([name, expected.hu.mean, expected.hu.standardDeviation]);
        expect([name, row.millilitres]).toEqual([name, expected.millilitres]);
      }
      expect(log.errors).toEqual([]);
    }
  );
});

interface HostWindow {
  cornerstone: { cache: { getVolumes(): { loadStatus?: { loaded: boolean } }[] } };
  services: {
    cornerstoneViewportService: {
      getCornerstoneViewport(id: string): { getCamera(): { focalPoint: [number, number, number] } };
    };
  };
}

/** A lesion SEG that refers to a series. */
function isLesionsOf(dataset: ReturnType<typeof datasets>[number], seriesInstanceUid: string): boolean {
  const refers = items(dataset, 'ReferencedSeriesSequence').some(
    one => text(one, 'SeriesInstanceUID') === seriesInstanceUid
  );
  return refers && /lesion/i.test(text(dataset, 'SeriesDescription'));
}
