import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { syntheticCase } from '../../../../test/support/golden';
import { addScreeningNetwork, writeToyModel } from '../../../../test/support/toyModel';
import type { ProviderReason, SliceAttribution } from '../core';
import {
  attributeSlice,
  CancelledError,
  defaultMethodOptions,
  odeSampler,
  PATCH_PIXELS,
  referenceSampler,
} from '../core';
import type { InferenceCalls, JobProgress, PauseEvent, ReasonEvent } from './inferenceCalls';
import { type OpenedModel, serveInference } from './inferenceServer';
import { createRpcClient } from './rpc/client';
import { type TestWorker, testWorkers } from './rpc/testWorker';

/** The server as in the browser's worker, with messages copied between, over the same network in Node. */
const TINY = join(__dirname, '../../../../models/tiny');
/** Few steps, and of the many specks that they leave only the larger ones. */
const SETTINGS = {
  ...defaultMethodOptions(),
  minPixels: 12,
  sampler: odeSampler({ inversionSteps: 4, renderSteps: 4 }),
};
const golden = syntheticCase();
const patch = golden.floats('patch');
const bodyMask = golden.mask('body_mask');
const slices = [{ patch, bodyMask }];
const method = { ...SETTINGS, sampler: SETTINGS.sampler.spec };

/** A model with a screening network. */
const screened = mkdtempSync(join(tmpdir(), 'screened-'));
beforeAll(async () => {
  await writeToyModel(screened);
  addScreeningNetwork(screened);
});
afterAll(() => rmSync(screened, { recursive: true }));

function startServer() {
  let opened = 0;
  const { workers, startWorker } = testWorkers(port =>
    serveInference(port, async params => {
      if (![TINY, screened].includes(params.manifestUrl)) throw new Error(`there is no ${params.manifestUrl}`);
      const { manifest, network } = await loadModelFromFolder(params.manifestUrl);
      opened++;
      const { preferredBatch } = network;
      return {
        network,
        loaded: {
          manifest,
          provider: 'wasm',
          threads: 1,
          reason: { provider: 'wasm', threads: 1, isolated: false, why: { code: 'chosen' } },
          preferredBatch,
          evaluationMs: 1,
          fromCache: false,
        },
      };
    })
  );
  const server = createRpcClient<InferenceCalls, PauseEvent, ReasonEvent>({
    startWorker,
    lostError: why => new Error(why),
  });
  const { call, send } = server;
  return { call, send, opened: () => opened, progress: () => progressOf(workers[0]) };
}

const progressOf = ({ replies }: TestWorker) =>
  replies.flatMap(reply => (reply.kind === 'progress' ? [reply.progress as JobProgress] : []));

/** A call whose progress can be awaited, and which can be cancelled. */
function watched(server: ReturnType<typeof startServer>, params: InferenceCalls['attribute']['params']) {
  const controller = new AbortController();
  const reports: JobProgress[] = [];
  let begin: () => void = () => undefined;
  const begun = new Promise<void>(resolve => (begin = resolve));
  const onProgress = (progress: JobProgress) => {
    reports.push(progress);
    begin();
  };
  const result = server.call('attribute', params, { cancel: controller.signal, onProgress });
  return { result, reports, begun, cancel: () => controller.abort() };
}

