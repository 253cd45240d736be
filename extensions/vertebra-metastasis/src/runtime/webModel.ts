import * as ort from 'onnxruntime-web/webgpu';
import { type ArithmeticOutcome, type CaptureOutcome, InputError, type NoWebGpu, type ProviderReason } from '../core';
import { FLOAT16_BOUND } from './arithmetic';
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
import { adapterFacts, planArithmetic, planCapture, planWebGpu } from './provider';
import type { SelfTest, SelfTestResult } from './selfTest';
import { checkClassifier, parseSelfTest, runSelfTest } from './selfTest';
import { openScreening } from './screeningNetwork';
import type { ModelSessions, OrtSession, SessionKey, TensorFactory } from './session';
import { OPENING_ORDER, releaseSessions } from './session';
import { prepareWasm } from './webAssembly';
import { float16Session } from './webArithmetic';
import { captureRuns } from './webCapture';
import { openWebSession } from './webSession';
import { withHalfArithmetic } from './onnx/halfArithmetic';

/** Images per evaluation until something else is measured: batches share the 14 ms that the host spends on each run (640 dispatches). */
const GPU_BATCH = 8;
/** A prediction on a software adapter takes many seconds: from here on it is not repeated to be timed. */
const SOFTWARE_ONCE_FROM_MS = 2500;
/** On WebAssembly and software adapters batches gain nothing. */
const CPU_BATCH = 1;

/**
 * Fetches a model and opens it on WebGPU if that is there and proves itself on the self-test, else on WebAssembly.
 * @param onReason told when what was said of the provider changes while the model is in use
 * @throws InputError of fetchModel; 'screening-network'; 'model-file' and 'self-test' when WebAssembly fails as well
 */
export async function openWebModel(
  {
    manifestUrl,
    assetBase,
    preferred,
    capture = 'auto',
    arithmetic = 'auto',
    authorization,
  }: InferenceCalls['load']['params'],
  onProgress: (progress: LoadProgress) => void,
  onReason: (reason: ProviderReason) => void = () => undefined
): Promise<OpenedModel> {
  const files = await fetchModel(manifestUrl, parseManifest, {
    authorization,
    onProgress: progress => onProgress({ phase: 'download', ...progress }),
  });
  const test = parseSelfTest(JSON.parse(new TextDecoder().decode(await files.read('selfTest'))));
  checkClassifier(test, files.manifest.classifier);
  const threads = await prepareWasm(assetBase, authorization);

  /** Only the named fields: functions do not cross to the page. */
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
    const half = planArithmetic(facts, arithmetic);
    const reasonOf = (result: SelfTestResult, used: ArithmeticOutcome, outcome: CaptureOutcome): ProviderReason => ({
      provider: 'webgpu',
      adapter,
      worstError: worst(result),
      arithmetic: used,
      capture: outcome,
    });
    const [batch, onceFromMs] = facts.fallback ? [CPU_BATCH, SOFTWARE_ONCE_FROM_MS] : [GPU_BATCH, undefined];
    const attempt = await tryProvider('webgpu', files, { test, onceFromMs }, batch, async plain => {
      const chosen =
        typeof half === 'string'
          ? await withArithmetic(plain, files, test, half === 'always')
          : { ...plain, arithmetic: half };
      if (typeof wish !== 'string') return { ...chosen, capture: wish };
      const onEnd = (outcome: CaptureOutcome) => onReason(reasonOf(chosen.result, chosen.arithmetic, outcome));
      return withCapture(chosen, files, test, wish === 'always', onEnd);
    });
    if ('network' in attempt) {
      await endWorkerOnDeviceLoss();
      return opened(reasonOf(attempt.result, attempt.arithmetic, attempt.capture), attempt);
    }
    why = { ...attempt.failure, adapter };
  }

  onProgress({ phase: 'prepare', provider: 'wasm' });
  const attempt = await tryProvider('wasm', files, { test }, CPU_BATCH, async plain => plain);
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
  /** What is to be released when something fails further on. */
  readonly open: OrtSession[];
}
interface Calculating extends Plain {
  readonly arithmetic: ArithmeticOutcome;
}
interface Captured extends Success {
  readonly arithmetic: ArithmeticOutcome;
  readonly capture: CaptureOutcome;
}
type Failure =
  | { readonly code: 'self-test'; readonly error: number; readonly tolerance: number }
  | { readonly code: 'failed'; readonly message: string };

