/** A model that a deployer made, in the panel: the authors' files from a folder, converted by the command, found in the list, and put to work. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT, sharedFolder, skipLine } from '../support/shared';
import { SMALL_WINDOW, useViewer } from './support/viewer';
import { soon } from './support/soon';

/** The authors' pickles; the tiny checkpoint, which has as many codes, stands for their weights. */
const pickles = sharedFolder('golden', 'published');
const PICKLES = ['classifier_lr.pkl', 'scaler.pkl'];
const timeoutMs = 600_000;

describe('a model made from published files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'deployed-models-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const suite = useViewer({ window: SMALL_WINDOW });

  suite.test(
    'is the default in the panel, with its card, and analyses; the command needs neither Python nor the network',
    async ({ page, worklist, viewer, panel, log }) => {
      if (!pickles) return skipLine('the published model in the panel');
      const [files, models] = ['files', 'models'].map(name => join(folder, name));
      mkdirSync(files);
      copyFileSync(join(ROOT, 'models/tiny/tiny-dae.ckpt'), join(files, 'last.ckpt'));
      for (const name of PICKLES) copyFileSync(join(pickles, name), join(files, name));
      for (const name of ['index.json', 'default']) {
        cpSync(join(ROOT, 'models', name), join(models, name), { recursive: true });
      }
      const command = ['--import', 'tsx', join(ROOT, 'conversion/src/published/main.ts')];
      execFileSync(process.execPath, [...command, '--from', files, '--out', join(models, 'published')], {
        // Nothing but Node is to be found.
        env: { PATH: join(process.execPath, '..') },
        cwd: ROOT,
        stdio: 'pipe',
      });
      // As a build puts them beside the plugin.
      const given = new Set<string>();
      await page.route(/\/models\/[^?]+$/, route => {
        const [, path] = /\/models\/([^?]*)/.exec(route.request().url())!;
        const file = join(models, path);
        if (!existsSync(file)) return route.fallback();
        given.add(path);
        return route.fulfill({ body: readFileSync(file) });
      });

      await worklist.open();
      await worklist.select('Synthetic phantom spine');
      await worklist.openMode('Spine Oncology');
      await panel.waitUntilReady();
      await viewer.waitForImage();
      await soon(() => panel.part('model').innerText()).toContain('Published (Atad et al.)');
      await soon(() => panel.part('model-description').innerText()).toContain(
        "The authors' weights for arXiv 2512.06849"
      );
      await panel.part('model-description').hover();
      const card = page.getByRole('tooltip').first();
      await card.waitFor();
      await soon(() => card.innerText()).toMatch(/licence[\s\S]*as the authors state/i);
      const networks = ['encoder', 'time_conditioning', 'code_conditioning', 'noise_predictor'];
      expect([...given]).toEqual(expect.arrayContaining(networks.map(name => `published/${name}.onnx`)));

      // The classifier of the pickles on the codes of the checkpoint: as `npm run analyse` prints it for this slice.
      await panel.choose('slices', 'Central slice only');
      await panel.analyse('T11');
      expect(await panel.waitForStatus('run-bar', 'done', 'error')).toBe('done');
      const probability = panel.vertebra('T11').locator('[data-cy="probability"]');
      expect(Number(await probability.getAttribute('data-value'))).toBeCloseTo(0.462, 2);
      expect(log.errors).toEqual([]);
    },
    timeoutMs
  );
});
