import { bodyMask, patch } from './slice';
import { load, type RuntimeSuite, TINY } from './suite';

/** Release, a crash, and a worker that never starts: what waits is told, and a model can be loaded again. */
export function workerEndTests(suite: RuntimeSuite): void {
  describe('the worker’s end', () => {
    beforeAll(async () => {
      expect(await load(suite.page(), TINY)).toMatchObject({ provider: 'wasm' });
    });

    it('ends the worker on release during a run, and starts anew on load', async () => {
      const ended = new Promise(resolve => suite.page().workers()[0].once('close', resolve));
      const name = await suite.page().evaluate(
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
      expect(suite.page().workers()).toHaveLength(0);
      expect(await suite.page().evaluate(() => window.spine.client.loaded)).toBeUndefined();
      const refusal = await suite
        .page()
        .evaluate(() =>
          window.spine.client.screenSlices(new Float32Array(4096), 1).catch((error: { code?: string }) => error.code)
        );
      expect(refusal).toBe('no-model');
      expect(await load(suite.page(), TINY)).toMatchObject({ provider: 'wasm' });
    });

    it('fails what waits when the worker crashes, and can be loaded again', async () => {
      const job = suite.page().evaluate(
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
      await suite.page().waitForFunction(() => document.title === 'running');
      await suite
        .page()
        .workers()[0]
        .evaluate(() => {
          setTimeout(() => {
            throw new Error('out of memory');
          });
        });
      const { message, lost } = await job;
      expect(message).toMatch(/inference worker stopped \(.*out of memory\)\. Load the model again/);
      expect(lost).toBe(message);
      expect(await suite.page().evaluate(() => window.spine.client.loaded)).toBeUndefined();
      expect(await load(suite.page(), TINY)).toMatchObject({ provider: 'wasm' });
    });

    it('says that the worker’s file is missing', async () => {
      const message = await suite.page().evaluate(url => {
        const client = window.spine.createRuntimeClient({ workerUrl: '/plugin/none.js', assetBase: '/plugin/' });
        return client.load(url).then(
          () => 'loaded',
          (error: Error) => error.message
        );
      }, TINY);
      expect(message).toContain('/plugin/none.js did not start');
    });
  });
}
