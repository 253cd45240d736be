import { CancelledError, InputError, type Volume } from '../core';
import type { BodyCalls } from './bodyCalls';
import { createBodyClient } from './bodyClient';
import { type BodyNetworkOpener, serveBodies } from './bodyServer';
import { createRpcClient } from './rpc/client';
import { type Handlers, serveCalls } from './rpc/server';
import { testWorkers } from './rpc/testWorker';

const AFFINE = Float64Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
const blank = (slices: number): Volume => ({
  hu: Int16Array.from({ length: 16 * slices }, (_, n) => n % 1000),
  dims: [4, 4, slices],
  indexToLps: AFFINE,
});
const BODY = 'a body' as never;

/** A client whose worker answers as told. */
function clientOf(handlers: Partial<Handlers<BodyCalls>>, place?: Parameters<typeof createBodyClient>[1]) {
  const all: Handlers<BodyCalls> = {
    open: () => undefined,
    segment: () => BODY,
    volume: () => undefined,
    slices: () => undefined,
    locate: () => ({ bodies: [], leftOut: [] }),
    ...handlers,
  };
  const { workers, startWorker } = testWorkers(port => void serveCalls<BodyCalls>(port, all));
  return { client: createBodyClient(startWorker, place), workers };
}

/** A worker with the real server, called directly. */
function serverOf(openNetwork: BodyNetworkOpener = async () => undefined) {
  const { startWorker } = testWorkers(port => serveBodies(port, openNetwork));
  return createRpcClient<BodyCalls>({ startWorker, lostError: why => new Error(why) });
}
const OUTSIDE = { volume: blank(4), seedLps: [90, 0, 0], hints: {} } as const;

test('a whole CT goes over in pieces and stays with the caller', async () => {
  const volume = blank(40);
  const before = volume.hu.slice();
  const stages: string[] = [];
  const { client, workers } = clientOf({
    locate(_, { report }) {
      report({ stage: 'column', done: 0, planned: 1 });
      return { bodies: [], leftOut: [] };
    },
  });
  await client.locate(volume, { onProgress: ({ stage }) => stages.push(stage) });
  const pieces = workers[0].calls.flatMap(({ name, params }) =>
    name === 'slices' ? [params as BodyCalls['slices']['params']] : []
  );
  expect(pieces.map(({ first }) => first)).toEqual([0, 16, 32]);
  expect(pieces.flatMap(({ hu }) => [...hu])).toEqual([...before]);
  expect(volume.hu).toEqual(before);
  expect(stages).toEqual(['column']);
});

test('cancelling ends the worker at once; the next job gets a new one', async () => {
  const { client, workers } = clientOf({
    segment: () => (workers.length === 1 ? new Promise<never>(() => undefined) : BODY),
  });
  const cancel = new AbortController();
  const first = client.segment(blank(4), [0, 0, 0], { cancel: cancel.signal });
  const second = client.segment(blank(4), [1, 1, 1], {});
  await new Promise(resolve => setTimeout(resolve, 5));
  cancel.abort();
  await expect(first).rejects.toBeInstanceOf(CancelledError);
  expect(await second).toBe('a body');
  expect(workers.map(({ ended }) => ended)).toEqual([true, false]);
});

test('a search cancelled while its slices go over sends none to the next worker', async () => {
  const cancel = new AbortController();
  const { client, workers } = clientOf({ slices: () => cancel.abort() as undefined });
  await expect(client.locate(blank(40), { cancel: cancel.signal })).rejects.toBeInstanceOf(CancelledError);
  expect(await client.segment(blank(4), [0, 0, 0], {})).toBe('a body');
  expect(workers.map(({ calls }) => calls.map(({ name }) => name))).toEqual([['volume', 'slices'], ['segment']]);
});

test('a failed job is told by its code and does not stop the next', async () => {
  const { client } = clientOf({
    segment({ seedLps }) {
      if (seedLps[0] > 5) return BODY;
      throw new InputError('no-body-found', { at: [0, 0, 0] });
    },
  });
  await expect(client.segment(blank(4), [0, 0, 0], {})).rejects.toMatchObject({ code: 'no-body-found' });
  expect(await client.segment(blank(4), [9, 0, 0], {})).toBe('a body');
});

test('the server answers with the error of a click outside the CT, and of a search without one', async () => {
  const server = serverOf();
  await expect(server.call('segment', OUTSIDE)).rejects.toMatchObject({ name: 'InputError', code: 'seed-outside' });
  await expect(server.call('locate', undefined)).rejects.toThrow('the volume was not sent');
});

test('every worker is told where the network is before its first job', async () => {
  const place = { modelsUrl: 'https://site/models/index.json', assetBase: 'https://site/' };
  const { client, workers } = clientOf(
    { segment: () => (workers.length === 1 ? new Promise<never>(() => undefined) : BODY) },
    () => place
  );
  const cancel = new AbortController();
  const first = client.segment(blank(4), [0, 0, 0], { cancel: cancel.signal });
  await new Promise(resolve => setTimeout(resolve, 5));
  cancel.abort();
  await expect(first).rejects.toThrow(CancelledError);
  await client.segment(blank(4), [0, 0, 0], {});
  for (const { calls } of workers) expect(calls.map(({ name }) => name)).toEqual(['open', 'segment']);
  expect(workers[1].calls[0].params).toEqual(place);
});

test('a network that does not open fails the job by name; the next job tries again', async () => {
  let tries = 0;
  const server = serverOf(async () => {
    if (++tries < 3) throw new InputError('model-download', { url: 'outline.onnx', reason: 'not there' });
    return undefined;
  });
  await server.call('open', { modelsUrl: '', assetBase: '' });
  expect(tries).toBe(1);
  await expect(server.call('segment', OUTSIDE)).rejects.toMatchObject({ code: 'model-download' });
  await expect(server.call('segment', OUTSIDE)).rejects.toMatchObject({ code: 'seed-outside' });
});
