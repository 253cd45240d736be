import type {
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
import type { InferenceCalls, JobProgress, LoadedModel, LoadProgress, PauseEvent, ReasonEvent } from './inferenceCalls';
import type { ArithmeticWish, CaptureWish, PreferredProvider } from './provider';
import { createRpcClient } from './rpc/client';
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
  /** Default: float16 where it agrees with float32 and is faster. */
  readonly arithmetic?: ArithmeticWish;
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
  /** core's attributeVertebra likewise. */
  readonly attributeVertebra: NonNullable<SliceEngine['attributeVertebra']>;
  /** core's screenSlices: P(malignant) of each of `count` patches by the encoder alone. */
  screenSlices(patches: Float32Array, count: number, hooks?: Pick<Hooks, 'cancel'>): Promise<Float64Array>;
  /** What one noise prediction takes now, ms per image. Not beside an analysis: it would wait for its turn. */
  timeEvaluation(): Promise<number>;
  /** core's screenKinds: log odds of each kind by the screening network, of models that have one. */
  screenKinds(stacks: Float32Array, count: number, hooks?: Pick<Hooks, 'cancel'>): Promise<Float32Array>;
  /** Holds whatever runs before its next network evaluation (true), or lets it go on (false). */
  setPaused(paused: boolean): void;
  /** Cancels what runs and waits, frees the model and ends the worker. load() may be called again. */
  release(): Promise<void>;
}

/** How long release() waits for the running evaluation to end before it ends the worker regardless. */
const RELEASE_TIMEOUT_MS = 3000;
export function createRuntimeClient({ workerUrl, assetBase }: RuntimeClientOptions): RuntimeClient {
  let loaded: LoadedModel | undefined;
  let { onLost, onReason }: Pick<LoadOptions, 'onLost' | 'onReason'> = {};
  /** They need memory that the card may not have: a model is not opened with them again after they may have cost the device. */
  let lostWithCapture = false;

  const worker = createRpcClient<InferenceCalls, PauseEvent, ReasonEvent>({
    startWorker: () => startWorker(absolute(workerUrl), 'vertebra-metastasis'),
    lostError: why => new InputError('worker-lost', { reason: why ?? `${workerUrl} did not start` }),
    onLost(error) {
      const tell = onLost;
      const reason = loaded?.reason;
      lostWithCapture ||= reason?.provider === 'webgpu' && reason.capture.code === 'used';
      forget();
      tell?.(error as InputError);
    },
    onEvent({ reason }) {
      if (!loaded) return;
      loaded = { ...loaded, reason };
      onReason?.(reason);
    },
  });

  function forget(): void {
    loaded = undefined;
    onLost = undefined;
    onReason = undefined;
  }

  /** A call that needs a model. */
  const call: typeof worker.call = async (...args) => {
    if (!worker.running) throw noModel();
    return worker.call(...args);
  };

  const currentModel = () => {
    if (!loaded) throw noModel();
    return loaded;
  };

  function attribute(slices: readonly SliceInput[], options: MethodOptions, hooks: AttributeHooks) {
    const method = { ...options, sampler: options.sampler.spec };
    // The fields only: a prepared slice carries more than the worker needs.
    const inputs = slices.map(({ patch, bodyMask, offsetMm }) => ({ patch, bodyMask, offsetMm }));
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
        arithmetic,
        onProgress,
        authorization,
      } = options;
      forget();
      const urls = { manifestUrl: absolute(manifestUrl), assetBase: absolute(assetBase) };
      const params = { ...urls, preferred, capture, arithmetic, authorization };
      loaded = await worker.call('load', params, { onProgress });
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

    attributeVertebra: attribute,

    screenSlices: (patches, count, { cancel } = {}) => call('screen', { patches, count }, { cancel }),

    screenKinds: (stacks, count, { cancel } = {}) => call('screenKinds', { stacks, count }, { cancel }),

    timeEvaluation: () => call('time', undefined),

    setPaused: paused => worker.send({ paused }),

    async release() {
      if (!worker.running) return;
      worker.cancelAll();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const timeout = new Promise<void>(resolve => (timer = setTimeout(resolve, RELEASE_TIMEOUT_MS)));
      try {
        await Promise.race([worker.call('release', undefined), timeout]);
      } finally {
        clearTimeout(timer);
        forget();
        worker.stop(new CancelledError('The model was released.'));
      }
    },
  };
}

const noModel = () => new InputError('no-model');
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
