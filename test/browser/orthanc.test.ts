/** The same way through the viewer with a real PACS: Debian's Orthanc, seen by the browser under the viewer's own address. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  ctVolume,
  decodeFile,
  items,
  measureLesions,
  type NaturalizedInstance,
  rtStruct,
  storedPixels,
  text,
} from '@spine/dicom';

import { dciodvfy, EXPLAINED_WARNINGS, hasTool, run, skip } from '../contract/support/tools';
import { type FaultyRelay, startFaultyRelay } from '../support/faultyRelay';
import { type Orthanc, startOrthanc } from '../support/orthanc';
import { shownLesions } from './pages/lesionVoxels';
import { download, upload } from './support/pacsFiles';
import { ctOf, storedLesions } from './support/storedLesions';
import { useViewer, type ViewerTest } from './support/viewer';

const demo = 'Synthetic phantom spine';
const timeoutMs = 1_200_000;
/** Long enough for a store on a busy machine, short enough to be waited for. */
const archiveTimeoutSeconds = 15;

describe('the viewer on a PACS', () => {
  let orthanc: Orthanc;
  let relay: FaultyRelay;
  let ctFolder: string;
  let received: string;
  const suite = useViewer({
    settings: { investigationalUseDialog: { option: 'never' }, extensionConfiguration: { archiveTimeoutSeconds } },
    prepare: async (temporary, { study }) => {
      orthanc = await startOrthanc();
      relay = await startFaultyRelay(orthanc.url);
      ctFolder = join(study, 'ct');
      received = join(temporary, 'received');
      mkdirSync(received);
      await upload(orthanc, study);
      return { dicomFolders: [], pacs: relay.url };
    },
  });
  afterAll(async () => {
    await relay?.close();
    await orthanc?.stop();
  });

  suite.test(
    'says why a store fails, loses nothing, stores segmentation, contours and report, and shows the same after reloading',
    async test => {
      const { page, panel, viewer } = test;
      await analyseOne(test, 'L2');
      const found = await panel.lesions();
      const shown = await shownLesions(page);

      relay.fault = 'hang';
      expect(await failure(test, 'store-timeout')).toContain(`${archiveTimeoutSeconds} s`);
      relay.fault = 'drop';
      expect(await failure(test, 'store-refused')).toContain('does not answer');
      expect(relay.met).toBe(2);
      relay.fault = 'none';
      await page.route('**/orthanc/dicom-web/studies**', route =>
        route.request().method() === 'POST' ? route.abort('connectionreset') : route.fallback()
      );
      await failure(test, 'store-unreachable');
      await page.unroute('**/orthanc/dicom-web/studies**');
      expect(await shownLesions(page)).toEqual(shown);
      expect(await download(orthanc, received, 'SEG')).not.toContain('Vertebral lesions v1 - Research use only');

      await panel.part('save-seg').click();
      expect(await panel.waitForStatus('save-bar', 'saved')).toBe('saved');
      await panel.showTab('export');
      expect(await panel.exportTo('contours', 'archive')).toBe('done');
      expect(await panel.exportTo('report', 'archive')).toBe('done');

      const files = new Map<string, string>();
      for (const modality of ['SEG', 'RTSTRUCT', 'SR']) {
        for (const [name, path] of await download(orthanc, received, modality)) files.set(name, path);
      }
      const fileOf = (title: string) => files.get(`${title} v1 - Research use only`) ?? '';
      const [stored, ...others] = storedLesions(received, ctFolder);
      expect(others).toEqual([]);
      expect(stored.slices).toEqual(shown);
      const written = { ...CONTEXT, labelmap: stored.content.labelmap, lesions: stored.content.segments };
      const series = ctOf(ctFolder);
      const contours = decoded(fileOf('Vertebral lesion contours'));
      expect(roisOf(contours)).toEqual(roisOf(rtStruct({ ...written, series })));
      const measured = measureLesions({ ...written, series, volume: ctVolume(series, storedPixels) });
      const report = decoded(fileOf('Vertebral lesion measurements'));
      expect(numbersOf(report)).toEqual(
        measured.map(({ trackingUid, cubicMillimetres, hu }) => [trackingUid, cubicMillimetres, hu.mean])
      );
      expect(JSON.stringify(report.ContentSequence)).toContain(stored.content.sopInstanceUID);
      for (const file of ['Vertebral lesions', 'Vertebral lesion contours', 'Vertebral lesion measurements'].map(
        fileOf
      )) {
        validate(file);
      }
      if (hasTool('dsrdump'))
        expect(run('dsrdump', fileOf('Vertebral lesion measurements'))).toContain('Imaging Measurement Report');

      await page.reload();
      expect(await panel.lesions()).toEqual(found);
      await viewer.waitForImage();
      expect(await shownLesions(page)).toEqual(shown);
      expect(test.log.errors.filter(error => !/Failed to load resource|request failed/.test(error))).toEqual([]);
    },
    timeoutMs
  );
});

