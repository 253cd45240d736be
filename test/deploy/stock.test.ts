/** Unmodified OHIF 3.13.2 with foreign configurations, at the root and under a path: the release's folder and one line. */
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bundlePage } from '../browser/support/bundlePage';
import { download } from '../browser/support/pacsFiles';
import { analyseOneSlice } from '../browser/support/quickAnalysis';
import { ROOT } from '../support/shared';
import type { Site } from './support/hospital';
import { sharedHospital, type Visit } from './support/suite';

/** Debian's Orthanc lists studies without their descriptions (see docs/install.md). */
const DEMO = 'Phantom, Spine';
/** `npm run test:deploy`: every configuration at every path; else each once. */
const whole = process.env.SPINE_DEPLOY === 'whole';

/** The release has no test model; a site offers it as it would its own, in front of its configuration. */
const config = (file: string) => `
window.spineSettings = { extensionConfiguration: {
  models: [{ id: 'tiny', manifestUrl: '/test-models/manifest.json' }],
  defaultModel: 'tiny',
} };
${readFileSync(join(ROOT, 'test/deploy/sites', file), 'utf8')}`;
const nginx = `location /test-models/ { alias ${join(ROOT, 'models/tiny')}/; }`;
const EXTENSION = 'extension-vertebra-metastasis/0.1.0/index.umd.js';
const MODE = 'mode-spine-oncology/0.1.0/index.umd.js';
const site = (name: string, file: string, more: Partial<Site> = {}): Site => ({
  ...{ name, config: config(file), nginx },
  ...more,
});
const faulty = (name: string, damage?: Site['damage'], more: Partial<Site> = {}): Site => ({
  ...{ name, config: 'object.js', damage },
  ...more,
});

/** The site puts the release's descriptors into its lists; the loader of 3.14 is emulated behind it. */
async function config314(release: string): Promise<string> {
  const descriptors = readFileSync(join(release, 'descriptors-3.14.js'), 'utf8');
  const [, released] = /^var spineOncologyRelease = (.*);$/m.exec(
    readFileSync(join(release, 'plugins/@spine-oncology/loader.js'), 'utf8')
  )!;
  const emulation = await bundlePage(join(ROOT, 'test/deploy/emulated/loader314.ts'));
  return `${config('object.js')}
    const descriptors = ${descriptors}
    window.config.extensions = [[descriptors.extensions[0], window.spineSettings.extensionConfiguration]];
    window.config.modes = descriptors.modes;
    window.emulatedShares = ${released}.wantedExports;
    ${readFileSync(join(emulation, 'page.js'), 'utf8')}`;
}

const hospital = sharedHospital([
  ...(whole ? [{ name: 'v314', config: config314, nginx, withoutLine: true }] : []),
  site('compose', 'function.js', { compose: true }),
  site('object-path', 'object.js', { base: '/viewer/' }),
  site('white-path', 'whiteLabel.js', { base: '/viewer/' }),
  ...(whole
    ? [
        site('object', 'object.js'),
        site('white', 'whiteLabel.js'),
        site('function-path', 'function.js', { base: '/viewer/' }),
      ]
    : []),
  faulty('missing', plugins => rmSync(join(plugins, MODE))),
  faulty('altered', plugins => appendFileSync(join(plugins, EXTENSION), ' ')),
  faulty('stale', plugins => {
    const file = join(plugins, EXTENSION);
    writeFileSync(file, readFileSync(file, 'utf8').replace(' 0.1.0 */', ' 0.0.9 */'));
  }),
  faulty('type', undefined, {
    nginx: `location ~ index.umd.js$ { types {} default_type application/octet-stream; add_header X-Content-Type-Options nosniff; }`,
  }),
  faulty('throwing', plugins => {
    const text = `/*! @spine-oncology/mode-spine-oncology 0.1.0 */ throw new Error('planted')`;
    const integrity = (content: string | Buffer) => `sha384-${createHash('sha384').update(content).digest('base64')}`;
    const old = integrity(readFileSync(join(plugins, MODE)));
    writeFileSync(join(plugins, MODE), text);
    const loader = join(plugins, 'loader.js');
    writeFileSync(loader, readFileSync(loader, 'utf8').replace(old, integrity(text)));
  }),
  faulty('model', plugins => {
    const file = join(plugins, 'extension-vertebra-metastasis/0.1.0/models/body/body_outline.onnx');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file, bytes);
  }),
  faulty('path', undefined, { servedUnder: '/viewer/' }),
  faulty('policy', undefined, { nginx: `add_header Content-Security-Policy "script-src 'self'; worker-src 'self'";` }),
  faulty('no-line', undefined, { withoutLine: true }),
  faulty('no-folder', plugins => rmSync(plugins, { recursive: true })),
]);

