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

/** In which precision the noise predictor calculates on a graphics card, and why not in float16. Times as above. */
export type ArithmeticOutcome =
  /** `error`: largest difference from float32 in the predictions that were compared, at most `bound`. */
  | {
      readonly code: 'float16';
      readonly error: number;
      readonly bound: number;
      readonly float16Ms: number;
      readonly float32Ms: number;
    }
  /** float32, as the adapter offers no float16 (shader-f16), or as it was chosen. */
  | { readonly code: 'not-offered' }
  | { readonly code: 'off' }
  | { readonly code: 'slower'; readonly float16Ms: number; readonly float32Ms: number }
  | { readonly code: 'disagrees'; readonly error: number; readonly bound: number }
  | { readonly code: 'failed'; readonly message: string };

/** "webgpu", or "webgpu (float16)": as files name where the networks ran. Without a word it was float32. */
export function providerText(provider: string, arithmetic: ArithmeticOutcome['code'] | undefined): string {
  return arithmetic === 'float16' ? `${provider} (float16)` : provider;
}

export type ProviderReason =
  /** `worstError`: largest difference of the self-test from the reference, in the arithmetic that is used. */
  | {
      readonly provider: 'webgpu';
      readonly adapter: string;
      readonly worstError: number;
      readonly arithmetic: ArithmeticOutcome;
      readonly capture: CaptureOutcome;
    }
  /** `isolated`: the page may share memory between threads. */
  | { readonly provider: 'wasm'; readonly threads: number; readonly isolated: boolean; readonly why: NoWebGpu };
