import { CancelledError, InputError } from '../../core';
import { createRpcClient } from './client';
import { type CallContext, serveCalls } from './server';
import { testWorkers } from './testWorker';

type TestCalls = {
  double: { params: number; result: number };
  refuse: { params: undefined; result: undefined };
  wait: { params: undefined; result: string; progress: number };
};

/** A client and its server; `wait` lasts until the test resumes it or the page cancels it. */
function open() {
  const begun: string[] = [];
  const events: unknown[] = [];
  const toPage: unknown[] = [];
  const lost: Error[] = [];
  const waits: (() => void)[] = [];
  let context: CallContext<number> | undefined;
  let tell: (event: string) => void = () => undefined;
  const { workers, startWorker } = testWorkers(port => {
    tell = serveCalls<TestCalls, string, string>(
      port,
      {
        double(value) {
          begun.push(`double ${value}`);
          return 2 * value;
        },
        refuse() {
          throw new InputError('no-model');
        },
        wait: (_, given) =>
          new Promise((resolve, reject) => {
            begun.push('wait');
            context = given;
            waits.push(() => resolve('resumed'));
            given.cancel.addEventListener('abort', () => reject(new CancelledError('cancelled')));
          }),
      },
      event => events.push(event)
    );
  });
  const client = createRpcClient<TestCalls, string, string>({
    startWorker,
    lostError: why => new InputError('worker-lost', { reason: why ?? '' }),
    onLost: error => lost.push(error),
    onEvent: event => toPage.push(event),
  });
  const settled = () => new Promise(resolve => setTimeout(resolve, 20));
  return {
    client,
    workers,
    begun,
    events,
    toPage,
    lost,
    waits,
    settled,
    context: () => context!,
    tell: (event: string) => tell(event),
  };
}

test('answers one call at a time, in order, and goes on after one that fails', async () => {
  const { client, begun, waits, settled } = open();
  const calls = [client.call('wait', undefined), client.call('refuse', undefined), client.call('double', 4)];
  const outcomes = Promise.allSettled(calls);
  await settled();
  expect(begun).toEqual(['wait']);
  waits[0]();
  const [waited, refused, doubled] = await outcomes;
  expect(waited).toMatchObject({ value: 'resumed' });
  expect(refused).toMatchObject({ reason: { name: 'InputError', code: 'no-model' } });
  expect((refused as PromiseRejectedResult).reason).toBeInstanceOf(InputError);
  expect(doubled).toMatchObject({ value: 8 });
});

test('cancels what runs and what waits, and nothing else', async () => {
  const { client, begun, settled } = open();
  const [running, waiting] = [new AbortController(), { aborted: false }];
  const calls = [
    client.call('wait', undefined, { cancel: running.signal }),
    client.call('double', 1, { cancel: waiting }),
    client.call('double', 2),
  ];
  const outcomes = Promise.allSettled(calls);
  waiting.aborted = true;
  await new Promise(resolve => setTimeout(resolve, 120));
  running.abort();
  const [first, second, third] = await outcomes;
  expect((first as PromiseRejectedResult).reason).toBeInstanceOf(CancelledError);
  expect((second as PromiseRejectedResult).reason).toBeInstanceOf(CancelledError);
  expect(third).toMatchObject({ value: 4 });
  expect(begun).toEqual(['wait', 'double 2']);
  await expect(client.call('double', 3, { cancel: { aborted: true } })).rejects.toThrow(CancelledError);
  await settled();
  expect(begun).toHaveLength(2);
});

test('reports progress seldom, urgent progress at once, and the last one before the result', async () => {
  const { client, waits, context, settled } = open();
  const seen: (number | string)[] = [];
  const call = client
    .call('wait', undefined, { onProgress: value => seen.push(value) })
    .then(value => seen.push(value));
  await settled();
  for (const value of [1, 2, 3]) context().report(value);
  context().report(4, true);
  context().report(5);
  context().report(6);
  await settled();
  expect(seen).toEqual([1, 4]);
  waits[0]();
  await call;
  expect(seen).toEqual([1, 4, 6, 'resumed']);
});

test('events overtake waiting calls, both ways', async () => {
  const { client, events, toPage, tell, waits, settled } = open();
  client.send('to nobody');
  const call = client.call('wait', undefined);
  client.send('pause');
  tell('changed');
  await settled();
  expect([events, toPage]).toEqual([['pause'], ['changed']]);
  waits[0]();
  await call;
});

test('a worker that dies fails its calls by name, says so once, and a new one is started', async () => {
  const { client, workers, lost } = open();
  const call = client.call('wait', undefined);
  workers[0].crash('out of memory');
  await expect(call).rejects.toMatchObject({ code: 'worker-lost', params: { reason: 'out of memory' } });
  workers[0].crash('again');
  expect(lost).toHaveLength(1);
  expect(workers[0].ended).toBe(true);
  expect(client.running).toBe(false);
  expect(await client.call('double', 5)).toBe(10);
  expect(workers).toHaveLength(2);
});

test('stopping ends the worker and fails what waits with the reason given', async () => {
  const { client, workers } = open();
  const calls = [client.call('wait', undefined), client.call('double', 1)];
  const outcomes = Promise.allSettled(calls);
  client.stop(new CancelledError('released'));
  for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { message: 'released' } });
  expect(workers[0].ended).toBe(true);
});

test('hands buffers over where asked to', async () => {
  const { client } = open();
  const values = new Float32Array(8);
  await client.call('double', 1, { transfer: [values.buffer] });
  expect(values).toHaveLength(0);
});

test('a result that cannot be copied is a failed call, not a silent one', async () => {
  const { startWorker } = testWorkers(port => {
    serveCalls<{ odd: { params: undefined; result: unknown } }>(port, { odd: () => () => 'a function' });
  });
  const client = createRpcClient<{ odd: { params: undefined; result: unknown } }>({
    startWorker,
    lostError: () => new Error('lost'),
  });
  await expect(client.call('odd', undefined)).rejects.toThrow(/could not be cloned/);
});
