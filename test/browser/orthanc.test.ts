/** The same way through the viewer with a real PACS: Debian's Orthanc, seen by the browser under the viewer's own address. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import {
  ctVolume,
  decodeFile,
  measureLesions,
  type NaturalizedInstance,
  rtStruct,
  storedPixels,
  text,
} from '@spine/dicom';

import { ctStudyWithMasks } from '../../cohort/src/testing/studies';
import { findPython, ontoCt, readWithHighdicom } from '../contract/support/readers';
import { dciodvfy, EXPLAINED_WARNINGS, hasTool, run, skip } from '../contract/support/tools';
import { type Fault, type FaultyRelay, startFaultyRelay } from '../support/faultyRelay';
import { type Orthanc, startOrthanc } from '../support/orthanc';
import { ROOT } from '../support/shared';
import { difference } from '../contract/support/masks';
import { shownLesions } from './pages/lesionVoxels';
import { numbersOf, roisOf } from './support/datasets';
import { download, upload } from './support/pacsFiles';
import { ANALYSED_LEVEL, analysedStudy } from './support/analysedStudy';
import { writeSlicedStudy, REVIEWED_STUDY } from './support/reviewedStudy';
import { ctOf, datasets, storedLesions } from './support/storedLesions';
import { useViewer, type ViewerTest } from './support/viewer';
import { soon } from './support/soon';

const timeoutMs = 1_200_000;
/** Long enough for a store on a busy machine, short enough to be waited for. */
const archiveTimeoutSeconds = 8;

/** The study has a first version already. */
const SAVED = 'Vertebral lesions v2 - Research use only';

/** What happens to an upload, the code of the problem and words of what the user is told. */
const FAULTS: readonly (readonly [Fault, string, string])[] = [
  ['hang', 'store-timeout', `no answer within ${archiveTimeoutSeconds} s`],
  ['drop', 'store-refused', 'does not answer'],
  ['refuse', 'store-refused', 'HTTP 507: disk full'],
];

