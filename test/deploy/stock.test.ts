/** Unmodified OHIF 3.13.2 with foreign configurations, at the root and under a path: the release's folder and one line. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { WorklistPage } from '../browser/pages/WorklistPage';
import { download } from '../browser/support/pacsFiles';
import { analyseOneSlice } from '../browser/support/quickAnalysis';
import { CONFIGURATIONS, EMULATED_314, FAULTY_SITES, ODD_SITES, TOKEN, WHITE_LABEL_ROUTES } from './support/sites';
import { sharedHospital, type Visit } from './support/suite';
import { soon } from '../browser/support/soon';

/** Debian's Orthanc lists studies without their descriptions (see docs/install.md). */
const DEMO = 'Phantom, Spine';
/** `npm run test:deploy`: what else takes a whole visit is tested, too. */
const whole = process.env.SPINE_DEPLOY === 'whole';

const hospital = sharedHospital([...CONFIGURATIONS, ...ODD_SITES, EMULATED_314, ...FAULTY_SITES]);
const long: typeof hospital.test = (...given) => whole && hospital.test(...given);
const names = CONFIGURATIONS.map(({ name }) => name);
const routes = (name: string) => (name.startsWith('white') ? WHITE_LABEL_ROUTES : '');

/** From the study list into the mode. */
async function openMode(worklist: WorklistPage): Promise<void> {
  await worklist.open();
  await worklist.select(DEMO);
  await worklist.openMode('Spine Oncology');
}

describe('a foreign configuration', () => {
  for (const name of names) {
    hospital.test(
      `${name}: the mode is offered, what the site configured stays, and one slice is analysed and saved to Orthanc`,
      name,
      async visit => {
        const { page, worklist, panel, log } = visit;
        await worklist.open();
        await worklist.select(DEMO);
        const modes = await worklist.offeredModes();
        expect(modes).toEqual(expect.arrayContaining(['Basic Viewer', 'Spine Oncology']));
        if (name.startsWith('function')) expect(await page.evaluate('window.siteSawServices')).toBe(true);
        if (name.startsWith('white')) {
          await soon(() => page.locator('[data-cy="site-logo"]').first().innerText()).toBe('St. Elsewhere');
          expect(modes).toContain('Basic Dev Viewer');
        }
        await analyseOneSlice(visit, DEMO, 'T11');
        if (name.startsWith('white')) expect(new URL(page.url()).pathname).toContain('/reading/spine-oncology');
        expect((await panel.lesions()).length).toBeGreaterThan(0);
        expect(await panel.save()).toBe('saved');
        expect(await savedSeries(visit)).toMatch(/Vertebral lesions/);
        await visit.hospital.removeResults();
        expect(log.errors).toEqual([]);
      },
      routes(name)
    );
  }

  async function savedSeries({ hospital: { orthanc } }: Visit): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'spine-received-'));
    const received = await download(orthanc, folder, 'SEG');
    rmSync(folder, { recursive: true });
    return [...received.keys()].join();
  }
});

describe('odd sites', () => {
  hospital.test(
    'the loader before the configuration and again after it, a frozen configuration without lists, another loader around both',
    'crowded',
    async ({ page, worklist, log }) => {
      await worklist.open();
      await worklist.select(DEMO);
      const modes = await worklist.offeredModes();
      expect(modes.filter(name => name === 'Spine Oncology')).toHaveLength(1);
      expect(await page.evaluate('window.config().then(({ otherPlugin }) => otherPlugin)')).toBe(true);
      expect(log.errors).toEqual([]);
    }
  );

  long(
    'plugins on another server, which does not get the Authorization header that the site demands for its own model',
    'cdn',
    async ({ page, worklist, panel, log }) => {
      const asked: [url: string, authorization: string | undefined][] = [];
      page.on('request', request => void asked.push([request.url(), request.headers().authorization]));
      await openMode(worklist);
      await panel.waitUntilReady();
      const elsewhere = asked.filter(([url]) => url.startsWith('http://files.localhost:'));
      expect(elsewhere.filter(([, authorization]) => authorization)).toEqual([]);
      expect(elsewhere.join()).toMatch(/index\.umd\.js.*ort-wasm-simd-threaded\.asyncify\.wasm/);
      expect(asked.filter(([url]) => url.includes('/@spine-oncology/'))).toEqual(elsewhere);
      const own = asked.filter(([url]) => url.includes('/test-models/'));
      expect(own.length).toBeGreaterThan(2);
      expect(own.map(([, authorization]) => authorization)).toEqual(own.map(() => TOKEN));
      expect(log.errors).toEqual([]);
    }
  );

  long("Orthanc's OHIF plugin, emulated", 'orthanc-plugin', async visit => {
    const { page, worklist, panel, log } = visit;
    const asked: string[] = [];
    page.on('request', request => void asked.push(new URL(request.url()).pathname));
    await openMode(worklist);
    await panel.waitUntilReady();
    expect(asked).toContain(
      '/served-folder/@spine-oncology/extension-vertebra-metastasis/0.1.0/ort/ort-wasm-simd-threaded.asyncify.wasm'
    );
    expect(log.errors).toEqual([]);
  });

  long('a content security policy', 'strict', async ({ worklist, viewer, panel, log }) => {
    await openMode(worklist);
    await panel.waitUntilReady();
    await viewer.waitForImage();
    expect(log.errors).toEqual([]);
  });

  hospital.test('a cache on the way has kept an old bundle', 'object', async ({ page, worklist, log }) => {
    const kept = { body: '/*! an old one */', contentType: 'text/javascript' };
    await page.route(/extension-vertebra-metastasis\/0\.1\.0\/index\.umd\.js$/, route => route.fulfill(kept));
    await worklist.open();
    await worklist.select(DEMO);
    await soon(() => worklist.offeredModes()).toContain('Spine Oncology');
    expect(log.errors).toEqual([]);
  });
});

describe('the loader of OHIF 3.14, emulated', () => {
  hospital.test(
    'loads both plugins, and the model from beside them',
    'v314',
    async ({ page, worklist, panel, log }) => {
      const asked: string[] = [];
      page.on('request', request => void asked.push(new URL(request.url()).pathname));
      await openMode(worklist);
      await panel.waitUntilReady();
      const record = await page.evaluate<{ packageName: string; status: string }[]>('window.__ohif.runtimePlugins');
      expect(record.map(({ status }) => status)).toEqual(['loaded', 'loaded']);
      expect(asked).toContain('/plugins/@spine-oncology/extension-vertebra-metastasis/0.1.0/models/index.json');
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

  long("a policy that forbids WebAssembly and OHIF's own inline scripts", 'policy', async visit => {
    await openMode(visit.worklist);
    await soon(() => visit.panel.problem('wasm-forbidden').first().innerText()).toMatch(
      /'wasm-unsafe-eval' to script-src/
    );
  });

  hospital.test('the whole folder missing', 'no-folder', async ({ page, worklist }) => {
    await worklist.open();
    await soon(() => page.getByRole('alert').innerText()).toMatch(/loader\.js cannot be loaded/);
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

  hospital.test('finds nothing wrong where nothing is', 'function', async visit => {
    expect(await wrong(visit, 'function')).toEqual([]);
    await soon(() => visit.page.locator('#findings').innerText()).toMatch(
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