/** What is not compared: the reference objects only have to hold the same regions. */
const CONTEXT = { model: { id: '', name: '', version: '', sha256: '' }, sampler: '', threshold: 0.5, provider: '' };

async function analyseOne({ page, worklist, viewer, panel }: ViewerTest, level: string): Promise<void> {
  await worklist.open();
  await worklist.select(demo);
  await worklist.openMode('Spine Oncology');
  await panel.waitUntilReady();
  await viewer.waitForImage();
  // The quickest model; it calls something a lesion in every slice.
  await panel.choose('model', 'Tiny test model');
  await panel.waitUntilReady();
  await panel.choose('slices', 'Central slice only');
  await panel.choose('search', 'Every slice (as published)');
  await panel.vertebra(level).locator('[data-cy="analyse-one"]').click();
  expect(await panel.waitForStatus('run-bar', 'done', 'error')).toBe('done');
  await page.mouse.move(0, 0);
}

/** Saves from the foot of the panel, in vain. @returns what the user is told */
async function failure({ panel }: ViewerTest, code: string): Promise<string> {
  await panel.part('save-seg').click();
  const note = panel.part('save-bar').locator(`[data-cy="problem"][data-code="${code}"]`);
  await note.waitFor();
  return note.innerText();
}

function decoded(path: string): NaturalizedInstance {
  const bytes = readFileSync(path);
  return decodeFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
}

/** Names of the ROIs and the points of their contours. */
function roisOf(contours: NaturalizedInstance): [string, number[][]][] {
  const names = items(contours, 'StructureSetROISequence').map(roi => text(roi, 'ROIName'));
  return items(contours, 'ROIContourSequence').map((roi, n) => [
    names[n],
    items(roi, 'ContourSequence').map(contour => (contour.ContourData as (string | number)[]).map(Number)),
  ]);
}

/** Tracking UID, volume in mm3 and mean HU of each measurement group. */
function numbersOf(report: NaturalizedInstance): unknown[][] {
  const named = (container: NaturalizedInstance, meaning: string) =>
    items(container, 'ContentSequence').filter(
      one => text(items(one, 'ConceptNameCodeSequence')[0] ?? {}, 'CodeMeaning') === meaning
    );
  const value = (one: NaturalizedInstance) => Number(text(items(one, 'MeasuredValueSequence')[0], 'NumericValue'));
  return named(named(report, 'Imaging Measurements')[0], 'Measurement Group').map(group => [
    text(named(group, 'Tracking Unique Identifier')[0], 'UID'),
    value(named(group, 'Volume')[0]),
    value(named(group, 'Attenuation Coefficient')[0]),
  ]);
}

function validate(file: string): void {
  if (!hasTool('dciodvfy')) return skip('dciodvfy');
  const { errors, warnings } = dciodvfy(file);
  expect(errors).toEqual([]);
  expect(warnings.filter(warning => !EXPLAINED_WARNINGS.some(known => known.test(warning)))).toEqual([]);
}
