import type { DdimStep, DiffusionAutoencoder, NoiseTime } from '../types';

/** One call that waits for those of the other jobs. */
interface Call {
  readonly kind: 'encode' | 'noise' | 'advance';
  readonly images: Float32Array;
  readonly time?: NoiseTime;
  readonly steps?: readonly DdimStep[];
  readonly codes?: Float32Array;
  readonly batch: number;
  resolve(result: Float32Array): void;
  reject(error: unknown): void;
}

/**
 * Runs the jobs of several slices concurrently, each with a stand-in for the network: whenever every job that has not ended waits
 * for an evaluation, calls of the same kind and time are evaluated as one batch. Jobs that follow the same schedule, as the
 * slices of a vertebra do, thus cost the runs of one. After a failure the others end at their next evaluation with the same error.
 */
export async function batchedSlices<T>(
  network: DiffusionAutoencoder,
  jobs: readonly ((network: DiffusionAutoencoder) => Promise<T>)[]
): Promise<T[]> {
  let active = jobs.length;
  let waiting: Call[] = [];
  let failure: { readonly error: unknown } | undefined;

  const wait = (call: Omit<Call, 'resolve' | 'reject'>) =>
    new Promise<Float32Array>((resolve, reject) => {
      if (failure) return reject(failure.error);
      waiting.push({ ...call, resolve, reject });
      flushIfAllWait();
    });

  function flushIfAllWait(): void {
    if (waiting.length === 0 || waiting.length < active) return;
    const calls = waiting;
    waiting = [];
    void flush(calls);
  }

  async function flush(calls: readonly Call[]): Promise<void> {
    const results: [Call, Float32Array][] = [];
    try {
      for (const group of groups(calls, network.preferredBatch)) {
        const all = await run(network, group);
        let at = 0;
        const each = all.length / group.reduce((sum, { batch }) => sum + batch, 0);
        for (const call of group) results.push([call, all.slice(at, (at += each * call.batch))]);
      }
    } catch (error) {
      failure ??= { error };
      for (const call of calls) call.reject(error);
      return;
    }
    // Only now: a job that goes on may call again, and such a call waits for all the others.
    for (const [call, result] of results) call.resolve(result);
  }

  const batched: DiffusionAutoencoder = {
    codeSize: network.codeSize,
    // Its share: together they fill one run, and what each keeps of its way (6 MB an image) stays within bounds.
    preferredBatch: Math.max(1, Math.floor(network.preferredBatch / jobs.length)),
    prepareTimesteps: network.prepareTimesteps?.bind(network),
    encode: (images, batch) => wait({ kind: 'encode', images, batch }),
    predictNoise: (images, time, codes, batch) => wait({ kind: 'noise', images, time, codes, batch }),
    advance:
      network.advance && ((images, steps, codes, batch) => wait({ kind: 'advance', images, steps, codes, batch })),
    stepsAtOnce: network.stepsAtOnce,
  };
  const settled = await Promise.allSettled(
    jobs.map(async job => {
      try {
        return await job(batched);
      } catch (error) {
        failure ??= { error };
        for (const call of waiting.splice(0)) call.reject(error);
        throw error;
      } finally {
        active--;
        flushIfAllWait();
      }
    })
  );
  if (failure) throw failure.error;
  return settled.map(result => (result as PromiseFulfilledResult<T>).value);
}

/** Calls that can be one evaluation, up to `most` images each. */
function groups(calls: readonly Call[], most: number): Call[][] {
  const all: Call[][] = [];
  for (const call of calls) {
    const images = (group: Call[]) => group.reduce((sum, { batch }) => sum + batch, call.batch);
    const fitting = all.find(
      group =>
        group[0].kind === call.kind &&
        group[0].time === call.time &&
        sameSteps(group[0].steps, call.steps) &&
        images(group) <= most
    );
    if (fitting) fitting.push(call);
    else all.push([call]);
  }
  return all;
}

/** A schedule's steps are made once. */
function sameSteps(a: readonly DdimStep[] = [], b: readonly DdimStep[] = []): boolean {
  return a.length === b.length && a.every((step, i) => step === b[i]);
}

function run(network: DiffusionAutoencoder, group: readonly Call[]): Promise<Float32Array> {
  const [{ kind, time, steps }] = group;
  const images = joined(group.map(call => call.images));
  const batch = group.reduce((sum, call) => sum + call.batch, 0);
  if (kind === 'encode') return network.encode(images, batch);
  const codes = joined(group.map(call => call.codes!));
  if (kind === 'advance') return network.advance!(images, steps!, codes, batch);
  return network.predictNoise(images, time!, codes, batch);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0];
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
