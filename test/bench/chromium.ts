import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { MethodOptions, SliceInput } from '@spine/core';
import type { ModelManifest } from '@spine/runtime/manifest';
import { methodOf } from '@spine/runtime/method';
import type { BenchmarkSlice } from '../../evaluation/src/crops';
import { startAssetServer } from '../browser/runtime/assetServer';
import { bundlePage } from '../browser/support/bundlePage';
import { launchChromium } from '../browser/support/chromium';
import { ROOT } from '../support/shared';

export interface BrowserSeconds {
  readonly provider: string;
  readonly threads: number;
  /** Of the slice. */
  readonly seconds: number;
  /** Noise predictions of the slice. Near a margin, rounding decides whether a candidate is scored, so not always those of Node. */
  readonly evaluations: number;
  /** From opening the page to the first slice's result. */
  readonly coldCache: number;
  readonly warmCache: number;
}

/** How a slice is run: on WebAssembly with one thread, with several (cross-origin isolated), or on a graphics card. */
export type BrowserWay = 'wasm' | 'wasm-threads' | 'webgpu';

export interface NotMeasured {
  readonly missing: string;
}

const WEBGPU_FLAGS = ['--enable-unsafe-webgpu', '--enable-features=Vulkan'];

/**
 * A slice in Chromium's worker, and the time to a first result from an empty and a filled cache.
 * @returns the reason where the way is not there; a software adapter counts as none, it takes seconds for a prediction
 */
export function browserSeconds(
  folder: string,
  manifest: ModelManifest,
  { patch, bodyMask }: Pick<BenchmarkSlice, 'patch' | 'bodyMask'>,
  way: BrowserWay
): Promise<BrowserSeconds | NotMeasured> {
  return inChromium(folder, [{ patch, bodyMask }], methodOf(manifest, 'fast'), way, 2);
}

/**
 * A vertebra likewise, once: all of its slices are screened, those searched are attributed, together where the method takes scores from
 * one to the other, else one by one.
 */
export function browserVertebra(
  folder: string,
  manifest: ModelManifest,
  { screened, searched }: { readonly screened: readonly SliceInput[]; readonly searched: readonly SliceInput[] },
  sampler: string,
  way: BrowserWay
): Promise<BrowserSeconds | NotMeasured> {
  return inChromium(folder, searched, methodOf(manifest, sampler), way, 1, screened);
}

async function inChromium(
  folder: string,
  slices: readonly SliceInput[],
  method: MethodOptions,
  way: BrowserWay,
  times: 1 | 2,
  screened: readonly SliceInput[] = []
): Promise<BrowserSeconds | NotMeasured> {
  const pageFolder = await bundlePage(join(ROOT, 'test/browser/runtime/page.ts'));
  const server = await startAssetServer(
    {
      '/page/': pageFolder,
      '/plugin/': join(ROOT, 'extensions/vertebra-metastasis/dist'),
      '/models/': dirname(folder),
    },
    { isolated: way === 'wasm-threads' }
  );
  const browser = await launchChromium(way === 'webgpu' ? WEBGPU_FLAGS : []);
  const context = await browser.newContext();
  // Functions do not cross into the page, which makes the same sampler of its specification.
  const input = {
    slices: slices.map(({ patch, bodyMask, offsetMm }) => ({
      pixels: Array.from(patch),
      mask: Array.from(bodyMask),
      offsetMm,
    })),
    screened: screened.map(({ patch }) => Array.from(patch)),
    rules: { ...method, sampler: undefined },
    spec: method.sampler.spec,
    url: `/models/${basename(folder)}/manifest.json`,
    preferred: way === 'webgpu' ? ('auto' as const) : ('wasm' as const),
  };
  const firstResult = async () => {
    const page = await context.newPage();
    const start = performance.now();
    await page.goto(server.origin);
    const loaded = await page.evaluate(async ({ slices: given, screened: looked, rules, spec, url, preferred }) => {
      const { client, samplerFromSpec } = window.spine;
      const { provider, threads } = await client.load(url, { preferred });
      const begin = performance.now();
      if (looked.length > 0) await client.screenSlices(Float32Array.from(looked.flat()), looked.length);
      const own = { ...rules, sampler: samplerFromSpec(spec) };
      const inputs = given.map(({ pixels, mask, offsetMm }) => ({
        patch: Float32Array.from(pixels),
        bodyMask: Uint8Array.from(mask),
        offsetMm,
      }));
      let noise = 0;
      for (const some of own.inferScores ? [inputs] : inputs.map(one => [one])) {
        const found = await client.attributeVertebra(some, own, {});
        for (const { evaluations } of found) noise += evaluations.noise;
      }
      return { provider, threads, seconds: (performance.now() - begin) / 1000, evaluations: noise };
    }, input);
    const total = (performance.now() - start) / 1000;
    await page.close();
    return { ...loaded, total };
  };
  const noAdapter = async () => {
    const page = await context.newPage();
    await page.goto(server.origin);
    const facts = await page.evaluate(() => window.spine.adapterFacts());
    await page.close();
    if (facts.kind !== 'adapter') return 'Chromium finds no adapter here';
    return facts.fallback ? 'Chromium finds a software adapter only' : undefined;
  };
  try {
    const missing = way === 'webgpu' ? await noAdapter() : undefined;
    if (missing) return { missing };
    const cold = await firstResult();
    const warm = times === 2 ? await firstResult() : cold;
    if (way === 'webgpu' && warm.provider !== 'webgpu') return { missing: 'the adapter does not pass the self-test' };
    return {
      provider: warm.provider,
      threads: warm.threads,
      seconds: Math.min(cold.seconds, warm.seconds),
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
