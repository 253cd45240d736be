/** The same way through the viewer with a real PACS: Debian's Orthanc, seen by the browser under the viewer's own address. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Orthanc, startOrthanc } from '../support/orthanc';
import { shownLesions } from './pages/lesionVoxels';
import { storedLesions } from './support/storedLesions';
import { useViewer } from './support/viewer';

const demo = 'Synthetic phantom spine';
const timeoutMs = 1_200_000;

describe('the viewer on a PACS', () => {
  let orthanc: Orthanc;
  let ctFolder: string;
  let received: string;
  const suite = useViewer({
    prepare: async (temporary, { study }) => {
      orthanc = await startOrthanc();
      ctFolder = join(study, 'ct');
      received = join(temporary, 'received');
      mkdirSync(received);
      await upload(orthanc, study);
      return { dicomFolders: [], pacs: orthanc.url };
    },
  });
  afterAll(() => orthanc?.stop());

  suite.test(
    'stores lesions in Orthanc and shows the same voxels after reloading',
    async ({ page, worklist, viewer, panel, log }) => {
      await worklist.open();
      await worklist.select(demo);
      await worklist.openMode('Spine Oncology');
      await panel.waitUntilReady();
      await viewer.waitForImage();
      await panel.choose('slices', 'Central slice only');
      await panel.choose('search', 'Every slice (as published)');
      await panel.vertebra('L2').locator('[data-cy="analyse-one"]').click();
      expect(await panel.waitForStatus('run-bar', 'done', 'error')).toBe('done');
      const found = await panel.lesions();
      const shown = await shownLesions(page);

      await panel.part('save-seg').click();
      expect(await panel.waitForStatus('save-bar', 'failed', 'saved')).toBe('saved');
      await download(orthanc, received);
      const [stored, ...others] = storedLesions(received, ctFolder);
      expect(others).toEqual([]);
      expect(stored.slices).toEqual(shown);

      await page.reload();
      expect(await panel.lesions()).toEqual(found);
      await viewer.waitForImage();
      expect(await shownLesions(page)).toEqual(shown);
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );

  suite.test(
    'says why when the PACS is gone, keeps the lesions, and saves once it is back',
    async ({ page, worklist, viewer, panel }) => {
      await worklist.open();
      await worklist.select(demo);
      await worklist.openMode('Spine Oncology');
      await panel.waitUntilReady();
      await viewer.waitForImage();
      await panel.choose('slices', 'Central slice only');
      await panel.choose('search', 'Every slice (as published)');
      await panel.vertebra('T12').locator('[data-cy="analyse-one"]').click();
      expect(await panel.waitForStatus('run-bar', 'done', 'error')).toBe('done');
      const shown = await shownLesions(page);

      await page.route('**/orthanc/dicom-web/studies**', route =>
        route.request().method() === 'POST' ? route.abort('connectionreset') : route.fallback()
      );
      await panel.part('save-seg').click();
      expect(await panel.waitForStatus('save-bar', 'failed', 'saved')).toBe('failed');
      await panel.problem('store-unreachable').waitFor();
      expect(await shownLesions(page)).toEqual(shown);
      await page.unroute('**/orthanc/dicom-web/studies**');
      await panel.part('save-seg').click();
      expect(await panel.waitForStatus('save-bar', 'failed', 'saved')).toBe('saved');
    },
    timeoutMs
  );
});

/** Sends every file below `folder` to the PACS. */
async function upload({ url }: Orthanc, folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  for (const file of files) {
    const body = readFileSync(join(file.parentPath, file.name));
    const answer = await fetch(new URL('/instances', url), { method: 'POST', body });
    if (!answer.ok) throw new Error(`Orthanc answered ${answer.status} to ${file.name}: ${await answer.text()}`);
  }
}

/** Fetches every SEG the PACS holds into `folder`. */
async function download({ url }: Orthanc, folder: string): Promise<void> {
  const query = { Level: 'Series', Query: { Modality: 'SEG' }, Expand: true };
  const found = await fetch(new URL('/tools/find', url), { method: 'POST', body: JSON.stringify(query) });
  for (const { Instances } of (await found.json()) as { Instances: string[] }[]) {
    for (const id of Instances) {
      const file = await fetch(new URL(`/instances/${id}/file`, url));
      writeFileSync(join(folder, `${id}.dcm`), Buffer.from(await file.arrayBuffer()));
    }
  }
}
