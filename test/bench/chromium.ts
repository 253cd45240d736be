import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ModelManifest } from '@spine/runtime/manifest';
import { methodOf } from '@spine/runtime/method';
import type { BenchmarkSlice } from '../../models/evaluation/src/crops';
import { startAssetServer } from '../browser/runtime/assetServer';
import { bundlePage } from '../browser/support/bundlePage';
import { launchChromium } from '../browser/support/chromium';
import { ROOT } from '../support/shared';

export interface BrowserSeconds {
  readonly provider: string;
  readonly threads: number;
  readonly slice: number;
  /** Noise predictions of the slice. Near a margin, rounding decides whether a candidate is scored, so not always those of Node. */
  readonly evaluations: number;
  /** From opening the page to the first slice's result. */
  readonly coldCache: number;
  readonly warmCache: number;
}

/**
 * A slice in Chromium's worker on WebAssembly, and the time to a first result from an empty and a filled cache.
 * @param isolated cross-origin isolated, so with threads
 */
export async function browserSeconds(
  folder: string,
  manifest: ModelManifest,
  { patch, bodyMask }: Pick<BenchmarkSlice, 'patch' | 'bodyMask'>,
  isolated: boolean
): Promise<BrowserSeconds> {
  const pageFolder = await bundlePage(join(ROOT, 'test/browser/runtime/page.ts'));
  const server = await startAssetServer(
    {
      '/page/': pageFolder,
      '/plugin/': join(ROOT, 'extensions/vertebra-metastasis/dist'),
      '/models/': dirname(folder),
    },
    { isolated }
  );
  const browser = await launchChromium();
  const context = await browser.newContext();
  // Functions do not cross into the page, which has the same sampler.
  const rules = { ...methodOf(manifest, 'fast'), sampler: undefined };
  const input = {
    ...{ pixels: Array.from(patch), mask: Array.from(bodyMask), rules },
    url: `/models/${basename(folder)}/manifest.json`,
  };
  const firstResult = async () => {
    const page = await context.newPage();
    const start = performance.now();
    await page.goto(server.origin);
    const loaded = await page.evaluate(async ({ pixels, mask, rules: own, url }) => {
      const { client, defaultMethodOptions } = window.spine;
      const { provider, threads } = await client.load(url, { preferred: 'wasm' });
      const begin = performance.now();
      const defaults = defaultMethodOptions();
      const method = { ...own, sampler: defaults.sampler };
      const { evaluations } = await client.attributeSlice(Float32Array.from(pixels), Uint8Array.from(mask), method);
      return { provider, threads, slice: (performance.now() - begin) / 1000, evaluations: evaluations.noise };
    }, input);
    const total = (performance.now() - start) / 1000;
    await page.close();
    return { ...loaded, total };
  };
  try {
    const cold = await firstResult();
    const warm = await firstResult();
    return {
      provider: warm.provider,
      threads: warm.threads,
      slice: Math.min(cold.slice, warm.slice),
      evaluations: warm.evaluations,
      coldCache: cold.total,
      warmCache: warm.total,
    };
  } finally {
    await browser.close();
    await server.close();
    rmSync(pageFolder, { recursive: true });
  }
}
