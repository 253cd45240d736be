import * as ort from 'onnxruntime-web/webgpu';
import { InputError, type NoWebGpu, type ProviderReason } from '../core';
import type { ModelFileKey, ModelManifest } from './manifest';
import { parseManifest } from './manifest';
import type { ModelFiles } from './modelStore';
import { fetchModel } from './modelStore';
import type { LoadedNetwork } from './network';
import { createNetwork } from './network';
import type { OpenedModel } from './jobServer';
import type { Jobs, LoadProgress } from './protocol';
import type { ExecutionProvider } from './provider';
import { adapterFacts, planWebGpu, wasmThreads } from './provider';
import type { SelfTest, SelfTestResult } from './selfTest';
import { parseSelfTest, runSelfTest } from './selfTest';
import type { ModelSessions, OrtSession, SessionKey } from './session';
import { releaseSessions, SESSION_KEYS } from './session';

/**
 * Images per evaluation: batches fill a GPU, and share the 14 ms that the host spends on each run (640 dispatches).
 * Eight images of the published network need about 200 MB. On WebAssembly and software adapters batches gain nothing.
 */
const GPU_BATCH = 8;
const CPU_BATCH = 1;

/**
 * Fetches a model and opens it on WebGPU if that is there and proves itself on the self-test, else on WebAssembly.
 * @throws InputError of fetchModel; 'model-file' and 'self-test' when WebAssembly fails as well
 */
export async function openWebModel(
  { manifestUrl, assetBase, preferred }: Jobs['load']['params'],
  onProgress: (progress: LoadProgress) => void
): Promise<OpenedModel> {
  const files = await fetchModel(manifestUrl, parseManifest, {
    onProgress: progress => onProgress({ phase: 'download', ...progress }),
  });
  const test = parseSelfTest(JSON.parse(new TextDecoder().decode(files.bytes.selfTest)));
  const threads = wasmThreads(globalThis.crossOriginIsolated, navigator.hardwareConcurrency);
  ort.env.wasm.wasmPaths = new URL('ort/', assetBase).href;
  ort.env.wasm.numThreads = threads;

  /** Only the named fields: the weights in `files` are many megabytes and must not travel to the page. */
  const opened = (reason: ProviderReason, { network, result }: Success): OpenedModel => {
    const { manifest, fromCache, cacheProblem } = files;
    const { provider } = reason;
    const { preferredBatch } = network;
    const { evaluationMs } = result;
    return {
      network,
      loaded: { manifest, provider, threads, reason, preferredBatch, evaluationMs, fromCache, cacheProblem },
    };
  };

  const facts = await adapterFacts();
  const plan = planWebGpu(facts, preferred);
  let why: NoWebGpu = plan.attempt ? { code: 'no-adapter' } : plan.why;
  if (plan.attempt && facts.kind === 'adapter') {
    const adapter = facts.description;
    onProgress({ phase: 'prepare', provider: 'webgpu' });
    const attempt = await tryProvider('webgpu', files, test, facts.fallback ? CPU_BATCH : GPU_BATCH);
    if ('network' in attempt) {
      await endWorkerOnDeviceLoss();
      return opened({ provider: 'webgpu', adapter, worstError: worst(attempt.result) }, attempt);
    }
    why = { ...attempt.failure, adapter };
  }

  onProgress({ phase: 'prepare', provider: 'wasm' });
  const attempt = await tryProvider('wasm', files, test, CPU_BATCH);
  if (!('network' in attempt)) {
    throw new InputError('self-test', `The model does not run in this browser: ${inWords(attempt.failure)}.`);
  }
  return opened({ provider: 'wasm', threads, isolated: globalThis.crossOriginIsolated, why }, attempt);
}

type Success = { readonly network: LoadedNetwork; readonly result: SelfTestResult };
type Failure =
  | { readonly code: 'self-test'; readonly error: number; readonly tolerance: number }
  | { readonly code: 'failed'; readonly message: string };
type Attempt = Success | { readonly failure: Failure };

/** Opens the sessions and runs the self-test. Whatever goes wrong is told and leaves nothing open. */
async function tryProvider(
  provider: ExecutionProvider,
  files: ModelFiles<ModelManifest>,
  test: SelfTest,
  preferredBatch: number
): Promise<Attempt> {
  const opened: OrtSession[] = [];
  try {
    const sessions: Partial<Record<SessionKey, OrtSession>> = {};
    for (const key of SESSION_KEYS) {
      const session = await openSession(provider, key, files.bytes);
      opened.push(session);
      sessions[key] = session;
    }
    const network = createNetwork(sessions as ModelSessions, files.manifest, {
      createTensor: (data, dims) => new ort.Tensor('float32', data, dims),
      preferredBatch,
    });
    const result = await runSelfTest(network, test);
    if (result.passed) return { network, result };
    await releaseSessions(opened);
    return { failure: { code: 'self-test', error: worst(result), tolerance: test.tolerance } };
  } catch (error) {
    await releaseSessions(opened);
    const message = error instanceof Error ? error.message : String(error);
    return { failure: { message, code: 'failed' } };
  }
}

/** A clause for an error message. */
function inWords(failure: Failure): string {
  return failure.code === 'failed'
    ? `it failed: ${failure.message}`
    : `its self-test is off by ${failure.error.toExponential(1)} (allowed ${failure.tolerance})`;
}

async function openSession(
  provider: ExecutionProvider,
  key: SessionKey,
  bytes: Readonly<Record<ModelFileKey, Uint8Array>>
): Promise<OrtSession> {
  // Conditioning stays on the CPU: sine and cosine of large arguments are off by 1e-5 on GPUs, and it runs once per schedule.
  const onGpu = provider === 'webgpu' && (key === 'encoder' || key === 'noisePredictor');
  return ort.InferenceSession.create(bytes[key], {
    executionProviders: onGpu ? [{ name: 'webgpu', preferredLayout: 'NCHW' }] : ['wasm'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Nodes that WebGPU cannot run make the session fail instead of running elsewhere unnoticed.
    ...(onGpu ? { extra: { session: { disable_cpu_ep_fallback: '1' } } } : {}),
  });
}

/** The part of GPUDevice that is read here; TypeScript's DOM library does not have it yet. */
interface LosableDevice {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
}

/** A lost device leaves sessions that can only fail. Reported as an uncaught error, which the page takes as the worker's end. */
async function endWorkerOnDeviceLoss(): Promise<void> {
  const device = (await ort.env.webgpu.device) as unknown as LosableDevice;
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') reportError(new Error(`the graphics device was lost (${message || reason})`));
  });
}

function worst({ codeError, noiseError }: SelfTestResult): number {
  return Math.max(codeError, noiseError);
}
