/**
 * Real CT in windows of three sizes, in the overview and close up: names of the vertebrae in every viewport, the jump, the map. Pictures to be
 * looked at: `npm run pictures:ct`; nothing of the CT goes into the repository.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { text } from '@spine/dicom';
import { readDicom } from '@spine/headless/dicomFiles';

import { sharedFolder, skipLine } from '../support/shared';
import { useViewer, type ViewerTest } from './support/viewer';
import { soon } from './support/soon';

const pictures = process.env.SPINE_CT_PICTURES;
const stepTimeoutMs = 300_000;
const timeoutMs = 1_200_000;
const SIZES = [
  [1280, 720],
  [1440, 900],
  [1920, 1080],
] as const;
const VIEWPORTS = ['spine-sagittal', 'spine-axial', 'spine-coronal'] as const;
type Place = readonly [number, number, number];

/** Read off by eye, see the file's own note; V1 is the uppermost. */
function knownCentres(): Place[] {
  const file = sharedFolder('ct', 'lidc-0314-centres.json');
  if (!file) return [];
  return (JSON.parse(readFileSync(file, 'utf8')) as { centres: { lps: Place }[] }).centres.map(({ lps }) => lps);
}

const folder = sharedFolder('ct');
const describeIf = pictures && folder ? describe : describe.skip;
if (pictures && !folder) skipLine('real spines in the viewer');

describeIf.each([
  ['lidc-0314', knownCentres()],
  ['crlm-1006', []],
] as const)('%s (set SPINE_CT_PICTURES to a folder)', (id, centres) => {
  const suite = useViewer({ prepare: () => ({ dicomFolders: [join(folder!, id)] }) });

  async function photograph({ page }: ViewerTest, name: string): Promise<void> {
    const to = resolve(pictures!);
    mkdirSync(to, { recursive: true });
    await page.mouse.move(0, 0);
    await page.screenshot({
      path: join(to, `${id}-${page.viewportSize()!.width}-${name}.png`),
      animations: 'disabled',
    });
  }

  suite.test(
    'names, jump and map',
    async test => {
      const { page, viewer, panel, log } = test;
      page.setDefaultTimeout(stepTimeoutMs);
      await viewer.open(text(readDicom(join(folder!, id))[0], 'StudyInstanceUID'));
      await viewer.waitForImage();
      await panel.part('find-vertebrae').click();
      await panel.part('level-question').waitFor();
      await panel.root.locator('[data-cy="spine-map"] canvas[data-drawn="true"]').waitFor();
      const levels = await panel.levels();
      process.stderr.write(`${id}: ${levels.join(' ')}\n`);
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        await panel.part('map-body').first().waitFor();
        await soon(() => panel.part('map-body').evaluateAll(found => found.map(one => one.dataset.level))).toEqual(
          levels
        );
        for (const viewport of VIEWPORTS) expect(await misplaced(test, viewport, centres, levels)).toEqual([]);
        await soon(() => viewer.levelLabels('spine-sagittal')).toEqual(levels);
        await photograph(test, 'overview');
        const before = await viewer.cameras();
        for (const at of [0, Math.floor(levels.length / 2), levels.length - 1]) {
          await panel.root.locator(`[data-cy="map-body"][data-level="${levels[at]}"]`).click();
          await viewer.stillCameras();
          for (const viewport of VIEWPORTS) {
            await soon(() => viewer.levelLabels(viewport)).toContain(`${levels[at]} current`);
            expect(await misplaced(test, viewport, centres, levels)).toEqual([]);
          }
          if (centres[at]) {
            for (const { middle } of await viewer.cameras())
              expect(Math.hypot(...middle.map((mm, axis) => mm - centres[at][axis]))).toBeLessThan(5);
          }
          await photograph(test, `close-${levels[at]}`);
        }
        await panel.part('close-vertebra').click();
        await soon(() => viewer.stillCameras()).toEqual(before);
      }
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );
});

/** Names farther from their body's middle than half a body, up and down the image. */
async function misplaced(
  { viewer }: ViewerTest,
  viewport: (typeof VIEWPORTS)[number],
  centres: readonly Place[],
  levels: readonly string[]
): Promise<string[]> {
  const shown = await viewer.labelPlaces(viewport);
  const known = await viewer.canvasPlaces(viewport, centres);
  // An axial plane cuts one body or two.
  if (viewport === 'spine-axial') return shown.length <= 2 ? [] : [`${shown.length} names in ${viewport}`];
  return shown.flatMap(({ level, y, height }) => {
    const at = known[levels.indexOf(level)];
    const next = known[levels.indexOf(level) + 1] ?? known[levels.indexOf(level) - 1];
    if (!at || !next) return [];
    // A body that is larger than the view, or cut by it, has its name where it is seen.
    const seen = Math.max(0, Math.min(height, at.y));
    const off = Math.abs(y - seen);
    return off > 0.5 * Math.abs(next.y - at.y) ? [`${level} in ${viewport}: ${off.toFixed(0)} pixels off`] : [];
  });
}
