import type { CancelSignal, DiffusionAutoencoder, Hooks, ProviderReason } from '../core';
import { attributeSlices, CancelledError, InputError, screenSlices } from '../core';
import type {
  ErrorSpec,
  JobKind,
  JobProgress,
  Jobs,
  LoadedModel,
  LoadProgress,
  RuntimeReply,
  RuntimeRequest,
} from './protocol';
import { errorSpec, samplerFromSpec } from './protocol';
import type { LoadedNetwork } from './network';
import { createPauseGate } from './pauseGate';
import { createSerialQueue } from './serialQueue';
import { throttle } from './throttle';

/** One end of a message channel: a worker's own scope, or a MessagePort. */
export interface RuntimePort {
  onmessage: ((event: { readonly data: RuntimeRequest }) => void) | null;
  postMessage(reply: RuntimeReply): void;
}

/** A model ready to run, and what the page is told of it. */
export interface OpenedModel {
  readonly network: LoadedNetwork;
  readonly loaded: LoadedModel;
}

export type ModelOpener = (
  params: Jobs['load']['params'],
  onProgress: (progress: LoadProgress) => void,
  onReason: (reason: ProviderReason) => void
) => Promise<OpenedModel>;

/** Often enough for a smooth bar, seldom enough to cost nothing. */
const PROGRESS_INTERVAL_MS = 100;

type Request<K extends JobKind> = Extract<RuntimeRequest, { kind: K }>;

/**
 * Answers requests on `port`, one job at a time and in order; a failed job does not stop the next.
 * Requests to cancel or pause overtake the queue: they are read between two network evaluations.
 */
export function serveJobs(port: RuntimePort, openModel: ModelOpener): void {
  const queue = createSerialQueue();
  const cancels = new Map<number, { aborted: boolean }>();
  const pauseGate = createPauseGate();
  let model: OpenedModel | undefined;

  port.onmessage = ({ data: request }) => {
    if (request.kind === 'cancel') {
      const signal = cancels.get(request.id);
      if (signal) signal.aborted = true;
      return pauseGate.cancelled();
    }
    if (request.kind === 'pause') return request.paused ? pauseGate.close() : pauseGate.open();
    const { id } = request;
    const signal = { aborted: false };
    cancels.set(id, signal);
    void queue
      .run(() => answer(request, signal))
      .then(
        result => port.postMessage({ kind: 'done', id, result }),
        (error: unknown) => port.postMessage({ kind: 'failed', id, error: errorSpec(error) satisfies ErrorSpec })
      )
      .finally(() => cancels.delete(id));
  };

  async function answer(
    request: Exclude<RuntimeRequest, { kind: 'cancel' | 'pause' }>,
    cancel: CancelSignal
  ): Promise<Jobs[JobKind]['result']> {
    if (cancel.aborted) throw new CancelledError('The job was cancelled before it started.');
    switch (request.kind) {
      case 'load':
        return load(request);
      case 'encode':
        return loadedModel().network.encode(request.params.patches, request.params.batch);
      case 'predictNoise': {
        const { noisy, time, codes, batch } = request.params;
        return loadedModel().network.predictNoise(noisy, time, codes, batch);
      }
      case 'attribute':
        return attribute(request, cancel);
      case 'screen': {
        const { network, loaded } = loadedModel();
        const { patches, count } = request.params;
        return screenSlices(interruptible(network, cancel), loaded.manifest.classifier, patches, count, { cancel });
      }
      case 'release':
        return release();
    }
  }

  /**
   * The network, giving way to waiting messages around every evaluation. WebAssembly runs an evaluation without returning
   * to the event loop and its promise resolves as a microtask, so without this a cancel or pause would be read only at the end.
   */
  function interruptible(network: DiffusionAutoencoder, cancel: CancelSignal): DiffusionAutoencoder {
    return {
      codeSize: network.codeSize,
      preferredBatch: network.preferredBatch,
      prepareTimesteps: network.prepareTimesteps?.bind(network),
      async encode(patches, batch) {
        await nextTask();
        await pauseGate.pass(cancel);
        return network.encode(patches, batch);
      },
      async predictNoise(noisy, time, codes, batch) {
        const noise = await network.predictNoise(noisy, time, codes, batch);
        // After and not before: the sampler looks at the cancel signal just before its next evaluation.
        await nextTask();
        await pauseGate.pass(cancel);
        return noise;
      },
    };
  }

  async function load({ id, params }: Request<'load'>): Promise<LoadedModel> {
    await release();
    let latest: LoadProgress | undefined;
    const report = throttle(() => {
      if (latest) port.postMessage({ kind: 'loading', id, progress: latest });
    }, PROGRESS_INTERVAL_MS);
    const onProgress = (progress: LoadProgress) => {
      const phaseChanged = latest?.phase !== progress.phase;
      latest = progress;
      if (phaseChanged || isComplete(progress)) report.now();
      else report.soon();
    };
    model = await openModel(params, onProgress, reason => port.postMessage({ kind: 'reason', reason }));
    return model.loaded;
  }

  async function attribute({ id, params }: Request<'attribute'>, cancel: CancelSignal) {
    const { network, loaded } = loadedModel();
    const progress: { -readonly [K in keyof JobProgress]: number } = { done: 0, planned: 0 };
    const report = throttle(
      () => port.postMessage({ kind: 'progress', id, progress: { ...progress } }),
      PROGRESS_INTERVAL_MS
    );
    const hooks: Hooks & { onPlan(evaluations: number): void } = {
      cancel,
      onPlan: evaluations => {
        progress.planned = evaluations;
        report.soon();
      },
      onEvaluations: count => {
        progress.done += count;
        report.soon();
      },
    };
    const method = { ...params.method, sampler: samplerFromSpec(params.method.sampler) };
    const { classifier } = loaded.manifest;
    const result = await attributeSlices(interruptible(network, cancel), classifier, params.slices, method, hooks);
    report.now();
    return result;
  }

  function loadedModel() {
    if (!model) throw new InputError('no-model');
    return model;
  }

  async function release(): Promise<undefined> {
    const network = model?.network;
    model = undefined;
    await network?.dispose();
    return undefined;
  }
}

function isComplete(progress: LoadProgress): boolean {
  return progress.phase === 'download' && progress.loadedBytes === progress.totalBytes;
}

/** Resolves in a new task of the event loop, behind the messages that wait there. setTimeout would add 4 ms each time. */
function nextTask(): Promise<void> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
