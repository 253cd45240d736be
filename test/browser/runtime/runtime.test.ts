/**
 * The inference worker as built for the viewer, in a real Chromium, under a content security policy without eval or other hosts.
 * The reference numbers come from the authors' code (test/golden/README.md) and from the same network in Node.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { attributeSlice, defaultMethodOptions, odeSampler } from '@spine/core';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { maxAbsDifference, pixelsDiffering, syntheticCase } from '../../support/golden';
import { ROOT } from '../../support/shared';
import { launchChromium } from '../support/chromium';
import type { AssetServer } from './assetServer';
import { startAssetServer } from './assetServer';
import { bundlePage } from '../support/bundlePage';

const TINY = '/models/tiny/manifest.json';
/** WebAssembly and native float32 differ by 2e-6 an evaluation; some dozen of them stay far below this. */
const IMAGE_TOLERANCE = 1e-3;
/** x_T magnifies the drift: the last inversion step divides by sqrt(alphaBar) = 0.006. */
const STOCHASTIC_CODE_TOLERANCE = 5e-3;
const SCORE_TOLERANCE = 0.01;
/** Few steps: this test is of the runtime; the full schedule is tested below and in Node. */
const STEPS = { inversionSteps: 6, renderSteps: 6 };

jest.setTimeout(20 * 60_000);

const golden = syntheticCase();
const patch = Array.from(golden.floats('patch'));
const bodyMask = Array.from(golden.mask('body_mask'));

let browser: Browser;
let pageFolder: string;
let damaged: string;
let plain: AssetServer;
let isolated: AssetServer;
let page: Page;

