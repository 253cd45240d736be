import { join } from 'node:path';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { syntheticCase } from '../../../../test/support/golden';
import type { ProviderReason, SliceAttribution } from '../core';
import { attributeSlice, defaultMethodOptions, odeSampler, PATCH_PIXELS, fastSampler } from '../core';
import { serveJobs } from './jobServer';
import type { OpenedModel, RuntimePort } from './jobServer';
import type { JobKind, Jobs, RuntimeReply, RuntimeRequest } from './protocol';
import { samplerFromSpec, samplerSpec } from './protocol';

/** The job server as in the browser's worker, with real messages between, over the same network in Node. */
const TINY = join(__dirname, '../../../../models/tiny');
const SETTINGS = { ...defaultMethodOptions(), sampler: odeSampler({ inversionSteps: 6, renderSteps: 6 }) };
const golden = syntheticCase();
const patch = golden.floats('patch');
const bodyMask = golden.mask('body_mask');
const slices = [{ patch, bodyMask }];
const method = { ...SETTINGS, sampler: samplerSpec(SETTINGS.sampler) };

function startServer() {
  const { port1: page, port2: worker } = new MessageChannel();
  let opened = 0;
  serveJobs(worker as unknown as RuntimePort, async params => {
    if (params.manifestUrl !== TINY) throw new Error(`there is no ${params.manifestUrl}`);
    const { manifest, network } = await loadModelFromFolder(TINY);
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
  });
  const replies: RuntimeReply[] = [];
  const waiting = new Map<number, (reply: RuntimeReply) => void>();
  const watchers: ((reply: RuntimeReply) => void)[] = [];
  page.onmessage = ({ data }: MessageEvent<RuntimeReply>) => {
    replies.push(data);
    watchers.forEach(watch => watch(data));
    if (data.kind === 'done' || data.kind === 'failed') waiting.get(data.id)?.(data);
  };
  let lastId = 0;
  return {
    replies,
    watchers,
    opened: () => opened,
    ask<K extends JobKind>(kind: K, params: Jobs[K]['params']) {
      const id = ++lastId;
      const reply = new Promise<RuntimeReply>(resolve => waiting.set(id, resolve));
      page.postMessage({ kind, id, params } as RuntimeRequest);
      return { id, reply };
    },
    cancel: (id: number) => page.postMessage({ kind: 'cancel', id } satisfies RuntimeRequest),
    pause: (paused: boolean) => page.postMessage({ kind: 'pause', paused } satisfies RuntimeRequest),
    close: () => page.close(),
  };
}

