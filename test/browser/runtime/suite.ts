/** One page with the client and the worker as built for the viewer, on a server that the tests of all themes share. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { ROOT } from '../../support/shared';
import { addScreeningNetwork, writeToyModel } from '../../support/toyModel';
import { bundlePage } from '../support/bundlePage';
import { launchChromium } from '../support/chromium';
import { type AssetServer, startAssetServer } from './assetServer';

export const TINY = '/models/tiny/manifest.json';
/** Graphs of a few operations, the screening network among them. */
export const TOY = '/toy/manifest.json';

export interface RuntimeSuite {
  /** Of a browser without a graphics adapter, on the server without isolation. */
  page(): Page;
  browser(): Browser;
  /** Its pages are not cross-origin isolated. */
  plain(): AssetServer;
  isolated(): AssetServer;
}

/** For the tests of the calling file. */
export function runtimeSuite(): RuntimeSuite {
  let browser: Browser;
  let folders: string[] = [];
  let plain: AssetServer;
  let isolated: AssetServer;
  let page: Page;
  beforeAll(async () => {
    const pageFolder = await bundlePage(join(__dirname, 'page.ts'));
    const damaged = makeDamagedModels();
    const toy = mkdtempSync(join(tmpdir(), 'toy-model-'));
    folders = [pageFolder, damaged, toy];
    await writeToyModel(toy);
    addScreeningNetwork(toy);
    const mounts = {
      '/page/': pageFolder,
      '/plugin/': join(ROOT, 'extensions/vertebra-metastasis/dist'),
      '/models/': join(ROOT, 'models'),
      '/damaged/': damaged,
      '/toy/': toy,
    };
    plain = await startAssetServer(mounts, { isolated: false });
    isolated = await startAssetServer(mounts, { isolated: true });
    browser = await launchChromium();
    page = await openPage(browser, plain);
  });
  afterAll(async () => {
    await browser?.close();
    await plain?.close();
    await isolated?.close();
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  return { page: () => page, browser: () => browser, plain: () => plain, isolated: () => isolated };
}

export async function openPage(from: Browser, server: AssetServer): Promise<Page> {
  const opened = await from.newPage();
  await opened.goto(server.origin);
  return opened;
}

/** Loads a model; what the page saw of it, or the error. */
export function load(
  on: Page,
  manifestUrl: string,
  preferred: 'auto' | 'webgpu' | 'wasm' = 'auto',
  capture?: 'always' | 'never'
) {
  return on.evaluate(
    async ([url, wish, captured]) => {
      const progress: { phase: string; loadedBytes?: number; totalBytes?: number }[] = [];
      try {
        const { manifest, ...rest } = await window.spine.client.load(url, {
          preferred: wish,
          capture: captured,
          onProgress: step => progress.push(step),
          onLost: error => (document.title = error.message),
        });
        return { ...rest, id: manifest.id, progress, failure: undefined };
      } catch (error) {
        const { code, message } = error as Error & { code?: string };
        return { progress, failure: { code, message } };
      }
    },
    [manifestUrl, preferred, capture] as const
  );
}

/** In the page: logits of stacks that hold their number, by the screening network of the model that is loaded. */
export async function screenedStacks(count: number): Promise<number[]> {
  const size = 6 * 4096;
  const stacks = new Float32Array(count * size).map((_, i) => Math.floor(i / size));
  return Array.from(await window.spine.client.screenKinds(stacks, count));
}

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
