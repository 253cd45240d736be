import type {
  CancelSignal,
  DiffusionAutoencoder,
  Hooks,
  MethodOptions,
  Patch,
  PatchMask,
  ProviderReason,
  SliceAttribution,
  SliceEngine,
  SliceInput,
} from '../core';
import { CancelledError, InputError, slicesTogether } from '../core';
import type { JobKind, JobProgress, Jobs, LoadedModel, LoadProgress, RuntimeReply } from './protocol';
import { errorFromSpec, samplerSpec } from './protocol';
import type { CaptureWish, PreferredProvider } from './provider';
import { startWorker } from './startWorker';

export interface RuntimeClientOptions {
  /** URL of the built worker.js, relative to the page or absolute. */
  readonly workerUrl: string;
  /** URL of the folder that holds ort/ (relative to the page, or absolute). */
  readonly assetBase: string;
}

export interface LoadOptions {
  readonly preferred?: PreferredProvider;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Called when the worker dies under this model (crash, graphics device lost): the model must be loaded again. */
  readonly onLost?: (error: InputError) => void;
  /** Called when the model goes on in another way than `loaded.reason` said. */
  readonly onReason?: (reason: ProviderReason) => void;
  /** Default: captured graphs where they are faster. */
  readonly capture?: CaptureWish;
  /** The viewer's Authorization header, for files of its own origin. */
  readonly authorization?: string;
}

export interface AttributeHooks extends Hooks {
  readonly onPlan?: (evaluations: number) => void;
}

/** The inference worker as the page sees it. Jobs run one at a time, in the order asked for. */
export interface RuntimeClient {
  /**
   * Starts the worker if there is none (or after a crash) and opens the model, in place of one opened before.
   * @param manifestUrl of the model's manifest.json, relative to the page or absolute
   */
  load(manifestUrl: string, options?: LoadOptions): Promise<LoadedModel>;
  /** The model in use, undefined before load() and after release() or a crash. */
  readonly loaded: LoadedModel | undefined;
  /** The networks, one message per evaluation: fit for few. Whole slices go through {@link attributeSlice}. */
  readonly network: DiffusionAutoencoder;
  /** core's attributeSlice with the loaded model's classifier, run in the worker. */
  attributeSlice(
    patch: Patch,
    bodyMask: PatchMask,
    options: MethodOptions,
    hooks?: AttributeHooks
  ): Promise<SliceAttribution>;
  /** core's attributeSlices likewise; undefined where slices are not faster side by side. */
  readonly together: SliceEngine['together'];
  /** core's screenSlices: P(malignant) of each of `count` patches by the encoder alone. */
  screenSlices(patches: Float32Array, count: number, hooks?: Pick<Hooks, 'cancel'>): Promise<Float64Array>;
  /** Holds whatever runs before its next network evaluation (true), or lets it go on (false). */
  setPaused(paused: boolean): void;
  /** Cancels what runs and waits, frees the model and ends the worker. load() may be called again. */
  release(): Promise<void>;
}

/** How long release() waits for the running evaluation to end before it ends the worker regardless. */
const RELEASE_PATIENCE_MS = 3000;
/** How often a cancel signal that is no AbortSignal is looked at. */
const CANCEL_POLL_MS = 50;

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
  readonly onLoading?: (progress: LoadProgress) => void;
  readonly onProgress?: (progress: JobProgress) => void;
}

interface CallOptions extends Pick<Pending, 'onLoading' | 'onProgress'> {
  readonly cancel?: CancelSignal;
}