describe('job server', () => {
  let server: ReturnType<typeof startServer>;
  const loadParams = { manifestUrl: TINY, assetBase: '', preferred: 'auto' as const };
  beforeEach(() => {
    server = startServer();
  });
  afterEach(async () => {
    await server.ask('release', {}).reply;
    server.close();
  });

  it('attributes a slice exactly as core does with the same network', async () => {
    await server.ask('load', loadParams).reply;
    const reply = await server.ask('attribute', { slices, method }).reply;
    const { network, manifest } = await loadModelFromFolder(TINY);
    const expected = await attributeSlice(network, manifest.classifier, patch, bodyMask, SETTINGS);
    await network.dispose();
    expect(expected.candidates.length).toBeGreaterThan(0);
    expect(reply).toEqual({ kind: 'done', id: 2, result: [expected] });
    const last = server.replies.filter(({ kind }) => kind === 'progress').pop();
    const { noise } = expected.evaluations;
    expect(last).toMatchObject({ progress: { done: noise, planned: noise } });
  });

  it('attributes two slices side by side as each alone, with their evaluations counted together', async () => {
    await server.ask('load', loadParams).reply;
    const both = [...slices, { patch: patch.map(value => 0.9 * value), bodyMask }];
    const alone: unknown[] = [];
    for (const slice of both) {
      const { result } = (await server.ask('attribute', { slices: [slice], method }).reply) as { result: unknown[] };
      alone.push(...result);
    }
    const together = server.ask('attribute', { slices: both, method });
    expect(await together.reply).toEqual({ kind: 'done', id: together.id, result: alone });
    const reports = server.replies.flatMap(reply =>
      reply.kind === 'progress' && reply.id === together.id ? [reply.progress] : []
    );
    const noise = (alone as SliceAttribution[]).reduce((sum, { evaluations }) => sum + evaluations.noise, 0);
    expect(reports[reports.length - 1]).toEqual({ done: noise, planned: noise });
  });

  it('tells when the model goes on in another way', async () => {
    const { port1: page, port2: worker } = new MessageChannel();
    const capture = { code: 'failed', message: 'out of memory' } as const;
    const reason: ProviderReason = { ...{ provider: 'webgpu', adapter: 'any', worstError: 0 }, capture };
    serveJobs(worker as unknown as RuntimePort, async (_params, _onProgress, onReason) => {
      setTimeout(() => onReason(reason), 5);
      return {} as OpenedModel;
    });
    const told = new Promise(resolve => {
      page.onmessage = ({ data }: MessageEvent<RuntimeReply>) => data.kind === 'reason' && resolve(data);
    });
    page.postMessage({ kind: 'load', id: 1, params: loadParams } satisfies RuntimeRequest);
    expect(await told).toEqual({ kind: 'reason', reason });
    page.close();
  });

  it('screens patches by the encoder alone', async () => {
    await server.ask('load', loadParams).reply;
    const patches = Float32Array.from([...patch, ...patch.map(value => value / 2)]);
    const reply = await server.ask('screen', { patches, count: 2 }).reply;
    const [first, second] = (reply as { result: Float64Array }).result;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(1);
    expect(second).not.toBe(first);
  });

  it('cancels a running job within one evaluation, and goes on with the next', async () => {
    await server.ask('load', loadParams).reply;
    const long = { ...method, sampler: { id: 'reference', inversionSteps: 250, renderSteps: 100 } as const };
    const job = server.ask('attribute', { slices, method: long });
    const behind = server.ask('encode', { patches: patch, batch: 1 });
    await new Promise<void>(resolve => server.watchers.push(({ kind }) => kind === 'progress' && resolve()));
    server.cancel(job.id);
    expect(await job.reply).toMatchObject({ kind: 'failed', error: { name: 'CancelledError' } });
    expect(await behind.reply).toMatchObject({ kind: 'done' });
    const done = server.replies.flatMap(reply => (reply.kind === 'progress' ? [reply.progress.done] : []));
    expect(Math.max(...done)).toBeLessThan(100);
  });

  it('makes no evaluation while paused, then ends with the same result; what is paused can be cancelled', async () => {
    await server.ask('load', loadParams).reply;
    const straight = await server.ask('attribute', { slices, method }).reply;
    const job = server.ask('attribute', { slices, method });
    await new Promise<void>(resolve =>
      server.watchers.push(reply => 'id' in reply && reply.id === job.id && resolve())
    );
    server.pause(true);
    const count = () => server.replies.length;
    // An evaluation of the tiny model takes far less; the one at work ends and is reported.
    await new Promise(resolve => setTimeout(resolve, 400));
    const paused = count();
    await new Promise(resolve => setTimeout(resolve, 400));
    expect(count()).toBe(paused);
    server.pause(false);
    const { id } = job;
    expect(await job.reply).toEqual({ ...straight, id });
    server.pause(true);
    const other = server.ask('attribute', { slices, method });
    server.cancel(other.id);
    expect(await other.reply).toMatchObject({ kind: 'failed', error: { name: 'CancelledError' } });
    server.pause(false);
  });

  it('cancels a job that still waits, before it starts', async () => {
    const loading = server.ask('load', loadParams);
    const job = server.ask('attribute', { slices, method });
    server.cancel(job.id);
    expect(await loading.reply).toMatchObject({ kind: 'done' });
    expect(await job.reply).toMatchObject({ kind: 'failed', error: { name: 'CancelledError' } });
    expect(server.replies.some(({ kind }) => kind === 'progress')).toBe(false);
  });

  it('continues after a failed job and keeps the error code', async () => {
    await server.ask('load', loadParams).reply;
    const failing = server.ask('attribute', { slices: [{ patch, bodyMask: new Uint8Array(PATCH_PIXELS) }], method });
    const behind = server.ask('encode', { patches: patch, batch: 1 });
    expect(await failing.reply).toMatchObject({
      kind: 'failed',
      error: { name: 'InputError', fault: { code: 'empty-slice-mask' } },
    });
    expect(await behind.reply).toMatchObject({ kind: 'done' });
  });

  it('says when no model is loaded, before a load, after a failed one and after a release', async () => {
    const encode = () => server.ask('encode', { patches: patch, batch: 1 }).reply;
    const refusal = { kind: 'failed', error: { fault: { code: 'no-model' } } };
    expect(await encode()).toMatchObject(refusal);
    expect(await server.ask('load', { ...loadParams, manifestUrl: 'nowhere' }).reply).toMatchObject({
      kind: 'failed',
      error: { message: 'there is no nowhere' },
    });
    expect(await encode()).toMatchObject(refusal);
    await server.ask('load', loadParams).reply;
    await server.ask('release', {}).reply;
    expect(await encode()).toMatchObject(refusal);
    await server.ask('load', loadParams).reply;
    expect(await encode()).toMatchObject({ kind: 'done' });
    expect(server.opened()).toBe(2);
  });
});

describe('samplers in messages', () => {
  it.each(['ode', 'reference'] as const)('keep their kind and steps: %s', id => {
    const spec = { id, inversionSteps: 10, renderSteps: 20 };
    expect(samplerSpec(samplerFromSpec(spec))).toEqual(spec);
  });

  it('keep the fast one, whose steps are fixed', () => {
    const spec = samplerSpec(fastSampler());
    expect(samplerSpec(samplerFromSpec(spec))).toEqual(spec);
  });
});
