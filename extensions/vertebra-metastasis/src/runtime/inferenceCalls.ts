import type { MethodOptions, NoiseTime, ProviderReason, SamplerSpec, SliceAttribution, SliceInput } from '../core';
import type { ModelManifest } from './manifest';
import type { DownloadProgress } from './modelStore';
import type { ArithmeticWish, CaptureWish, ExecutionProvider, PreferredProvider } from './provider';

/** Method options as plain data: functions do not cross threads. */
export type MethodSpec = Omit<MethodOptions, 'sampler'> & { readonly sampler: SamplerSpec };

/** The calls of the inference worker. */
export type InferenceCalls = {
  load: {
    params: {
      manifestUrl: string;
      assetBase: string;
      preferred: PreferredProvider;
      capture?: CaptureWish;
      arithmetic?: ArithmeticWish;
      /** The viewer's Authorization header, for files of its own origin. */
      authorization?: string;
    };
    result: LoadedModel;
    progress: LoadProgress;
  };
  /** patches [batch,64,64] -> codes [batch, codeSize] */
  encode: { params: { patches: Float32Array; batch: number }; result: Float32Array };
  /** -> noise [batch,64,64] */
  predictNoise: {
    params: { noisy: Float32Array; time: NoiseTime; codes: Float32Array; batch: number };
    result: Float32Array;
  };
  /** Several slices, their evaluations batched. */
  attribute: {
    params: { slices: readonly SliceInput[]; method: MethodSpec };
    result: SliceAttribution[];
    progress: JobProgress;
  };
  /** patches [count,64,64] -> P(malignant) [count] */
  screen: { params: { patches: Float32Array; count: number }; result: Float64Array };
  /** What one noise prediction takes now, ms per image. */
  time: { params: undefined; result: number };
  /** stacks [count,6,64,64] -> log odds of a lytic and of a blastic lesion [count,2] */
  screenKinds: { params: { stacks: Float32Array; count: number }; result: Float32Array };
  release: { params: undefined; result: undefined };
};

/** Page -> worker, ahead of the calls that wait: hold whatever runs before its next network evaluation, or let it go on. */
export type PauseEvent = { readonly paused: boolean };

/** Worker -> page: the loaded model runs in another way than was said. */
export type ReasonEvent = { readonly reason: ProviderReason };

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
  /** One noise prediction as it was timed when the model was opened, ms per image; `time` measures it again. */
  readonly evaluationMs: number;
  /** True when no weights were downloaded. */
  readonly fromCache: boolean;
  /** Why the weights were not kept for the next time, if so. */
  readonly cacheProblem?: string;
}

/** Network evaluations of a job so far; `planned` grows once the candidates are known. */
export interface JobProgress {
  readonly done: number;
  readonly planned: number;
}
