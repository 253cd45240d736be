import * as ort from 'onnxruntime-web/webgpu';
import { InputError } from '../core';
import type { ModelFileKey } from './manifest';
import type { DownloadProgress, ModelFiles } from './modelStore';
import { fetchModel } from './modelStore';
import type { LoadedNetwork } from './network';
import { createNetwork } from './network';
import type { ExecutionProvider, PreferredProvider } from './provider';
import { adapterFacts, planWebGpu, wasmReason, wasmThreads, webGpuReason } from './provider';
import type { SelfTest, SelfTestResult } from './selfTest';
import { parseSelfTest, runSelfTest } from './selfTest';
import type { ModelSessions, OrtSession, SessionKey } from './session';
import { releaseSessions, SESSION_KEYS } from './session';

/** Images per evaluation: batches fill a GPU; on WebAssembly they gain nothing. */
const GPU_BATCH = 8;
const WASM_BATCH = 1;

export type LoadProgress =
  | ({ readonly phase: 'download' } & DownloadProgress)
  /** Sessions are built and the self-test runs on this provider. */
  | { readonly phase: 'prepare'; readonly provider: ExecutionProvider };

export interface WebModelRequest {
  /** Absolute URL of the model's manifest.json. */
  readonly manifestUrl: string;
  /** Absolute URL of the folder that holds ort/. */
  readonly assetBase: string;
  readonly preferred: PreferredProvider;
}

/** A model ready to run in this worker, and why it runs where it runs. */
export interface WebModel {
  readonly files: Pick<ModelFiles, 'manifest' | 'fromCache' | 'cacheProblem'>;
  readonly network: LoadedNetwork;
  readonly provider: ExecutionProvider;
  readonly threads: number;
  /** One sentence for the panel. */
  readonly reason: string;
  /** First estimate of one noise prediction, in milliseconds. */
  readonly evaluationMs: number;
}

/**
 * Fetches a model and opens it on WebGPU if that is there and proves itself on the self-test, else on WebAssembly.
 * @throws InputError of fetchModel; 'model-file' and 'self-test' when WebAssembly fails as well
 */
export async function openWebModel(
  request: WebModelRequest,
  onProgress: (progress: LoadProgress) => void
): Promise<WebModel> {
  const files = await fetchModel(request.manifestUrl, {
    onProgress: progress => onProgress({ phase: 'download', ...progress }),
  });
  const test = parseSelfTest(JSON.parse(new TextDecoder().decode(files.bytes.selfTest)));
  const threads = wasmThreads(globalThis.crossOriginIsolated, navigator.hardwareConcurrency);
  ort.env.wasm.wasmPaths = new URL('ort/', request.assetBase).href;
  ort.env.wasm.numThreads = threads;

  const facts = await adapterFacts();
  const plan = planWebGpu(facts, request.preferred);
  let why = plan.attempt ? '' : plan.reason;
  if (plan.attempt && facts.kind === 'adapter') {
    onProgress({ phase: 'prepare', provider: 'webgpu' });
    const attempt = await tryProvider('webgpu', files, test);
    if ('network' in attempt) {
      const reason = webGpuReason(facts.description, worst(attempt.result));
      return { files, provider: 'webgpu', threads, reason, ...summary(attempt) };
    }
    why = `WebGPU (${facts.description}) was tried, but ${attempt.failure}`;
  }

  onProgress({ phase: 'prepare', provider: 'wasm' });
  const attempt = await tryProvider('wasm', files, test);
  if (!('network' in attempt)) {
    throw new InputError('self-test', `The model does not run in this browser: ${attempt.failure}.`);
  }
  const reason = wasmReason(why, threads, globalThis.crossOriginIsolated);
  return { files, provider: 'wasm', threads, reason, ...summary(attempt) };
}

type Attempt = { network: LoadedNetwork; result: SelfTestResult } | { failure: string };

/** Opens the sessions and runs the self-test. Whatever goes wrong is told as a clause and leaves nothing open. */
async function tryProvider(provider: ExecutionProvider, files: ModelFiles, test: SelfTest): Promise<Attempt> {
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
      preferredBatch: provider === 'webgpu' ? GPU_BATCH : WASM_BATCH,
    });
    const result = await runSelfTest(network, test);
    if (result.passed) return { network, result };
    await releaseSessions(opened);
    return { failure: `its self-test is off by ${worst(result).toExponential(1)} (allowed ${test.tolerance})` };
  } catch (error) {
    await releaseSessions(opened);
    return { failure: `it failed: ${error instanceof Error ? error.message : String(error)}` };
  }
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

function worst({ codeError, noiseError }: SelfTestResult): number {
  return Math.max(codeError, noiseError);
}

function summary({ network, result }: { network: LoadedNetwork; result: SelfTestResult }) {
  return { network, evaluationMs: result.evaluationMs };
}