/** Copies of the tiny model with one thing wrong each. */
function makeDamagedModels(): string {
  const folder = mkdtempSync(join(tmpdir(), 'damaged-models-'));
  for (const name of ['changed-byte', 'wrong-self-test', 'no-manifest']) {
    cpSync(join(ROOT, 'models/tiny'), join(folder, name), { recursive: true });
  }
  const weights = join(folder, 'changed-byte/encoder.onnx');
  const bytes = readFileSync(weights);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(weights, bytes);
  // The self-test of another timestep, entered with its right hash: what a provider with wrong numbers looks like.
  const manifest = JSON.parse(readFileSync(join(folder, 'wrong-self-test/manifest.json'), 'utf8'));
  const selfTest = JSON.parse(readFileSync(join(folder, 'wrong-self-test/self-test.json'), 'utf8'));
  const changed = Buffer.from(JSON.stringify({ ...selfTest, timestep: 3 }));
  writeFileSync(join(folder, 'wrong-self-test/self-test.json'), changed);
  Object.assign(manifest.files.selfTest, {
    sha256: createHash('sha256').update(changed).digest('hex'),
    bytes: changed.length,
  });
  writeFileSync(join(folder, 'wrong-self-test/manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'no-manifest/manifest.json'), '<!doctype html>');
  return folder;
}

async function openPage(from: Browser, server: AssetServer): Promise<Page> {
  const opened = await from.newPage();
  await opened.goto(server.origin);
  return opened;
}

/** Loads a model; what the page saw of it, or the error. */
function load(on: Page, manifestUrl: string, preferred: 'auto' | 'webgpu' | 'wasm' = 'auto') {
  return on.evaluate(
    async ([url, wish]) => {
      const progress: { phase: string; loadedBytes?: number; totalBytes?: number }[] = [];
      try {
        const { manifest, ...rest } = await window.spine.client.load(url, {
          preferred: wish,
          onProgress: step => progress.push(step),
          onLost: error => (document.title = error.message),
        });
        return { ...rest, id: manifest.id, progress, failure: undefined };
      } catch (error) {
        const { code, message } = error as Error & { code?: string };
        return { progress, failure: { code, message } };
      }
    },
    [manifestUrl, preferred] as const
  );
}

beforeAll(async () => {
  pageFolder = await bundlePage(join(__dirname, 'page.ts'));
  damaged = makeDamagedModels();
  const mounts = {
    '/page/': pageFolder,
    '/plugin/': join(ROOT, 'extensions/vertebra-metastasis/dist'),
    '/models/': join(ROOT, 'models'),
    '/damaged/': damaged,
  };
  plain = await startAssetServer(mounts, { isolated: false });
  isolated = await startAssetServer(mounts, { isolated: true });
  browser = await launchChromium();
  page = await openPage(browser, plain);
});

afterAll(async () => {
  await browser.close();
  await plain.close();
  await isolated.close();
  for (const folder of [pageFolder, damaged]) rmSync(folder, { recursive: true });
});

describe('loading', () => {
  it('runs on WebAssembly where there is no adapter, and says so', async () => {
    const loaded = await load(page, TINY);
    expect(loaded).toMatchObject({
      provider: 'wasm',
      threads: 1,
      fromCache: false,
      id: 'tiny',
      cacheProblem: undefined,
    });
    expect(loaded).toMatchObject({ reason: expect.stringMatching(/^WebAssembly \(1 thread.*isolated\): .*WebGPU/) });
    const downloads = loaded.progress.filter(({ phase }) => phase === 'download');
    expect(downloads[downloads.length - 1].loadedBytes).toBe(downloads[0].totalBytes);
    expect(loaded.progress[loaded.progress.length - 1]).toEqual({ phase: 'prepare', provider: 'wasm' });
  });

  it('takes the weights from the cache the second time', async () => {
    plain.requests.length = 0;
    expect(await load(page, TINY)).toMatchObject({ fromCache: true });
    expect(plain.requests.filter(path => path.startsWith('/models/'))).toEqual([TINY]);
  });

  it('keeps nothing in the cache but hashes', async () => {
    const keys = await page.evaluate(async () => {
      const cache = await caches.open(window.spine.MODEL_CACHE);
      return (await cache.keys()).map(({ url }) => new URL(url).pathname);
    });
    expect(keys).toHaveLength(5);
    for (const key of keys) expect(key).toMatch(/^\/vertebra-metastasis-model\/sha256-[0-9a-f]{64}$/);
  });

  it('fetches a damaged cache entry again, and repairs it', async () => {
    const { sha256: hash } = JSON.parse(readFileSync(join(ROOT, 'models/tiny/manifest.json'), 'utf8')).files.encoder;
    await page.evaluate(async key => {
      const cache = await caches.open(window.spine.MODEL_CACHE);
      await cache.put(window.spine.cacheKey(key), new Response(new Uint8Array([1, 2, 3])));
    }, hash);
    plain.requests.length = 0;
    expect(await load(page, TINY)).toMatchObject({ provider: 'wasm', fromCache: false });
    expect(plain.requests).toContain('/models/tiny/encoder.onnx');
    expect(plain.requests).not.toContain('/models/tiny/noise_predictor.onnx');
    expect(await load(page, TINY)).toMatchObject({ fromCache: true });
  });

  it.each([
    ['/damaged/changed-byte/manifest.json', 'model-hash', /encoder\.onnx has SHA-256/],
    ['/damaged/wrong-self-test/manifest.json', 'self-test', /self-test is off by/],
    ['/damaged/no-manifest/manifest.json', 'model-manifest', /is no JSON/],
    ['/models/none/manifest.json', 'model-download', /answered 404/],
  ])('refuses %s', async (url, code, message) => {
    // Without the cache: the hashes of these manifests are those of the intact files.
    await page.evaluate(() => caches.delete(window.spine.MODEL_CACHE));
    const { failure } = await load(page, url);
    expect(failure).toEqual({ code, message: expect.stringMatching(message) });
  });

  it('uses threads where the page is cross-origin isolated', async () => {
    const other = await openPage(browser, isolated);
    const cores = await other.evaluate(() => navigator.hardwareConcurrency);
    const threads = Math.min(4, cores);
    expect(await load(other, TINY)).toMatchObject({
      provider: 'wasm',
      threads,
      reason: expect.stringContaining(`(${threads} thread`),
    });
    await other.close();
  });
});

describe('on WebAssembly', () => {
  beforeAll(async () => {
    expect(await load(page, TINY)).toMatchObject({ provider: 'wasm' });
  });

  it('gives the authors’ code, stochastic code and reconstruction with the reference schedule', async () => {
    const found = await page.evaluate(async pixels => {
      const { client, referenceSampler } = window.spine;
      const image = Float32Array.from(pixels);
      const code = await client.network.encode(image, 1);
      const sampler = referenceSampler();
      const stochasticCode = await sampler.invert(client.network, image, code, 1);
      const reconstruction = await sampler.render(client.network, stochasticCode, code, 1);
      return [code, stochasticCode, reconstruction].map(array => Array.from(array));
    }, patch);
    expect(maxAbsDifference(found[0], golden.floats('semantic_code'))).toBeLessThan(IMAGE_TOLERANCE);
    expect(maxAbsDifference(found[1], golden.floats('stochastic_code'))).toBeLessThan(STOCHASTIC_CODE_TOLERANCE);
    expect(maxAbsDifference(found[2], golden.floats('reconstruction'))).toBeLessThan(IMAGE_TOLERANCE);
  });

  it('attributes a slice in the worker as Node does, and tells its progress', async () => {
    const found = await page.evaluate(
      async ([pixels, mask, steps]) => {
        const { client, defaultMethodOptions, odeSampler } = window.spine;
        let done = 0;
        const plans: number[] = [];
        const slice = await client.attributeSlice(
          Float32Array.from(pixels),
          Uint8Array.from(mask),
          { ...defaultMethodOptions(), sampler: odeSampler(steps) },
          { onEvaluations: count => (done += count), onPlan: evaluations => plans.push(evaluations) }
        );
        return {
          done,
          lastPlan: plans[plans.length - 1],
          noise: slice.evaluations.noise,
          scores: slice.candidates.map(({ attributionScore }) => attributionScore),
          differenceMap: Array.from(slice.differenceMap),
          masks: [Array.from(slice.lyticMask), Array.from(slice.blasticMask)],
        };
      },
      [patch, bodyMask, STEPS] as const
    );
    const { network, manifest } = await loadModelFromFolder(join(ROOT, 'models/tiny'));
    const options = { ...defaultMethodOptions(), sampler: odeSampler(STEPS) };
    const expected = await attributeSlice(
      network,
      manifest.classifier,
      golden.floats('patch'),
      golden.mask('body_mask'),
      options
    );
    await network.dispose();

    expect(expected.candidates.length).toBeGreaterThan(0);
    expect(maxAbsDifference(found.differenceMap, expected.differenceMap)).toBeLessThan(IMAGE_TOLERANCE);
    const scores = expected.candidates.map(({ attributionScore }) => attributionScore);
    expect(maxAbsDifference(found.scores, scores)).toBeLessThan(SCORE_TOLERANCE);
    expect(pixelsDiffering(found.masks[0], expected.lyticMask)).toBe(0);
    expect(pixelsDiffering(found.masks[1], expected.blasticMask)).toBe(0);
    expect([found.done, found.lastPlan]).toEqual([found.noise, found.noise]);
  });

  it('cancels within one evaluation, and the next job runs', async () => {
    const found = await page.evaluate(
      async ([pixels, mask]) => {
        const { client, defaultMethodOptions, referenceSampler } = window.spine;
        const image = Float32Array.from(pixels);
        const cancel = new AbortController();
        let evaluations = 0;
        let cancelledAt = 0;
        const options = { ...defaultMethodOptions(), sampler: referenceSampler() };
        const job = client.attributeSlice(image, Uint8Array.from(mask), options, {
          cancel: cancel.signal,
          onEvaluations: count => {
            evaluations += count;
            if (evaluations < 3 || cancelledAt) return;
            cancelledAt = performance.now();
            cancel.abort();
          },
        });
        const name = await job.then(
          () => 'finished',
          (error: Error) => error.name
        );
        const stoppedAfterMs = performance.now() - cancelledAt;
        const started = performance.now();
        await client.network.predictNoise(image, 10, new Float32Array(client.network.codeSize), 1);
        const [probability] = await client.screenSlices(image, 1);
        return { name, stoppedAfterMs, evaluations, evaluationMs: performance.now() - started, probability };
      },
      [patch, bodyMask] as const
    );
    expect(found.name).toBe('CancelledError');
    expect(found.evaluations).toBeLessThan(20);
    expect(Math.abs(found.probability - golden.result.malignancyProbability)).toBeLessThan(1e-3);
    // One evaluation, with room for the noise of a busy machine; the whole slice would be hundreds.
    expect(found.stoppedAfterMs).toBeLessThan(10 * found.evaluationMs + 1000);
  });

  it('ends the worker on release during a run, and starts anew on load', async () => {
    const ended = new Promise(resolve => page.workers()[0].once('close', resolve));
    const name = await page.evaluate(
      async ([pixels, mask]) => {
        const { client, defaultMethodOptions } = window.spine;
        const job = client
          .attributeSlice(Float32Array.from(pixels), Uint8Array.from(mask), defaultMethodOptions())
          .catch((error: Error) => error.name);
        await client.release();
        return job;
      },
      [patch, bodyMask] as const
    );
    expect(name).toBe('CancelledError');
    await ended;
    expect(page.workers()).toHaveLength(0);
    expect(await page.evaluate(() => window.spine.client.loaded)).toBeUndefined();
    const refusal = await page.evaluate(() =>
      window.spine.client.screenSlices(new Float32Array(4096), 1).catch((error: { code?: string }) => error.code)
    );
    expect(refusal).toBe('no-model');
    expect(await load(page, TINY)).toMatchObject({ provider: 'wasm' });
  });

  it('fails what waits when the worker crashes, and can be loaded again', async () => {
    const job = page.evaluate(
      async ([url, pixels, mask]) => {
        const { client, defaultMethodOptions } = window.spine;
        let lost = '';
        await client.load(url, { preferred: 'wasm', onLost: error => (lost = error.message) });
        const options = defaultMethodOptions();
        const running = client.attributeSlice(Float32Array.from(pixels), Uint8Array.from(mask), options);
        document.title = 'running';
        const message = await running.catch((error: Error) => error.message);
        return { message, lost };
      },
      [TINY, patch, bodyMask] as const
    );
    await page.waitForFunction(() => document.title === 'running');
    await page.workers()[0].evaluate(() => {
      setTimeout(() => {
        throw new Error('out of memory');
      });
    });
    const { message, lost } = await job;
    expect(message).toMatch(/inference worker stopped: .*out of memory.*Load the model again/);
    expect(lost).toBe(message);
    expect(await page.evaluate(() => window.spine.client.loaded)).toBeUndefined();
    expect(await load(page, TINY)).toMatchObject({ provider: 'wasm' });
  });

  it('says that the worker’s file is missing', async () => {
    const message = await page.evaluate(url => {
      const client = window.spine.createRuntimeClient({ workerUrl: '/plugin/none.js', assetBase: '/plugin/' });
      return client.load(url).then(
        () => 'loaded',
        (error: Error) => error.message
      );
    }, TINY);
    expect(message).toContain('/plugin/none.js did not start');
  });
});

describe('on WebGPU (software adapter)', () => {
  let gpuBrowser: Browser;
  let gpuPage: Page;
  beforeAll(async () => {
    gpuBrowser = await launchChromium(['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']);
    gpuPage = await openPage(gpuBrowser, plain);
  });
  afterAll(() => gpuBrowser.close());

  it('passes over the software adapter unless asked for it', async () => {
    const loaded = await load(gpuPage, TINY);
    expect(loaded).toMatchObject({ provider: 'wasm', reason: expect.stringMatching(/WebGPU adapter .* is software/) });
  });

  it('evaluates both networks on the adapter with the numbers of PyTorch', async () => {
    // Loading runs the self-test on WebGPU: one encoder and one noise evaluation against PyTorch's numbers.
    const loaded = await load(gpuPage, TINY, 'webgpu');
    expect(loaded).toMatchObject({ provider: 'webgpu', reason: expect.stringMatching(/^WebGPU \(.+\): .*agrees/) });
    const code = await gpuPage.evaluate(
      async pixels => Array.from(await window.spine.client.network.encode(Float32Array.from(pixels), 1)),
      patch
    );
    expect(maxAbsDifference(code, golden.floats('semantic_code'))).toBeLessThan(IMAGE_TOLERANCE);
  });

  it('notices when the graphics device is lost', async () => {
    const session = await gpuBrowser.newBrowserCDPSession();
    await session.send('Browser.crashGpuProcess');
    await gpuPage.waitForFunction(() => document.title.includes('graphics device was lost'));
    expect(await gpuPage.evaluate(() => window.spine.client.loaded)).toBeUndefined();
  });
});
