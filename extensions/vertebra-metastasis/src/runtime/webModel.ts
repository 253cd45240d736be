import * as ort from 'onnxruntime-web/webgpu';
import { type CaptureOutcome, InputError, type NoWebGpu, type ProviderReason } from '../core';
import type { GpuDevice } from './gpuDevice';
import type { ModelManifest } from './manifest';
import { parseManifest } from './manifest';
import type { ModelFiles } from './modelStore';
import { fetchModel } from './modelStore';
import type { LoadedNetwork } from './network';
import { createNetwork } from './network';
import { plainPredictor } from './noisePredictor';
import type { InferenceCalls, LoadProgress } from './inferenceCalls';
import type { OpenedModel } from './inferenceServer';
import type { ExecutionProvider } from './provider';
import { adapterFacts, planCapture, planWebGpu } from './provider';
import type { SelfTest, SelfTestResult } from './selfTest';
import { checkClassifier, parseSelfTest, runSelfTest } from './selfTest';
import type { ModelSessions, OrtSession, SessionKey, TensorFactory } from './session';
import { releaseSessions, SESSION_KEYS } from './session';
import { prepareWasm } from './webAssembly';
import { openWebSession } from './webSession';
import { captureRuns } from './webCapture';

/** Images per evaluation until something else is measured: batches share the 14 ms that the host spends on each run (640 dispatches). */
const GPU_BATCH = 8;
/** On WebAssembly and software adapters batches gain nothing. */
const CPU_BATCH = 1;

/**
 * Fetches a model and opens it on WebGPU if that is there and proves itself on the self-test, else on WebAssembly.
 * @param onReason told when what was said of the provider changes while the model is in use
 * @throws InputError of fetchModel; 'model-file' and 'self-test' when WebAssembly fails as well
 */
export async function openWebModel(
  { manifestUrl, assetBase, preferred, capture = 'auto', authorization }: InferenceCalls['load']['params'],
  onProgress: (progress: LoadProgress) => void,
  onReason: (reason: ProviderReason) => void = () => undefined
): Promise<OpenedModel> {
  const files = await fetchModel(manifestUrl, parseManifest, {
    authorization,
    onProgress: progress => onProgress({ phase: 'download', ...progress }),
  });
  const test = parseSelfTest(JSON.parse(new TextDecoder().decode(files.bytes.selfTest)));
  checkClassifier(test, files.manifest.classifier);
  const threads = await prepareWasm(assetBase, authorization);

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
    const wish = planCapture(facts, capture);
    const reasonOf = (result: SelfTestResult, outcome: CaptureOutcome): ProviderReason => ({
      provider: 'webgpu',
      adapter,
      worstError: worst(result),
      capture: outcome,
    });
    const attempt = await tryProvider('webgpu', files, test, facts.fallback ? CPU_BATCH : GPU_BATCH, async plain => {
      if (typeof wish !== 'string') return { ...plain, capture: wish };
      return withCapture(plain, files, test, wish === 'always', outcome => onReason(reasonOf(plain.result, outcome)));
    });
    if ('network' in attempt) {
      await endWorkerOnDeviceLoss();
      return opened(reasonOf(attempt.result, attempt.capture), attempt);
    }
    why = { ...attempt.failure, adapter };
  }

  onProgress({ phase: 'prepare', provider: 'wasm' });
  const attempt = await tryProvider('wasm', files, test, CPU_BATCH, async plain => plain);
  if (!('network' in attempt)) {
    const { failure } = attempt;
    if (failure.code === 'failed') throw new InputError('model-fails', { reason: failure.message });
    throw new InputError('self-test', { error: failure.error, tolerance: failure.tolerance });
  }
  return opened({ provider: 'wasm', threads, isolated: globalThis.crossOriginIsolated, why }, attempt);
}

interface Success {
  readonly network: LoadedNetwork;
  readonly result: SelfTestResult;
}
interface Plain extends Success {
  readonly sessions: ModelSessions;
}
interface Captured extends Success {
  readonly capture: CaptureOutcome;
}
type Failure =
  | { readonly code: 'self-test'; readonly error: number; readonly tolerance: number }
  | { readonly code: 'failed'; readonly message: string };

/** Opens the sessions, runs the self-test and lets `improve` have its way. Whatever goes wrong is told and leaves nothing open. */
async function tryProvider<T extends Success>(
  provider: ExecutionProvider,
  files: ModelFiles<ModelManifest>,
  test: SelfTest,
  preferredBatch: number,
  improve: (plain: Plain) => Promise<T>
): Promise<T | { readonly failure: Failure }> {
  const opened: OrtSession[] = [];
  try {
    const byKey: Partial<Record<SessionKey, OrtSession>> = {};
    for (const key of SESSION_KEYS) {
      const session = await openWebSession(provider, key, files.bytes[key]);
      opened.push(session);
      byKey[key] = session;
    }
    const sessions = byKey as ModelSessions;
    const network = createNetwork(sessions, files.manifest, { createTensor, preferredBatch });
    const result = await runSelfTest(network, test);
    if (result.passed) return await improve({ network, result, sessions });
    await releaseSessions(opened);
    return { failure: { code: 'self-test', error: worst(result), tolerance: test.tolerance } };
  } catch (error) {
    await releaseSessions(opened);
    const message = error instanceof Error ? error.message : String(error);
    return { failure: { message, code: 'failed' } };
  }
}

/** The same network in the way and the batches that were measured to be the fastest; as it was where the self-test then fails. */
async function withCapture(
  { network, result, sessions }: Plain,
  { bytes, manifest }: ModelFiles<ModelManifest>,
  test: SelfTest,
  always: boolean,
  onEnd: (why: CaptureOutcome) => void
): Promise<Captured> {
  const plain = plainPredictor(sessions.noisePredictor, createTensor);
  const place = { network, plain, weights: bytes.noisePredictor, manifest, test };
  let ended: CaptureOutcome | undefined;
  const { capture, predictor, preferredBatch } = await captureRuns(place, always, why => {
    ended = why;
    onEnd(why);
  });
  try {
    const faster = createNetwork(sessions, manifest, { createTensor, preferredBatch, predictor });
    const found = await runSelfTest(faster, test);
    if (found.passed) return { network: faster, result: found, capture: ended ?? capture };
    await predictor?.close();
    return { network, result, capture: { code: 'disagrees', error: worst(found), tolerance: test.tolerance } };
  } catch (error) {
    await predictor?.close();
    throw error;
  }
}

const createTensor: TensorFactory = (data, dims) => new ort.Tensor('float32', data, dims);

/** A lost device leaves sessions that can only fail. Reported as an uncaught error, which the page takes as the worker's end. */
async function endWorkerOnDeviceLoss(): Promise<void> {
  const device = (await ort.env.webgpu.device) as unknown as GpuDevice;
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') reportError(new Error(`the graphics device was lost (${message || reason})`));
  });
}

function worst({ codeError, noiseError }: SelfTestResult): number {
  return Math.max(codeError, noiseError);
}
