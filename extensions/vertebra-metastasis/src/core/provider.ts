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

export type ProviderReason =
  /** `worstError`: largest difference of the self-test from the reference. */
  | { readonly provider: 'webgpu'; readonly adapter: string; readonly worstError: number }
  /** `isolated`: the page may share memory between threads. */
  | { readonly provider: 'wasm'; readonly threads: number; readonly isolated: boolean; readonly why: NoWebGpu };
