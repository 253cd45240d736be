import * as ort from 'onnxruntime-web/webgpu';
import { withExternalWeights } from './onnx/externalWeights';
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

/** Weights beside the graph, so that they are in memory once (`onnx/externalWeights.ts`). */
export function createWebSession(
  model: Uint8Array,
  options: ort.InferenceSession.SessionOptions
): Promise<ort.InferenceSession> {
  const { graph, path, weights } = withExternalWeights(model);
  return ort.InferenceSession.create(graph, { ...options, externalData: [{ path, data: weights }] });
}

export async function openWebSession(
  provider: ExecutionProvider,
  key: SessionKey,
  weights: Uint8Array
): Promise<OrtSession> {
  // Conditioning stays on the CPU: sine and cosine of large arguments are off by 1e-5 on GPUs, and it runs once per schedule.
  const onGpu = provider === 'webgpu' && key !== 'timeConditioning' && key !== 'codeConditioning';
  return createWebSession(weights, onGpu ? webGpuOptions() : { ...COMMON, executionProviders: ['wasm'] });
}
