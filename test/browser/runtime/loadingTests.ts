import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/shared';
import { load, openPage, type RuntimeSuite, TINY } from './suite';

/** Models are fetched, checked, kept in the browser's cache, and refused with the reason. */
export function loadingTests(suite: RuntimeSuite): void {
  describe('loading', () => {
    it('runs on WebAssembly where there is no adapter, and says so', async () => {
      const loaded = await load(suite.page(), TINY);
      expect(loaded).toMatchObject({
        provider: 'wasm',
        threads: 1,
        fromCache: false,
        id: 'tiny',
        cacheProblem: undefined,
      });
      expect(loaded).toMatchObject({ reason: { provider: 'wasm', threads: 1, isolated: false } });
      expect(loaded).toMatchObject({ reason: { why: { code: expect.stringMatching(/^(unsupported|no-adapter)$/) } } });
      const downloads = loaded.progress.filter(({ phase }) => phase === 'download');
      expect(downloads[downloads.length - 1].loadedBytes).toBe(downloads[0].totalBytes);
      expect(loaded.progress[loaded.progress.length - 1]).toEqual({ phase: 'prepare', provider: 'wasm' });
    });

    it('takes the weights from the cache the second time', async () => {
      suite.plain().requests.length = 0;
      expect(await load(suite.page(), TINY)).toMatchObject({ fromCache: true });
      expect(suite.plain().requests.filter(path => path.startsWith('/models/'))).toEqual([TINY]);
    });

    it('keeps nothing in the cache but hashes', async () => {
      const keys = await suite.page().evaluate(async () => {
        const cache = await caches.open(window.spine.MODEL_CACHE);
        return (await cache.keys()).map(({ url }) => new URL(url).pathname);
      });
      expect(keys).toHaveLength(5);
      for (const key of keys) expect(key).toMatch(/^\/vertebra-metastasis-model\/sha256-[0-9a-f]{64}$/);
    });

    it('fetches a damaged cache entry again, and repairs it', async () => {
      const { sha256: hash } = JSON.parse(readFileSync(join(ROOT, 'models/tiny/manifest.json'), 'utf8')).files.encoder;
      await suite.page().evaluate(async key => {
        const cache = await caches.open(window.spine.MODEL_CACHE);
        await cache.put(window.spine.cacheKey(key), new Response(new Uint8Array([1, 2, 3])));
      }, hash);
      suite.plain().requests.length = 0;
      expect(await load(suite.page(), TINY)).toMatchObject({ provider: 'wasm', fromCache: false });
      expect(suite.plain().requests).toContain('/models/tiny/encoder.onnx');
      expect(suite.plain().requests).not.toContain('/models/tiny/noise_predictor.onnx');
      expect(await load(suite.page(), TINY)).toMatchObject({ fromCache: true });
    });

    it.each([
      ['/damaged/changed-byte/manifest.json', 'model-hash', /encoder\.onnx has SHA-256/],
      ['/damaged/wrong-self-test/manifest.json', 'self-test', /self-test here: it is off by/],
      ['/damaged/no-manifest/manifest.json', 'model-json', /JSON/],
      ['/models/none/manifest.json', 'model-download', /HTTP 404/],
    ])('refuses %s', async (url, code, message) => {
      // Without the cache: the hashes of these manifests are those of the intact files.
      await suite.page().evaluate(() => caches.delete(window.spine.MODEL_CACHE));
      const { failure } = await load(suite.page(), url);
      expect(failure).toEqual({ code, message: expect.stringMatching(message) });
    });

    it('uses threads where the page is cross-origin isolated', async () => {
      const other = await openPage(suite.browser(), suite.isolated());
      const cores = await other.evaluate(() => navigator.hardwareConcurrency);
      const threads = Math.min(4, cores);
      expect(await load(other, TINY)).toMatchObject({
        provider: 'wasm',
        threads,
        reason: { provider: 'wasm', threads, isolated: true },
      });
      await other.close();
    });
  });
}