/** Opens the sessions, runs the self-test and lets `improve` have its way. Whatever goes wrong is told and leaves nothing open. */
async function tryProvider<T extends Success>(
  provider: ExecutionProvider,
  files: ModelFiles<ModelManifest>,
  { test, onceFromMs }: { readonly test: SelfTest; readonly onceFromMs?: number },
  preferredBatch: number,
  improve: (plain: Plain) => Promise<T>
): Promise<T | { readonly failure: Failure }> {
  const opened: OrtSession[] = [];
  try {
    const byKey: Partial<Record<SessionKey, OrtSession>> = {};
    for (const key of OPENING_ORDER) {
      const session = await openWebSession(provider, key, await files.read(key));
      opened.push(session);
      byKey[key] = session;
    }
    if (files.manifest.files.screening) {
      const providers: readonly ExecutionProvider[] = provider === 'webgpu' ? ['webgpu', 'wasm'] : ['wasm'];
      const weights = await files.read('screening');
      const open = (on: ExecutionProvider) => openWebSession(on, 'screening', weights);
      opened.push((byKey.screening = await openScreening(providers, open, createTensor, test)));
    }
    const sessions = byKey as ModelSessions;
    const network = createNetwork(sessions, files.manifest, { createTensor, preferredBatch });
    const result = await runSelfTest(network, test, { onceFromMs });
    if (result.passed) return await improve({ network, result, sessions, open: opened });
    await releaseSessions(opened);
    return { failure: { code: 'self-test', error: worst(result), tolerance: test.tolerance } };
  } catch (error) {
    await releaseSessions(opened);
    // Runs on no provider: another one would not help.
    if (error instanceof InputError && error.code === 'screening-network') throw error;
    const message = error instanceof Error ? error.message : String(error);
    return { failure: { message, code: 'failed' } };
  }
}

/** The same network with its noise predictor in float16, where that agrees with float32 and is faster. */
async function withArithmetic(
  plain: Plain,
  files: ModelFiles<ModelManifest>,
  test: SelfTest,
  always: boolean
): Promise<Calculating> {
  const { network, sessions, open } = plain;
  const float32 = sessions.noisePredictor;
  const weights = () => files.read('noisePredictor');
  const { outcome, session } = await float16Session({ network, float32, weights, test, createTensor }, always);
  if (!session) return { ...plain, arithmetic: outcome };
  open[open.indexOf(float32)] = session;
  await float32.release();
  const lighter = { ...sessions, noisePredictor: session };
  const { preferredBatch } = network;
  const faster = createNetwork(lighter, files.manifest, { createTensor, preferredBatch });
  const result = await runSelfTest(faster, toleranceOf(test, outcome));
  if (!result.passed)
    throw new Error(`float16 is off by ${worst(result)} of the self-test, after it agreed with float32`);
  return { network: faster, sessions: lighter, result, open, arithmetic: outcome };
}

/** float16 is as far from the stored results as it may be from float32, and as float32 is. */
const toleranceOf = (test: SelfTest, { code }: ArithmeticOutcome): SelfTest =>
  code === 'float16' ? { ...test, tolerance: test.tolerance + FLOAT16_BOUND } : test;

/** The same network in the way and the batches that were measured to be the fastest; as it was where the self-test then fails. */
async function withCapture(
  { network, result, sessions, arithmetic }: Calculating,
  { read, manifest }: ModelFiles<ModelManifest>,
  inFloat32: SelfTest,
  always: boolean,
  onEnd: (why: CaptureOutcome) => void
): Promise<Captured> {
  const plain = plainPredictor(sessions.noisePredictor, createTensor);
  const isHalf = arithmetic.code === 'float16';
  const test = toleranceOf(inFloat32, arithmetic);
  const weights = async () => {
    const stored = await read('noisePredictor');
    return isHalf ? withHalfArithmetic(stored) : stored;
  };
  const weightBytes = manifest.files.noisePredictor.bytes;
  const place = { network, plain, weights, weightBytes, manifest, test };
  let ended: CaptureOutcome | undefined;
  const { capture, predictor, preferredBatch } = await captureRuns(place, always, why => {
    ended = why;
    onEnd(why);
  });
  try {
    const faster = createNetwork(sessions, manifest, { createTensor, preferredBatch, predictor });
    const found = await runSelfTest(faster, test);
    if (found.passed) return { network: faster, result: found, arithmetic, capture: ended ?? capture };
    await predictor?.close();
    return {
      network,
      result,
      arithmetic,
      capture: { code: 'disagrees', error: worst(found), tolerance: test.tolerance },
    };
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