describe('inference server', () => {
  let server: ReturnType<typeof startServer>;
  const loadParams = { manifestUrl: TINY, assetBase: '', preferred: 'auto' as const };
  beforeEach(() => {
    server = startServer();
  });
  afterEach(async () => {
    await server.call('release', undefined);
  });

  it('attributes a slice exactly as core does with the same network', async () => {
    await server.call('load', loadParams);
    const job = watched(server, { slices, method });
    const result = await job.result;
    const { network, manifest } = await loadModelFromFolder(TINY);
    const expected = await attributeSlice(network, manifest.classifier, patch, bodyMask, SETTINGS);
    await network.dispose();
    expect(expected.candidates.length).toBeGreaterThan(0);
    expect(result).toEqual([expected]);
    const { noise } = expected.evaluations;
    expect(job.reports[job.reports.length - 1]).toEqual({ done: noise, planned: noise });
  });

  it('attributes two slices together as each alone, with their evaluations counted together', async () => {
    await server.call('load', loadParams);
    const both = [...slices, { patch: patch.map(value => 0.9 * value), bodyMask }];
    const alone: SliceAttribution[] = [];
    for (const slice of both) alone.push(...(await server.call('attribute', { slices: [slice], method })));
    const together = watched(server, { slices: both, method });
    expect(await together.result).toEqual(alone);
    const noise = alone.reduce((sum, { evaluations }) => sum + evaluations.noise, 0);
    expect(together.reports[together.reports.length - 1]).toEqual({ done: noise, planned: noise });
  });

  it('tells when the model goes on in another way', async () => {
    const capture = { code: 'failed', message: 'out of memory' } as const;
    const reason: ProviderReason = {
      provider: 'webgpu',
      adapter: 'any',
      worstError: 0,
      arithmetic: { code: 'not-offered' },
      capture,
    };
    const { startWorker } = testWorkers(port =>
      serveInference(port, async (_params, _onProgress, onReason) => {
        setTimeout(() => onReason(reason), 5);
        return {} as OpenedModel;
      })
    );
    const told = new Promise(resolve => {
      const lostError = () => new Error('lost');
      const onEvent = resolve;
      void createRpcClient<InferenceCalls, PauseEvent, ReasonEvent>({ startWorker, lostError, onEvent }).call(
        'load',
        loadParams
      );
    });
    expect(await told).toEqual({ reason });
  });

  it('screens patches by the encoder alone', async () => {
    await server.call('load', loadParams);
    const patches = Float32Array.from([...patch, ...patch.map(value => value / 2)]);
    const [first, second] = await server.call('screen', { patches, count: 2 });
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(1);
    expect(second).not.toBe(first);
  });

  it('asks the screening network in batches that can be cancelled, and says where a model has none', async () => {
    await server.call('load', loadParams);
    const stacks = new Float32Array(6 * PATCH_PIXELS);
    await expect(server.call('screenKinds', { stacks, count: 1 })).rejects.toMatchObject({ code: 'screening-network' });
    await server.call('load', { ...loadParams, manifestUrl: screened });
    const count = 40;
    const many = new Float32Array(count * stacks.length).map((_, i) => Math.floor(i / stacks.length));
    const logits = await server.call('screenKinds', { stacks: many, count });
    expect(Array.from(logits)).toEqual(Array.from({ length: 2 * count }, (_, i) => Math.floor(i / 2)));
    const controller = new AbortController();
    const job = server.call('screenKinds', { stacks: many, count }, { cancel: controller.signal });
    controller.abort();
    await expect(job).rejects.toThrow(CancelledError);
    expect((await server.call('encode', { patches: patch, batch: 1 })).length).toBeGreaterThan(0);
  });

  it('cancels a running job within one evaluation, and goes on with the next', async () => {
    await server.call('load', loadParams);
    const job = watched(server, { slices, method: { ...method, sampler: referenceSampler().spec } });
    const behind = server.call('encode', { patches: patch, batch: 1 });
    await job.begun;
    job.cancel();
    await expect(job.result).rejects.toThrow(CancelledError);
    expect((await behind).length).toBeGreaterThan(0);
    expect(Math.max(...job.reports.map(({ done }) => done))).toBeLessThan(100);
  });

  it('makes no evaluation while paused, then ends with the same result; what is paused can be cancelled', async () => {
    await server.call('load', loadParams);
    const straight = await server.call('attribute', { slices, method });
    const job = watched(server, { slices, method });
    await job.begun;
    server.send({ paused: true });
    // An evaluation of the tiny model takes far less; the one at work ends and is reported.
    await new Promise(resolve => setTimeout(resolve, 400));
    const paused = server.progress().length;
    await new Promise(resolve => setTimeout(resolve, 400));
    expect(server.progress()).toHaveLength(paused);
    server.send({ paused: false });
    expect(await job.result).toEqual(straight);
    server.send({ paused: true });
    const other = watched(server, { slices, method });
    other.cancel();
    await expect(other.result).rejects.toThrow(CancelledError);
    server.send({ paused: false });
  });

  it('cancels a job that still waits, before it starts', async () => {
    const loading = server.call('load', loadParams);
    const job = watched(server, { slices, method });
    job.cancel();
    expect((await loading).provider).toBe('wasm');
    await expect(job.result).rejects.toThrow(CancelledError);
    expect(job.reports).toHaveLength(0);
  });

  it('continues after a failed job and keeps the error code', async () => {
    await server.call('load', loadParams);
    const failing = server.call('attribute', { slices: [{ patch, bodyMask: new Uint8Array(PATCH_PIXELS) }], method });
    const behind = server.call('encode', { patches: patch, batch: 1 });
    await expect(failing).rejects.toMatchObject({ name: 'InputError', code: 'empty-slice-mask' });
    expect((await behind).length).toBeGreaterThan(0);
  });

  it('says when no model is loaded, before a load, after a failed one and after a release', async () => {
    const encode = () => server.call('encode', { patches: patch, batch: 1 });
    const refusal = { name: 'InputError', code: 'no-model' };
    await expect(encode()).rejects.toMatchObject(refusal);
    await expect(server.call('load', { ...loadParams, manifestUrl: 'nowhere' })).rejects.toThrow('there is no nowhere');
    await expect(encode()).rejects.toMatchObject(refusal);
    await server.call('load', loadParams);
    await server.call('release', undefined);
    await expect(encode()).rejects.toMatchObject(refusal);
    await server.call('load', loadParams);
    expect((await encode()).length).toBeGreaterThan(0);
    expect(server.opened()).toBe(2);
  });
});