describe('a foreign configuration', () => {
  const analysed = whole ? ['object-path', 'compose'] : [];
  for (const name of analysed) {
    hospital.test(`${name}: one slice is analysed and saved to Orthanc`, name, async visit => {
      const { panel, log } = visit;
      await analyseOneSlice(visit, DEMO, 'T11');
      await panel.part('save-seg').click();
      expect(await panel.waitForStatus('save-bar', 'failed', 'saved')).toBe('saved');
      const folder = mkdtempSync(join(tmpdir(), 'spine-received-'));
      const received = await download(visit.hospital.orthanc, folder, 'SEG');
      rmSync(folder, { recursive: true });
      expect([...received.keys()].join()).toMatch(/Vertebral lesions/);
      expect(log.errors).toEqual([]);
    });
  }

  for (const name of whole ? ['object', 'function-path'] : ['object-path', 'compose']) {
    hospital.test(`${name}: the mode is offered`, name, async ({ page, worklist, log }) => {
      await worklist.open();
      await worklist.select(DEMO);
      expect(await worklist.offeredModes()).toEqual(expect.arrayContaining(['Basic Viewer', 'Spine Oncology']));
      if (!name.startsWith('object')) expect(await page.evaluate('window.siteSawServices')).toBe(true);
      expect(log.errors).toEqual([]);
    });
  }

  for (const name of whole ? ['white', 'white-path'] : ['white-path']) {
    hospital.test(
      `${name}: its logo, its other mode and its routes stay`,
      name,
      async ({ page, worklist, log }) => {
        await worklist.open();
        expect(await page.locator('[data-cy="site-logo"]').first().innerText()).toBe('St. Elsewhere');
        await worklist.select(DEMO);
        expect(await worklist.offeredModes()).toEqual(
          expect.arrayContaining(['Basic Dev Viewer', 'Basic Viewer', 'Spine Oncology'])
        );
        await worklist.openMode('Spine Oncology');
        await page.waitForURL(/\/reading\/spine-oncology/);
        expect(log.errors).toEqual([]);
      },
      '/reading'
    );
  }
});

(whole ? describe : describe.skip)('the loader of OHIF 3.14, emulated', () => {
  hospital.test(
    'loads both plugins, and the model from beside them',
    'v314',
    async ({ page, worklist, panel, log }) => {
      await worklist.open();
      await worklist.select(DEMO);
      await worklist.openMode('Spine Oncology');
      await panel.waitUntilReady();
      const record = await page.evaluate<{ packageName: string; status: string }[]>('window.__ohif.runtimePlugins');
      expect(record.map(({ status }) => status)).toEqual(['loaded', 'loaded']);
      expect(log.errors).toEqual([]);
    }
  );
});

describe('a fault: the study list opens and the reason is on the page', () => {
  const notice = '#spine-oncology-unavailable';
  const faults: [string, RegExp][] = [
    ['missing', /mode-spine-oncology.*index\.umd\.js is missing \(the server answers 404\): copy the whole folder/],
    ['altered', /extension-vertebra-metastasis.*is not the file of release 0\.1\.0 \(sha384-/],
    ['stale', /is of release 0\.0\.9, the loader of 0\.1\.0/],
    ['type', /is sent as application\/octet-stream, which browsers do not run/],
    ['throwing', /mode-spine-oncology.*stopped while it started: .*planted/],
  ];
  for (const [name, reason] of faults) {
    hospital.test(name, name, async ({ page, worklist }) => {
      await worklist.open();
      const text = await page.locator(notice).innerText();
      expect(text).toContain('Spine Oncology is not available.');
      expect(text).toMatch(reason);
      expect(text).toMatch(/http:\/\/\w+\.localhost:\d+\/plugins\/@spine-oncology\/check\.html finds out more/);
      await worklist.select(DEMO);
      const modes = await worklist.offeredModes();
      expect(modes).toContain('Basic Viewer');
      expect(modes).not.toContain('Spine Oncology');
    });
  }

  hospital.test('the whole folder missing', 'no-folder', async ({ page, worklist }) => {
    await worklist.open();
    expect(await page.getByRole('alert').innerText()).toMatch(/loader\.js cannot be loaded/);
    await worklist.row(DEMO).waitFor();
  });
});

describe('check.html', () => {
  /** What it says is wrong, by kind; waits until it is done. */
  async function wrong({ page, hospital: { url } }: Visit, name: string, path = ''): Promise<[string, string][]> {
    await page.goto(`${url(name)}${path}/plugins/@spine-oncology/check.html`);
    await page.locator('#summary[data-wrong]').waitFor();
    return page
      .locator('li[data-severity="wrong"]')
      .evaluateAll(items => items.map(item => [item.getAttribute('data-check')!, item.textContent!]));
  }

  hospital.test('finds nothing wrong where nothing is', 'compose', async visit => {
    expect(await wrong(visit, 'compose')).toEqual([]);
    expect(await visit.page.locator('#findings').innerText()).toMatch(
      /files are those of release[\s\S]*cross-origin isolated/
    );
    expect(await wrong(visit, 'object-path')).toEqual([]);
  });

  hospital.test('finds each of the planted faults', 'missing', async visit => {
    const faults: [site: string, check: string, text: RegExp, path?: string][] = [
      ['missing', 'files', /mode-spine-oncology.*is missing \(the server answers 404\)/],
      ['stale', 'files', /extension-vertebra-metastasis.*is not the file of this release/],
      ['type', 'types', /index\.umd\.js is sent as application\/octet-stream/],
      ['model', 'model', /body_outline\.onnx is not the file of this release \(of the same size/],
      ['path', 'viewer', /built for \/ and is served under \/viewer\//, '/viewer'],
      ['policy', 'headers', /lacks 'wasm-unsafe-eval'/],
      ['no-line', 'configuration', /does not load the mode/],
    ];
    for (const [name, check, text, path] of faults) {
      expect([name, await wrong(visit, name, path)]).toEqual([
        name,
        expect.arrayContaining([[check, expect.stringMatching(text)]]),
      ]);
    }
  });
});
