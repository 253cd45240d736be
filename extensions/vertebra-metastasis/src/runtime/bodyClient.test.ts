import { CancelledError, InputError, type Volume } from '../core';
import { createBodyClient } from './bodyClient';
import type { BodyReply, BodyRequest } from './bodyProtocol';
import { type BodyPort, serveBodies } from './bodyServer';
import { errorSpec } from './protocol';

const AFFINE = Float64Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
const blank = (slices: number): Volume => ({
  hu: Int16Array.from({ length: 16 * slices }, (_, n) => n % 1000),
  dims: [4, 4, slices],
  indexToLps: AFFINE,
});

/** A worker whose thread is `serve`; messages are copied as the browser does. */
class FakeWorker {
  onmessage: ((event: { data: BodyReply }) => void) | null = null;
  onerror = null;
  onmessageerror = null;
  ended = false;
  readonly requests: BodyRequest[] = [];

  constructor(private readonly serve: (request: BodyRequest, reply: (message: BodyReply) => void) => void) {}
  postMessage(request: BodyRequest, transfer: ArrayBuffer[]): void {
    this.requests.push(structuredClone(request, { transfer }));
    this.serve(this.requests.at(-1)!, data => !this.ended && this.onmessage?.({ data }));
  }
  terminate(): void {
    this.ended = true;
  }
}

function clientOf(serve: FakeWorker['serve']) {
  const workers: FakeWorker[] = [];
  const client = createBodyClient(() => {
    workers.push(new FakeWorker(serve));
    return workers.at(-1) as unknown as Worker;
  });
  return { client, workers };
}

test('a whole CT goes over in pieces and stays with the caller', async () => {
  const volume = blank(40);
  const before = volume.hu.slice();
  const stages: string[] = [];
  const { client, workers } = clientOf((request, reply) => {
    if (request.kind !== 'locate') return;
    reply({ kind: 'progress', progress: { stage: 'column', done: 0, planned: 1 } });
    reply({ kind: 'located', found: { bodies: [], leftOut: [] } });
  });
  await client.locate(volume, { onProgress: ({ stage }) => stages.push(stage) });
  const pieces = workers[0].requests.flatMap(request => (request.kind === 'slices' ? [request] : []));
  expect(pieces.map(({ first }) => first)).toEqual([0, 16, 32]);
  expect(pieces.flatMap(({ hu }) => [...hu])).toEqual([...before]);
  expect(volume.hu).toEqual(before);
  expect(stages).toEqual(['column']);
});

test('cancelling ends the worker at once; the next job gets a new one', async () => {
  const { client, workers } = clientOf((request, reply) => {
    if (request.kind === 'segment' && workers.length === 2) reply({ kind: 'segmented', body: 'a body' as never });
  });
  const cancel = new AbortController();
  const first = client.segment(blank(4), [0, 0, 0], { cancel: cancel.signal });
  const second = client.segment(blank(4), [1, 1, 1], {});
  await Promise.resolve();
  cancel.abort();
  await expect(first).rejects.toBeInstanceOf(CancelledError);
  expect(await second).toBe('a body');
  expect(workers.map(({ ended }) => ended)).toEqual([true, false]);
});

test('a failed job is told by its code and does not stop the next', async () => {
  const { client } = clientOf((request, reply) => {
    if (request.kind !== 'segment') return;
    if (request.seedLps[0] > 5) reply({ kind: 'segmented', body: 'a body' as never });
    else reply({ kind: 'failed', error: errorSpec(new InputError('no-body-found', { at: [0, 0, 0] })) });
  });
  await expect(client.segment(blank(4), [0, 0, 0], {})).rejects.toMatchObject({ code: 'no-body-found' });
  expect(await client.segment(blank(4), [9, 0, 0], {})).toBe('a body');
});

test('the server answers with the error of a click outside the CT, and of a search without one', async () => {
  const replies: BodyReply[] = [];
  const port: BodyPort = { onmessage: null, postMessage: reply => void replies.push(reply) };
  serveBodies(port, () => Promise.resolve(undefined));
  port.onmessage!({ data: { kind: 'segment', volume: blank(4), seedLps: [90, 0, 0], hints: {} } });
  port.onmessage!({ data: { kind: 'locate' } });
  await new Promise(resolve => setTimeout(resolve));
  expect(replies).toMatchObject([
    { kind: 'failed', error: { name: 'InputError', fault: { code: 'seed-outside' } } },
    { kind: 'failed', error: { message: 'the volume was not sent' } },
  ]);
});

test('every worker is told where the network is before its first job', async () => {
  const place = { modelsUrl: 'https://site/models/index.json', assetBase: 'https://site/' };
  const workers: FakeWorker[] = [];
  const client = createBodyClient(
    () => {
      const worker = new FakeWorker((request, reply) => {
        if (request.kind === 'segment' && workers.length > 1) reply({ kind: 'segmented', body: 'a body' as never });
      });
      workers.push(worker);
      return worker as unknown as Worker;
    },
    () => place
  );
  const cancel = new AbortController();
  const first = client.segment(blank(4), [0, 0, 0], { cancel: cancel.signal });
  await Promise.resolve();
  cancel.abort();
  await expect(first).rejects.toThrow(CancelledError);
  await client.segment(blank(4), [0, 0, 0], {});
  for (const { requests } of workers) expect(requests.map(({ kind }) => kind)).toEqual(['open', 'segment']);
  expect(workers[1].requests[0]).toEqual({ kind: 'open', place });
});

test('a network that does not open fails the job by name; the next job tries again', async () => {
  const replies: BodyReply[] = [];
  const port: BodyPort = { onmessage: null, postMessage: reply => void replies.push(reply) };
  let tries = 0;
  serveBodies(port, () => {
    tries++;
    return tries < 3
      ? Promise.reject(new InputError('model-download', { url: 'outline.onnx', reason: 'not there' }))
      : Promise.resolve(undefined);
  });
  const send = async (data: BodyRequest) => {
    port.onmessage!({ data });
    await new Promise(resolve => setTimeout(resolve));
  };
  await send({ kind: 'open', place: { modelsUrl: '', assetBase: '' } });
  expect(tries).toBe(1);
  const outside = { kind: 'segment', volume: blank(4), seedLps: [90, 0, 0], hints: {} } as const;
  await send(outside);
  await send(outside);
  expect(replies).toMatchObject([
    { kind: 'failed', error: { name: 'InputError', fault: { code: 'model-download' } } },
    { kind: 'failed', error: { name: 'InputError', fault: { code: 'seed-outside' } } },
  ]);
});