describe('the viewer on a PACS', () => {
  let orthanc: Orthanc;
  let relay: FaultyRelay;
  let ctFolder: string;
  let received: string;
  let studyUid: string;
  const suite = useViewer({
    withoutSearch: true,
    settings: { investigationalUseDialog: { option: 'never' }, extensionConfiguration: { archiveTimeoutSeconds } },
    prepare: async (temporary, demo) => {
      const { study } = demo;
      orthanc = await startOrthanc();
      relay = await startFaultyRelay(orthanc.url);
      ctFolder = join(study, 'ct');
      received = join(temporary, 'received');
      mkdirSync(received);
      await upload(orthanc, study);
      await upload(orthanc, await analysedStudy(demo));
      studyUid = text(datasets(ctFolder)[0], 'StudyInstanceUID');
      return { dicomFolders: [], pacs: relay.url };
    },
  });
  beforeEach(() => {
    relay.fault = 'none';
  });
  afterAll(async () => {
    await relay?.close();
    await orthanc?.stop();
  });

  suite.test(
    'says why a store fails, loses nothing, stores segmentation, contours and report, and shows the same after reloading',
    async test => {
      const { page, panel, viewer } = test;
      await viewer.open(studyUid);
      await panel.lesions();
      await panel.waitUntilReady();
      await viewer.waitForImage();
      await panel.vertebra(ANALYSED_LEVEL).locator('[data-cy="go-to"]').click();
      await panel.lesions();
      await panel.part('lesion-row').first().click();
      await panel.choose('reject', 'Artefact');
      await panel.untilRejected(1);
      const found = await panel.lesions();
      const shown = await shownLesions(page);

      for (const [fault, code, words] of FAULTS) {
        relay.fault = fault;
        expect(await failure(test, code)).toContain(words);
      }
      relay.fault = 'none';
      await page.route('**/orthanc/dicom-web/studies**', route =>
        route.request().method() === 'POST' ? route.abort('connectionreset') : route.fallback()
      );
      await failure(test, 'store-unreachable');
      await page.unroute('**/orthanc/dicom-web/studies**');
      await soon(() => shownLesions(page)).toEqual(shown);
      expect([...(await download(orthanc, received, 'SEG')).keys()]).not.toContain(SAVED);

      expect(await panel.save()).toBe('saved');
      await panel.showTab('export');
      for (const kind of ['contours', 'report']) {
        for (const [fault, code, words] of FAULTS) {
          relay.fault = fault;
          expect([kind, fault, await panel.exportTo(kind, 'archive')]).toEqual([kind, fault, 'failed']);
          const row = panel.part(`export-${kind}`);
          await soon(() => row.locator(`[data-cy="problem"][data-code="${code}"]`).innerText()).toContain(words);
        }
      }
      expect(relay.met).toBe(3 * FAULTS.length);
      await soon(() => panel.part('save-bar').getAttribute('data-status')).toBe('saved');
      await soon(() => shownLesions(page)).toEqual(shown);
      relay.fault = 'none';
      for (const kind of ['contours', 'report']) {
        await panel.part(`export-${kind}`).locator('[data-cy="export-again"]').click();
        await panel.root.locator(`[data-cy="export-${kind}"][data-status="done"]`).waitFor();
      }

      const files = new Map<string, string>();
      for (const modality of ['SEG', 'RTSTRUCT', 'SR']) {
        for (const [name, path] of await download(orthanc, received, modality)) files.set(name, path);
      }
      // One of each: a file that failed was sent again as it was.
      expect([...files.keys()].filter(name => name.includes('lesion')).sort()).toEqual([
        'Vertebral lesion contours v1 - Research use only',
        'Vertebral lesion measurements v1 - Research use only',
        'Vertebral lesions v1 - Research use only',
        SAVED,
      ]);
      const fileOf = (title: string) => files.get(`${title} v1 - Research use only`) ?? '';
      const [stored, ...others] = storedLesions(received, ctFolder).filter(({ content }) => content.version === 2);
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
      validate(files.get(SAVED)!);
      for (const title of ['Vertebral lesion contours', 'Vertebral lesion measurements']) validate(fileOf(title));
      if (hasTool('dsrdump'))
        expect(run('dsrdump', fileOf('Vertebral lesion measurements'))).toContain('Imaging Measurement Report');

      await page.reload();
      await soon(() => panel.lesions()).toEqual(found);
      await viewer.waitForImage();
      await soon(() => shownLesions(page)).toEqual(shown);
      await panel.vertebra('T11').locator('[data-cy="go-to"]').click();
      await panel.untilRejected(1);
      expect(test.log.errors.filter(error => !/Failed to load resource|request failed/.test(error))).toEqual([]);
    },
    timeoutMs
  );

  suite.test(
    'a lesion split in two and one of both kinds: the same segments in every reader, and the same lesions when they come back',
    async ({ page, panel, viewer, log }) => {
      const own = join(received, 'sliced');
      const ct = await writeSlicedStudy(own);
      await upload(orthanc, own);
      await viewer.open(REVIEWED_STUDY);
      await panel.lesions();
      await panel.vertebra('T11').waitFor();
      await viewer.waitForImage();
      const kinds = () =>
        panel.part('lesion-row').evaluateAll(rows => rows.map(row => (row as HTMLElement).dataset.kind).sort());
      expect(await kinds()).toEqual(['blastic', 'lytic']);
      const row = (kind: string) => panel.root.locator(`[data-cy="lesion-row"][data-kind="${kind}"]`);

      await row('lytic').locator('[data-cy="lesion-show"]').click();
      await panel.part('lesion-slice').nth(4).click();
      await panel.root.locator('[data-cy="lesion-slice"][aria-current="true"]').waitFor();
      await panel.part('split').click();
      await row('lytic').nth(1).waitFor();
      await row('lytic').first().locator('[data-cy="lesion-select"]').click();
      await row('blastic').locator('[data-cy="lesion-select"]').click();
      await panel.part('merge').click();
      await row('mixed').waitFor();
      expect(await kinds()).toEqual(['lytic', 'mixed']);
      const listed = await panel.lesions();
      const shown = await shownLesions(page);
      expect(await panel.save()).toBe('saved');

      const file = (await download(orthanc, join(received, 'sliced-back'), 'SEG', REVIEWED_STUDY)).get(SAVED)!;
      const series = ctOf(ct);
      const [stored] = storedLesions(join(received, 'sliced-back'), ct).filter(({ content }) => content.version === 2);
      const segments = stored.content.segments.map(({ label, voxels }) => [label, voxels]);
      expect(segments.map(([label]) => label)).toEqual(['T11 mixed 1', 'T11 lytic 1']);
      expect(segments.map(([, voxels]) => voxels)).toEqual(listed.map(({ voxels }) => voxels));
      expect(stored.slices).toEqual(shown);
      validate(file);
      const python = findPython();
      if (python) {
        const [readout] = readWithHighdicom(python, [file]);
        expect(difference(ontoCt(readout, series), stored.content.labelmap.labels)).toBe('');
        expect(readout.segments).toMatchObject(
          stored.content.segments.map(({ index, label, trackingUid }) => ({ number: index, label, trackingUid }))
        );
      } else skip('a Python with pydicom and highdicom');

      // The viewer's own loader makes functions of strings, which the policy of our server forbids.
      await (await page.context().newCDPSession(page)).send('Page.setBypassCSP', { enabled: true });
      await page.reload();
      expect(await panel.lesions()).toEqual(listed);
      await panel.vertebra('T11').waitFor();
      await row('mixed').waitFor();
      expect(await kinds()).toEqual(['lytic', 'mixed']);
      await viewer.waitForImage();
      expect(await shownLesions(page)).toEqual(shown);
      // What the viewer's own loader makes of the series, without our panel.
      const loaded = await viewer.loadedSegments(SAVED);
      expect(loaded.map(({ label, voxels }) => [label, voxels])).toEqual(segments);
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );

  suite.test(
    'a cohort has been through the archive: its result opens with the mark, is reviewed and saved as version 2, and a rerun leaves it',
    async ({ viewer, panel, log }) => {
      const own = join(received, 'cohort');
      const { study } = ctStudyWithMasks(join(own, 'in'), 1);
      await upload(orthanc, join(own, 'in'));
      expect(await cohort(orthanc, own)).toContain('1 series analysed, 1 passed over, 0 failed');

      await viewer.open(study);
      const found = await panel.lesions();
      expect(found.length).toBeGreaterThan(0);
      await panel.vertebra('L3').waitFor();
      await viewer.waitForImage();
      const mark = panel.part('unattended');
      await soon(() => mark.innerText()).toBe('Computed unattended, not reviewed: L2, L3, L4.');
      await panel.showTab('report');
      await soon(() => mark.isVisible()).toBe(true);
      await panel.part('report-text').filter({ hasText: 'Computed unattended, not reviewed: L2, L3, L4.' }).waitFor();
      await panel.showTab('analyse');

      for (const level of ['L2', 'L3', 'L4']) await panel.toggleReviewed(level);
      await mark.waitFor({ state: 'detached' });
      expect(await panel.save()).toBe('saved');
      await soon(() => panel.part('saved').innerText()).toContain('Vertebral lesions v2 - Research use only”');
      expect(await cohort(orthanc, own, '--sampler', 'thorough')).toMatch(new RegExp(`${study}.* reviewed: A reader`));
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );
});

/** `npm run cohort` over the PACS, with its queue in a folder. @returns what it printed */
async function cohort({ url }: Orthanc, folder: string, ...options: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...['--import', 'tsx', join(ROOT, 'cohort/src/main.ts'), '--dicomweb', `${url.origin}/dicom-web`],
      ...['--query', 'PatientID=COHORT-1', '--state', join(folder, 'state'), '--model', join(ROOT, 'models/tiny')],
      ...['--slices', 'central', '--screen-below', '0.3', '--threshold', '0.02', ...options],
    ],
    { cwd: ROOT }
  );
  return stdout;
}

/** What is not compared: the reference objects only have to hold the same regions. */
const CONTEXT = {
  model: { id: '', name: '', version: '', sha256: '' },
  sampler: { words: '' },
  threshold: 0.5,
  provider: '',
};

/** Saves from the foot of the panel, in vain. @returns what the user is told */
async function failure({ panel }: ViewerTest, code: string): Promise<string> {
  expect(await panel.save()).toBe('failed');
  return panel.part('save-bar').locator(`[data-cy="problem"][data-code="${code}"]`).innerText();
}

function decoded(path: string): NaturalizedInstance {
  const bytes = readFileSync(path);
  return decodeFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
}

function validate(file: string): void {
  if (!hasTool('dciodvfy')) return skip('dciodvfy');
  const { errors, warnings } = dciodvfy(file);
  expect(errors).toEqual([]);
  expect(warnings.filter(warning => !EXPLAINED_WARNINGS.some(known => known.test(warning)))).toEqual([]);
}
