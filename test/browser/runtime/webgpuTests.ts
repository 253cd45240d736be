import type { Browser, Page } from 'playwright-core';
import { maxAbsDifference } from '../../support/golden';
import { launchChromium } from '../support/chromium';
import { golden, IMAGE_TOLERANCE, patch } from './slice';
import { load, openPage, type RuntimeSuite, TINY } from './suite';

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
      expect(loaded).toMatchObject({ provider: 'webgpu', reason: { provider: 'webgpu' } });
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
}
