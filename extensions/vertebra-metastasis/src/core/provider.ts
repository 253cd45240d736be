/** Where the networks run, and why there. The runtime finds it out; whoever shows it finds the words. */

/** Why WebGPU is not used; `adapter` as the browser describes it. */
export type NoWebGpu =
  | { readonly code: 'chosen' }
  | { readonly code: 'unsupported' }
  | { readonly code: 'no-adapter' }
  | { readonly code: 'software'; readonly adapter: string }
  /** It was tried: the self-test differs from the reference by more than is allowed. */
  | { readonly code: 'self-test'; readonly adapter: string; readonly error: number; readonly tolerance: number }
  /** It was tried and threw. */
  | { readonly code: 'failed'; readonly adapter: string; readonly message: string };

/**
 * Whether captured graphs are used on WebGPU, and why not otherwise. A captured graph plays back the commands of its first run;
 * times are those of one run of the same batch, in milliseconds.
 */
export type CaptureOutcome =
  | { readonly code: 'used'; readonly batch: number; readonly capturedMs: number; readonly plainMs: number }
  /** Not tried: switched off, or a software adapter. */
  | { readonly code: 'off' }
  | { readonly code: 'software' }
  /** Not tried again: the graphics device was lost while captured graphs were in use. */
  | { readonly code: 'device-lost' }
  | { readonly code: 'slower'; readonly batch: number; readonly capturedMs: number; readonly plainMs: number }
  /** Its numbers differ from those of the same graph without capture. */
  | { readonly code: 'disagrees'; readonly error: number; readonly tolerance: number }
  | { readonly code: 'failed'; readonly message: string };

export type ProviderReason =
  /** `worstError`: largest difference of the self-test from the reference. */
  | {
      readonly provider: 'webgpu';
      readonly adapter: string;
      readonly worstError: number;
      readonly capture: CaptureOutcome;
    }
  /** `isolated`: the page may share memory between threads. */
  | { readonly provider: 'wasm'; readonly threads: number; readonly isolated: boolean; readonly why: NoWebGpu };
