import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attributeSlice, defaultMethodOptions } from '@spine/core';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { bundlePage } from '../browser/support/bundlePage';
import { startAssetServer } from '../browser/runtime/assetServer';
import { launchChromium } from '../browser/support/chromium';
import { syntheticCase } from '../support/golden';
import { ROOT } from '../support/shared';

/** The peer comparison runs on models/tiny, whose PyTorch checkpoint is in the repository, and on the golden slice. */
const MODEL = join(ROOT, 'models/tiny');

/** Seconds of the PyTorch implementation with the reference schedule on one slice; null with the reason where it cannot run. */
export function torchSeconds(threads: number): { seconds: number; evaluations: number } | { missing: string } {
  const golden = syntheticCase();
  const out = mkdtempSync(join(tmpdir(), 'bench-torch-'));
  try {
    const options = {
      checkpoint: join(MODEL, 'tiny-dae.ckpt'),
      'classifier-json': join(golden.folder, 'classifier.json'),
      patch: join(golden.folder, 'patch.npy'),
      'body-mask': join(golden.folder, 'body_mask.npy'),
      out,
      threads: String(threads),
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const run = spawnSync(process.execPath, [join(ROOT, 'models/python/run.mjs'), 'vertebra_dae.reference', ...args], {
      encoding: 'utf8',
    });
    if (run.status !== 0) return { missing: run.stderr.trim().split('\n')[0] };
    const { seconds, evaluations } = JSON.parse(readFileSync(join(out, 'timing.json'), 'utf8')) as {
      seconds: number;
      evaluations: number | { noise: number };
    };
    return { seconds, evaluations: typeof evaluations === 'number' ? evaluations : evaluations.noise };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Seconds of the default (fast) method on the golden slice in Node. */
export async function nodeSeconds(threads: number): Promise<number> {
  const golden = syntheticCase();
  const { network, manifest } = await loadModelFromFolder(MODEL, { threads });
  const start = performance.now();
  await attributeSlice(
    network,
    manifest.classifier,
    golden.floats('patch'),
    golden.mask('body_mask'),
    defaultMethodOptions()
  );
  const seconds = (performance.now() - start) / 1000;
  await network.dispose();
  return seconds;
}

export interface BrowserSeconds {
  readonly provider: string;
  readonly threads: number;
  readonly slice: number;
  /** From opening the page to the first slice's result. */
  readonly coldCache: number;
  readonly warmCache: number;
}

/** The same slice in Chromium's worker on WebAssembly, and the time to a first result from an empty and a filled cache. */
export async function browserSeconds(isolated: boolean): Promise<BrowserSeconds> {
  const golden = syntheticCase();
  const pageFolder = await bundlePage(join(ROOT, 'test/browser/runtime/page.ts'));
  const server = await startAssetServer(
    {
      '/page/': pageFolder,
      '/plugin/': join(ROOT, 'extensions/vertebra-metastasis/dist'),
      '/models/': join(ROOT, 'models'),
    },
    { isolated }
  );
  const browser = await launchChromium();
  const context = await browser.newContext();
  const input = [Array.from(golden.floats('patch')), Array.from(golden.mask('body_mask'))] as const;
  const firstResult = async () => {
    const page = await context.newPage();
    const start = performance.now();
    await page.goto(server.origin);
    const loaded = await page.evaluate(async ([patch, mask]) => {
      const { client, defaultMethodOptions } = window.spine;
      const { provider, threads } = await client.load('/models/tiny/manifest.json', { preferred: 'wasm' });
      const begin = performance.now();
      await client.attributeSlice(Float32Array.from(patch), Uint8Array.from(mask), defaultMethodOptions());
      return { provider, threads, slice: (performance.now() - begin) / 1000 };
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
      coldCache: cold.total,
      warmCache: warm.total,
    };
  } finally {
    await browser.close();
    await server.close();
    rmSync(pageFolder, { recursive: true });
  }
}