export function createRuntimeClient({ workerUrl, assetBase }: RuntimeClientOptions): RuntimeClient {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let loaded: LoadedModel | undefined;
  let onLost: LoadOptions['onLost'];
  let onReason: LoadOptions['onReason'];
  /** They need memory that the card may not have: a model is not opened with them again after they may have cost the device. */
  let lostWithCapture = false;
  let lastId = 0;

  function start(): Worker {
    const started = startWorker(absolute(workerUrl), 'vertebra-metastasis');
    started.onmessage = ({ data }: MessageEvent<RuntimeReply>) => receive(data);
    started.onerror = event => {
      event.preventDefault();
      lose(event.message || `${workerUrl} did not start`);
    };
    started.onmessageerror = () => lose('one of its messages could not be read');
    return started;
  }

  function lose(what: string): void {
    const error = new InputError('worker-lost', { reason: what });
    const tell = onLost;
    const reason = loaded?.reason;
    lostWithCapture ||= reason?.provider === 'webgpu' && reason.capture.code === 'used';
    stop(error);
    tell?.(error);
  }

  /** Ends the worker; whatever still waits fails with `error`. */
  function stop(error: Error): void {
    worker?.terminate();
    worker = undefined;
    loaded = undefined;
    onLost = undefined;
    onReason = undefined;
    const waiting = [...pending.values()];
    pending.clear();
    for (const job of waiting) job.reject(error);
  }

  function receive(reply: RuntimeReply): void {
    if (reply.kind === 'reason') {
      if (!loaded) return;
      loaded = { ...loaded, reason: reply.reason };
      return onReason?.(reply.reason);
    }
    const job = pending.get(reply.id);
    if (!job) return;
    if (reply.kind === 'progress') return job.onProgress?.(reply.progress);
    if (reply.kind === 'loading') return job.onLoading?.(reply.progress);
    pending.delete(reply.id);
    if (reply.kind === 'done') job.resolve(reply.result);
    else job.reject(errorFromSpec(reply.error));
  }

  async function call<K extends JobKind>(
    kind: K,
    params: Jobs[K]['params'],
    { cancel, ...listeners }: CallOptions = {}
  ): Promise<Jobs[K]['result']> {
    if (cancel?.aborted) throw new CancelledError('The job was cancelled before it started.');
    const target = worker;
    if (!target) throw new InputError('no-model');
    const id = ++lastId;
    const result = new Promise<unknown>((resolve, reject) => pending.set(id, { resolve, reject, ...listeners }));
    target.postMessage({ kind, id, params });
    const forget = onCancel(cancel, () => target.postMessage({ kind: 'cancel', id }));
    try {
      return (await result) as Jobs[K]['result'];
    } finally {
      forget();
    }
  }

  const currentModel = () => {
    if (!loaded) throw new InputError('no-model');
    return loaded;
  };

  function attribute(slices: readonly SliceInput[], options: MethodOptions, hooks: AttributeHooks) {
    const method = { ...options, sampler: samplerSpec(options.sampler) };
    // The fields only: a prepared slice carries more than the worker needs.
    const inputs = slices.map(({ patch, bodyMask }) => ({ patch, bodyMask }));
    return call('attribute', { slices: inputs, method }, { cancel: hooks.cancel, onProgress: progressHooks(hooks) });
  }

  return {
    get loaded() {
      return loaded;
    },

    async load(manifestUrl, options = {}) {
      const {
        preferred = 'auto',
        capture = lostWithCapture ? 'after-loss' : 'auto',
        onProgress,
        authorization,
      } = options;
      worker ??= start();
      loaded = undefined;
      onLost = undefined;
      onReason = undefined;
      const urls = { manifestUrl: absolute(manifestUrl), assetBase: absolute(assetBase) };
      const params = { ...urls, preferred, capture, authorization };
      loaded = await call('load', params, { onLoading: onProgress });
      ({ onLost, onReason } = options);
      return loaded;
    },

    network: {
      get codeSize() {
        return currentModel().manifest.codeSize;
      },
      get preferredBatch() {
        return currentModel().preferredBatch;
      },
      encode: (patches, batch) => call('encode', { patches, batch }),
      predictNoise: (noisy, time, codes, batch) => call('predictNoise', { noisy, time, codes, batch }),
    },

    async attributeSlice(patch, bodyMask, options, hooks = {}) {
      const [slice] = await attribute([{ patch, bodyMask }], options, hooks);
      return slice;
    },

    get together() {
      const slices = loaded ? slicesTogether(loaded) : 1;
      return slices > 1 ? { slices, attribute } : undefined;
    },

    screenSlices: (patches, count, { cancel } = {}) => call('screen', { patches, count }, { cancel }),

    setPaused: paused => worker?.postMessage({ kind: 'pause', paused }),

    async release() {
      const current = worker;
      if (!current) return;
      for (const id of pending.keys()) current.postMessage({ kind: 'cancel', id });
      let timer: ReturnType<typeof setTimeout> | undefined;
      const patience = new Promise<void>(resolve => (timer = setTimeout(resolve, RELEASE_PATIENCE_MS)));
      try {
        await Promise.race([call('release', {}), patience]);
      } finally {
        clearTimeout(timer);
        stop(new CancelledError('The model was released.'));
      }
    },
  };
}

const absolute = (url: string) => new URL(url, document.baseURI).href;

/** Turns the worker's running totals back into core's hooks, which take increments. */
function progressHooks(hooks: AttributeHooks): (progress: JobProgress) => void {
  let last: JobProgress = { done: 0, planned: 0 };
  return progress => {
    if (progress.planned !== last.planned) hooks.onPlan?.(progress.planned);
    if (progress.done !== last.done) hooks.onEvaluations?.(progress.done - last.done);
    last = progress;
  };
}

/** Calls `action` once the signal is aborted. @returns a function that stops listening */
function onCancel(signal: CancelSignal | undefined, action: () => void): () => void {
  if (!signal) return () => undefined;
  if (signal instanceof AbortSignal) {
    signal.addEventListener('abort', action, { once: true });
    return () => signal.removeEventListener('abort', action);
  }
  const timer = setInterval(() => {
    if (!signal.aborted) return;
    clearInterval(timer);
    action();
  }, CANCEL_POLL_MS);
  return () => clearInterval(timer);
}
