/** The page's side with the job server behind it, messages copied as between threads; the network is one in closed form. */
import {
  attributeSlice,
  type CaptureOutcome,
  fastSampler,
  type MethodOptions,
  NODES,
  odeSampler,
  PATCH_PIXELS,
  type ProviderReason,
} from '../core';
import { gaussianNetwork } from '../core/method/testNetworks';
import { createRuntimeClient } from './client';
import type { InferenceCalls } from './inferenceCalls';
import { type ModelOpener, serveInference } from './inferenceServer';
import { TestWorker } from './rpc/testWorker';

const USED: CaptureOutcome = { code: 'used', batch: 32, capturedMs: 11, plainMs: 38 };
const webgpu = (capture: CaptureOutcome): ProviderReason => ({
  provider: 'webgpu',
  adapter: 'any',
  worstError: 1e-4,
  arithmetic: { code: 'not-offered' },
  capture,
});

/** What the worker was asked to open, and what it can be made to do. */
const world = {
  loads: [] as InferenceCalls['load']['params'][],
  batches: [] as number[],
  preferredBatch: 32,
  tell: (() => undefined) as (reason: ProviderReason) => void,
  crash: (() => undefined) as (message: string) => void,
};

const openModel: ModelOpener = async (params, _onProgress, onReason) => {
  world.loads.push(params);
  world.tell = onReason;
  const { preferredBatch } = world;
  const network = gaussianNetwork(0.2, preferredBatch);
  const predictNoise: typeof network.predictNoise = (noisy, time, codes, batch) => {
    world.batches.push(batch);
    return network.predictNoise(noisy, time, codes, batch);
  };
  const classifier = { mean: [0], scale: [1], coef: [10], intercept: -3 };
  return {
    network: { ...network, predictNoise, dispose: async () => undefined } as never,
    loaded: {
      manifest: { classifier } as never,
      provider: 'webgpu',
      threads: 1,
      reason: webgpu(USED),
      preferredBatch,
      evaluationMs: 1,
      fromCache: false,
    },
  };
};

class FakeWorker extends TestWorker {
  constructor() {
    super(port => serveInference(port, openModel));
    world.crash = message => this.crash(message);
  }
}

const globals = globalThis as unknown as Record<string, unknown>;
beforeAll(() => {
  Object.assign(globals, {
    Worker: FakeWorker,
    document: { baseURI: 'http://host/' },
    location: new URL('http://host/'),
  });
});
afterAll(() => {
  delete globals.Worker;
  delete globals.document;
  delete globals.location;
});
beforeEach(() => Object.assign(world, { loads: [], batches: [], preferredBatch: 32 }));

const open = () => createRuntimeClient({ workerUrl: 'worker.js', assetBase: 'plugin/' });
const METHOD: MethodOptions = {
  sampler: odeSampler({ inversionSteps: 3, renderSteps: 3 }),
  targetProbability: 1e-5,
  attributionThreshold: 0.5,
  minPixels: 5,
};
const bodyMask = new Uint8Array(PATCH_PIXELS).fill(1, 1000, 1160);
const slices = [0.1, 0.13].map(step => ({
  bodyMask,
  patch: Float32Array.from({ length: PATCH_PIXELS }, (_, i) => 0.3 + 0.2 * Math.sin(step * i)),
}));

test('slices go to the worker together where batches pay off, and come back as each alone', async () => {
  const client = open();
  expect(client.together).toBeUndefined();
  await client.load('model/manifest.json');
  expect(client.together?.slices).toBe(8);
  const alone = [];
  for (const { patch } of slices) alone.push(await client.attributeSlice(patch, bodyMask, METHOD));
  world.batches.length = 0;
  let done = 0;
  const plans: number[] = [];
  const together = await client.together!.attribute(slices, METHOD, {
    onPlan: evaluations => plans.push(evaluations),
    onEvaluations: count => (done += count),
  });
  expect(together).toEqual(alone);
  expect(Math.min(...world.batches)).toBeGreaterThan(1);
  const images = world.batches.reduce((sum, batch) => sum + batch, 0);
  expect([done, plans[plans.length - 1]]).toEqual([images, images]);
  await client.release();
});

test('slices go one by one where batches gain nothing', async () => {
  world.preferredBatch = 1;
  const client = open();
  await client.load('model/manifest.json');
  expect(client.together).toBeUndefined();
  await client.release();
});

test('hears when the model goes on in another way', async () => {
  const client = open();
  const told: ProviderReason[] = [];
  await client.load('model/manifest.json', { onReason: reason => told.push(reason) });
  const later = webgpu({ code: 'failed', message: 'out of memory' });
  world.tell(later);
  await new Promise(resolve => setTimeout(resolve, 5));
  expect(told).toEqual([later]);
  expect(client.loaded?.reason).toEqual(later);
  await client.release();
});

test('does not capture graphs again after the worker died with them', async () => {
  const client = open();
  let lost = '';
  await client.load('model/manifest.json', { onLost: error => (lost = error.message) });
  world.crash('the graphics device was lost');
  expect(lost).toMatch(/graphics device was lost.*Load the model again/);
  expect(client.loaded).toBeUndefined();
  await client.load('model/manifest.json');
  expect(world.loads.map(({ capture }) => capture)).toEqual(['auto', 'after-loss']);
  await client.release();
});

test('a sampler with nodes of its own does in the worker what it does here', async () => {
  const client = open();
  await client.load('model/manifest.json');
  const sampler = fastSampler({
    nodes: { edit: NODES.slice.render.filter((_, i, all) => i % 3 === 0 || i === all.length - 1) },
  });
  const [{ patch }] = slices;
  const slice = await client.attributeSlice(patch, bodyMask, { ...METHOD, sampler });
  const classifier = { mean: [0], scale: [1], coef: [10], intercept: -3 };
  const here = await attributeSlice(gaussianNetwork(0.2, 32), classifier, patch, bodyMask, { ...METHOD, sampler });
  expect(here.evaluations.noise).not.toBe(
    (await client.attributeSlice(patch, bodyMask, { ...METHOD, sampler: fastSampler() })).evaluations.noise
  );
  expect(slice).toEqual(here);
  await client.release();
});
