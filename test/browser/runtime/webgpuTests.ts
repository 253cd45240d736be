import type { Browser, Page } from 'playwright-core';
import { maxAbsDifference } from '../../support/golden';
import { launchChromium } from '../support/chromium';
import { bodyMask, golden, IMAGE_TOLERANCE, patch } from './slice';
import { load, openPage, type RuntimeSuite, screenedStacks, TINY, TOY } from './suite';

/** A software adapter: passed over, right when asked for, and missed when it is lost. */
export function webgpuTests(suite: RuntimeSuite): void {
  describe('on WebGPU (software adapter)', () => {
    let gpuBrowser: Browser;
    let gpuPage: Page;
    beforeAll(async () => {
      gpuBrowser = await launchChromium(['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']);
      gpuPage = await openPage(gpuBrowser, suite.plain());
    });
    afterAll(() => gpuBrowser.close());

    it('passes over the software adapter unless asked for it', async () => {
      const loaded = await load(gpuPage, TINY);
      expect(loaded).toMatchObject({ provider: 'wasm', reason: { why: { code: 'software' } } });
    });

    it('evaluates both networks on the adapter with the numbers of PyTorch', async () => {
      // Loading runs the self-test on WebGPU: one encoder and one noise evaluation against PyTorch's numbers.
      const loaded = await load(gpuPage, TINY, 'webgpu');
      expect(loaded).toMatchObject({ provider: 'webgpu', reason: { provider: 'webgpu' }, preferredBatch: 1 });
      expect(loaded).toMatchObject({ reason: { capture: { code: 'software' } } });
      const code = await gpuPage.evaluate(
        async pixels => Array.from(await window.spine.client.network.encode(Float32Array.from(pixels), 1)),
        patch
      );
      expect(maxAbsDifference(code, golden.floats('semantic_code'))).toBeLessThan(IMAGE_TOLERANCE);
    });

    it('gives the same noise with captured graphs, of inputs that change, in full and in partial batches', async () => {
      const outcomes: unknown[] = [];
      const found: number[][][] = [];
      for (const capture of ['always', 'never'] as const) {
        const loaded = await load(gpuPage, TOY, 'webgpu', capture);
        outcomes.push((loaded as { reason?: { capture?: { code: string } } }).reason?.capture?.code);
        found.push(await gpuPage.evaluate(predictions));
      }
      expect(outcomes).toEqual(['used', 'off']);
      const [captured, plain] = found;
      plain.forEach((noise, n) => expect(maxAbsDifference(captured[n], noise)).toBeLessThan(1e-6));
      // The third prediction is the first one again; all others differ.
      expect(captured[2]).toEqual(captured[0]);
      expect(new Set(captured.map(noise => noise[0])).size).toBe(captured.length - 1);
    });

    it('keeps images on the adapter between evaluations of the reference schedule, with the numbers of single ones', async () => {
      const found: { map: number[]; code: number[]; noise: number }[] = [];
      for (const [capture, code] of [
        ['always', 'used'],
        ['never', 'off'],
      ] as const) {
        const loaded = await load(gpuPage, TOY, 'webgpu', capture);
        expect(loaded).toMatchObject({ provider: 'webgpu', reason: { capture: { code } } });
        found.push(await gpuPage.evaluate(fewReferenceSteps, [patch, bodyMask] as const));
      }
      const [resident, single] = found;
      expect(single.code.some(value => Math.abs(value) > 0.1)).toBe(true);
      expect(maxAbsDifference(resident.code, single.code)).toBeLessThan(1e-3);
      expect(maxAbsDifference(resident.map, single.map)).toBeLessThan(1e-4);
      expect(resident.noise).toBe(single.noise);
    });

    it('runs the screening network in batches beside the others', async () => {
      expect(await load(gpuPage, TOY, 'webgpu', 'never')).toMatchObject({ provider: 'webgpu' });
      const logits = await gpuPage.evaluate(screenedStacks, 20);
      expect(
        maxAbsDifference(
          logits,
          Float32Array.from({ length: 40 }, (_, i) => Math.floor(i / 2))
        )
      ).toBeLessThan(1e-3);
    });

    it('notices when the graphics device is lost, and does without captured graphs then', async () => {
      expect(await load(gpuPage, TOY, 'webgpu', 'always')).toMatchObject({ reason: { capture: { code: 'used' } } });
      const session = await gpuBrowser.newBrowserCDPSession();
      await session.send('Browser.crashGpuProcess');
      await gpuPage.waitForFunction(() => document.title.includes('graphics device was lost'));
      expect(await gpuPage.evaluate(() => window.spine.client.loaded)).toBeUndefined();
      const again = await load(gpuPage, TOY, 'webgpu');
      expect(again).toMatchObject({ provider: 'webgpu', reason: { capture: { code: 'device-lost' } } });
    });
  });
}

/** In the page: a slice by the reference schedule with few steps, in the worker. */
async function fewReferenceSteps([pixels, mask]: readonly [number[], number[]]) {
  const { client, defaultMethodOptions, referenceSampler } = window.spine;
  const sampler = referenceSampler({ inversionSteps: 5, renderSteps: 4 });
  const method = { ...defaultMethodOptions(), sampler, attributionThreshold: 0.5, minPixels: 40 };
  const slice = await client.attributeSlice(Float32Array.from(pixels), Uint8Array.from(mask), method);
  return {
    map: Array.from(slice.differenceMap),
    code: Array.from(slice.stochasticCode),
    noise: slice.evaluations.noise,
  };
}

/** In the page: noise for batches of several sizes, with other images, codes and times. */
async function predictions(): Promise<number[][]> {
  const { network } = window.spine.client;
  const all: number[][] = [];
  for (const [batch, seed] of [
    [1, 1],
    [1, 2],
    [1, 1],
    [3, 3],
    [2, 4],
  ]) {
    const noisy = Float32Array.from({ length: batch * 4096 }, (_, i) => Math.sin(i * seed + Math.floor(i / 4096)));
    const codes = Float32Array.from({ length: batch * network.codeSize }, (_, i) => Math.cos(i + seed));
    all.push(Array.from(await network.predictNoise(noisy, 100 * seed, codes, batch)));
  }
  return all;
}
