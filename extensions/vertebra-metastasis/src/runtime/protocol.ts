import type { Fault, MethodOptions, NoiseTime, ProviderReason, Sampler, SliceAttribution, SliceInput } from '../core';
import { CancelledError, faultOf, InputError, inputError, odeSampler, referenceSampler, fastSampler } from '../core';
import type { ModelManifest } from './manifest';
import type { DownloadProgress } from './modelStore';
import type { CaptureWish, ExecutionProvider, PreferredProvider } from './provider';

/** A sampler in a message: functions do not cross threads. */
export interface SamplerSpec {
  readonly id: Sampler['id'];
  readonly inversionSteps: number;
  readonly renderSteps: number;
}
export type MethodSpec = Omit<MethodOptions, 'sampler'> & { readonly sampler: SamplerSpec };

/** What the worker can be asked for, by kind of job: its parameters and its result. */
export interface Jobs {
  load: {
    params: {
      manifestUrl: string;
      assetBase: string;
      preferred: PreferredProvider;
      capture?: CaptureWish;
      /** The viewer's Authorization header, for files of its own origin. */
      authorization?: string;
    };
    result: LoadedModel;
  };
  /** patches [batch,64,64] -> codes [batch, codeSize] */
  encode: { params: { patches: Float32Array; batch: number }; result: Float32Array };
  /** -> noise [batch,64,64] */
  predictNoise: {
    params: { noisy: Float32Array; time: NoiseTime; codes: Float32Array; batch: number };
    result: Float32Array;
  };
  /** Slices side by side. */
  attribute: { params: { slices: readonly SliceInput[]; method: MethodSpec }; result: SliceAttribution[] };
  /** patches [count,64,64] -> P(malignant) [count] */
  screen: { params: { patches: Float32Array; count: number }; result: Float64Array };
  release: { params: Record<string, never>; result: undefined };
}
export type JobKind = keyof Jobs;

export type LoadProgress =
  | ({ readonly phase: 'download' } & DownloadProgress)
  /** Sessions are built and the self-test runs on this provider. */
  | { readonly phase: 'prepare'; readonly provider: ExecutionProvider };

/** What is known of a model once it runs. */
export interface LoadedModel {
  readonly manifest: ModelManifest;
  readonly provider: ExecutionProvider;
  /** Threads of the WebAssembly part. */
  readonly threads: number;
  readonly reason: ProviderReason;
  readonly preferredBatch: number;
  /** First estimate of one noise prediction, in milliseconds. */
  readonly evaluationMs: number;
  /** True when no weights were downloaded. */
  readonly fromCache: boolean;
  /** Why the weights were not kept for the next time, if so. */
  readonly cacheProblem?: string;
}

/** Main thread -> worker. `cancel` overtakes the queue and names the job to stop; `pause` holds or lets go whatever runs. */
export type RuntimeRequest =
  | { [K in JobKind]: { readonly kind: K; readonly id: number; readonly params: Jobs[K]['params'] } }[JobKind]
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'pause'; readonly paused: boolean };

/** Network evaluations of a job so far; `planned` grows once the candidates are known. */
export interface JobProgress {
  readonly done: number;
  readonly planned: number;
}

/** Worker -> main thread. */
export type RuntimeReply =
  | { readonly kind: 'done'; readonly id: number; readonly result: Jobs[JobKind]['result'] }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorSpec }
  | { readonly kind: 'loading'; readonly id: number; readonly progress: LoadProgress }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: JobProgress }
  /** Of no job: the loaded model runs in another way than was said. */
  | { readonly kind: 'reason'; readonly reason: ProviderReason };

/** An error in a message: classes do not cross threads. */
export interface ErrorSpec {
  readonly name: string;
  readonly message: string;
  /** Of an InputError. */
  readonly fault?: Fault;
}

export function errorSpec(error: unknown): ErrorSpec {
  if (error instanceof InputError) return { name: error.name, message: error.message, fault: faultOf(error) };
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: 'Error', message: String(error) };
}

export function errorFromSpec({ name, message, fault }: ErrorSpec): Error {
  if (fault) return inputError(fault);
  if (name === 'CancelledError') return new CancelledError(message);
  return Object.assign(new Error(message), { name });
}

/** The ODE sampler's render spends one evaluation more than it has steps: the last one turns noise into the image. */
const ODE_EXTRA_RENDER_EVALUATIONS = 1;

export function samplerSpec({ id, inversionEvaluations, renderEvaluations }: Sampler): SamplerSpec {
  const extra = id === 'ode' ? ODE_EXTRA_RENDER_EVALUATIONS : 0;
  return { id, inversionSteps: inversionEvaluations, renderSteps: renderEvaluations - extra };
}

export function samplerFromSpec({ id, inversionSteps, renderSteps }: SamplerSpec): Sampler {
  const steps = { inversionSteps, renderSteps };
  // The nodes of the fast sampler are fixed; the steps in its specification only say how many they are.
  if (id === 'fast' || id === 'thorough') return fastSampler({ id });
  return id === 'ode' ? odeSampler(steps) : referenceSampler(steps);
}
