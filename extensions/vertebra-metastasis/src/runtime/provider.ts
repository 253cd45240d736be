import type { ArithmeticOutcome, CaptureOutcome, NoWebGpu } from '../core';

/** What the caller wants: 'webgpu' also accepts a software adapter; neither wish overrides a failed self-test. */
export type PreferredProvider = 'auto' | 'webgpu' | 'wasm';
/**
 * Captured graphs: where they are faster; wherever they agree, even on software adapters (for tests); not at all; not again,
 * as the device was lost with them.
 */
export type CaptureWish = 'auto' | 'always' | 'never' | 'after-loss';
/** float16 where it agrees and is faster; wherever it agrees (for tests); not at all. */
export type ArithmeticWish = 'auto' | 'always' | 'never';
export type ExecutionProvider = 'webgpu' | 'wasm';

/** What this browser says of WebGPU before anything is tried. */
export type AdapterFacts =
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'no-adapter' }
  | {
      readonly kind: 'adapter';
      readonly fallback: boolean;
      readonly description: string;
      /** Shaders may calculate in float16. */
      readonly float16: boolean;
    };

/** Whether WebGPU is worth trying, and why not otherwise. */
export type WebGpuPlan = { readonly attempt: true } | { readonly attempt: false; readonly why: NoWebGpu };

export function planWebGpu(facts: AdapterFacts, preferred: PreferredProvider): WebGpuPlan {
  if (preferred === 'wasm') return { attempt: false, why: { code: 'chosen' } };
  if (facts.kind === 'unsupported') return { attempt: false, why: { code: 'unsupported' } };
  if (facts.kind === 'no-adapter') return { attempt: false, why: { code: 'no-adapter' } };
  if (facts.fallback && preferred === 'auto') {
    return { attempt: false, why: { code: 'software', adapter: facts.description } };
  }
  return { attempt: true };
}

/** Whether captured graphs are tried, and why not otherwise. On a software adapter a run takes seconds, however it is begun. */
export function planCapture(
  { fallback }: { readonly fallback: boolean },
  wish: CaptureWish
): 'auto' | 'always' | CaptureOutcome {
  if (wish === 'never') return { code: 'off' };
  if (wish === 'after-loss') return { code: 'device-lost' };
  return fallback && wish === 'auto' ? { code: 'software' } : wish;
}

/** Whether float16 is tried, and why not otherwise. */
export function planArithmetic(
  { float16 }: { readonly float16: boolean },
  wish: ArithmeticWish
): 'auto' | 'always' | ArithmeticOutcome {
  if (wish === 'never') return { code: 'off' };
  return float16 ? wish : { code: 'not-offered' };
}

/** Threads for WebAssembly: shared memory needs a cross-origin isolated page; beyond four nothing is gained. */
export function wasmThreads(crossOriginIsolated: boolean, cores: number): number {
  return crossOriginIsolated ? Math.max(1, Math.min(4, cores)) : 1;
}

/** The parts of navigator.gpu that are read here; TypeScript's DOM library does not have them yet. */
interface GpuNavigator {
  readonly gpu?: { requestAdapter(): Promise<GpuAdapter | null> };
}
interface GpuAdapter {
  readonly info?: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly description?: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly features?: { has(feature: string): boolean };
  /** Where browsers put it before it moved to `info`. */
  readonly isFallbackAdapter?: boolean;
}

/** Asks the browser. */
export async function adapterFacts(navigator: unknown = globalThis.navigator): Promise<AdapterFacts> {
  const { gpu } = (navigator ?? {}) as GpuNavigator;
  if (!gpu) return { kind: 'unsupported' };
  const adapter = await gpu.requestAdapter();
  if (!adapter) return { kind: 'no-adapter' };
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info ?? {};
  return {
    kind: 'adapter',
    fallback: isFallbackAdapter ?? adapter.isFallbackAdapter ?? false,
    description: description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter',
    float16: adapter.features?.has('shader-f16') ?? false,
  };
}
