/** Where onnxruntime-node computes: CPU threads, or a graphics card by CUDA or WebGPU (Dawn). */
import type { InferenceSession } from 'onnxruntime-node';
import { CommandError, UsageError } from './cli';

export interface NodeProvider {
  readonly name: 'cpu' | 'cuda' | 'webgpu';
  /** CUDA's number of the card, counted from 0. */
  readonly device?: number;
}

export const CPU: NodeProvider = { name: 'cpu' };

/** @param text cpu, webgpu, cuda or cuda:1 @throws UsageError */
export function parseProvider(text: string, option = 'provider'): NodeProvider {
  const match = /^(cpu|webgpu|cuda)(?::(\d{1,2}))?$/.exec(text.trim());
  if (!match) throw new UsageError(`--${option} ${text}: cpu, webgpu, cuda or cuda:<number of the card>`);
  const [, name, device] = match;
  if (device !== undefined && name !== 'cuda') {
    throw new UsageError(
      `--${option} ${text}: only CUDA cards have a number` +
        (name === 'webgpu' ? '; WebGPU takes the card that the driver names first' : '')
    );
  }
  return { name: name as NodeProvider['name'], ...(device === undefined ? {} : { device: Number(device) }) };
}

export const providerText = ({ name, device }: NodeProvider) => (device === undefined ? name : `${name}:${device}`);

/** float16 where a card agrees with itself in float32 and is faster by it; wherever it agrees; never. */
export type NodeArithmetic = 'auto' | 'float16' | 'float32';

/** @throws UsageError */
export function parseArithmetic(text: string): NodeArithmetic {
  if (text === 'auto' || text === 'float16' || text === 'float32') return text;
  throw new UsageError(`--arithmetic ${text}: auto, float16 or float32`);
}

/** Never a list with the CPU behind the card: a run that silently falls back takes a hundred times as long. */
export function sessionOptions(provider: NodeProvider, threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: [executionProvider(provider)],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: provider.name === 'cpu' ? 3 : 4,
    extra: {
      session: {
        // Idle threads sleep instead of spinning: on a machine with other work, spinning makes two threads slower than one.
        intra_op: { allow_spinning: '0' },
        ...(provider.name === 'cpu' ? {} : { disable_cpu_ep_fallback: '1' }),
      },
    },
  };
}

function executionProvider({ name, device = 0 }: NodeProvider): InferenceSession.ExecutionProviderConfig {
  return name === 'cuda' ? { name, deviceId: device } : name;
}

/** What onnxruntime says of a missing card or driver, with what to do. */
export function providerUnavailable(provider: NodeProvider, error: unknown): CommandError {
  const reason = String(error).replace(/\s+/g, ' ').slice(0, 300);
  const needs =
    provider.name === 'cuda'
      ? 'CUDA needs an NVIDIA driver, CUDA 12 with cuDNN 9, and the CUDA part of onnxruntime-node, which is downloaded by `node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12`'
      : 'WebGPU needs a graphics card with a Vulkan driver (Debian: libvulkan1 and the driver of the card), Direct3D 12 or Metal';
  return new CommandError(
    'provider-unavailable',
    `--provider ${providerText(provider)} cannot be used here: ${reason} ${needs}. --provider cpu works everywhere.`
  );
}
