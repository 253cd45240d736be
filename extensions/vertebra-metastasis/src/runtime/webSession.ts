import * as ort from 'onnxruntime-web/webgpu';
import type { ExecutionProvider } from './provider';
import type { OrtSession, SessionKey } from './session';

const COMMON: ort.InferenceSession.SessionOptions = { graphOptimizationLevel: 'all', logSeverityLevel: 3 };

/** Nodes that WebGPU cannot run make the session fail instead of running elsewhere unnoticed. */
export function webGpuOptions(): ort.InferenceSession.SessionOptions {
  return {
    ...COMMON,
    executionProviders: [{ name: 'webgpu', preferredLayout: 'NCHW' }],
    extra: { session: { disable_cpu_ep_fallback: '1' } },
  };
}

export async function openWebSession(
  provider: ExecutionProvider,
  key: SessionKey,
  weights: Uint8Array
): Promise<OrtSession> {
  // Conditioning stays on the CPU: sine and cosine of large arguments are off by 1e-5 on GPUs, and it runs once per schedule.
  const onGpu = provider === 'webgpu' && (key === 'encoder' || key === 'noisePredictor');
  return ort.InferenceSession.create(weights, onGpu ? webGpuOptions() : { ...COMMON, executionProviders: ['wasm'] });
}
