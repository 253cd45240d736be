import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { restoreStoredModel } from '@spine/conversion/storedModel';
import { type ArithmeticOutcome, InputError, providerText } from '@spine/core';
import { arithmeticSamples, chooseArithmetic, FLOAT16_BOUND } from '@spine/runtime/arithmetic';
import type { ModelFileEntry, ModelManifest } from '@spine/runtime/manifest';
import { parseManifest } from '@spine/runtime/manifest';
import type { LoadedNetwork } from '@spine/runtime/network';
import { createNetwork } from '@spine/runtime/network';
import { plainPredictor } from '@spine/runtime/noisePredictor';
import { withHalfArithmetic } from '@spine/runtime/onnx/halfArithmetic';
import { checkClassifier, parseSelfTest, runSelfTest, type SelfTest } from '@spine/runtime/selfTest';
import { openScreening } from '@spine/runtime/screeningNetwork';
import type { ModelSessions, OrtSession, SessionKey, TensorFactory } from '@spine/runtime/session';
import { releaseSessions, SESSION_KEYS } from '@spine/runtime/session';
import { CPU, type NodeArithmetic, type NodeProvider, providerUnavailable, sessionOptions } from './nodeProvider';

export interface NodeModelOptions {
  /** Threads inside one evaluation. */
  readonly threads?: number;
  readonly provider?: NodeProvider;
  /** Default: float16 on cards only, where it agrees and is faster. */
  readonly arithmetic?: NodeArithmetic;
}

export interface NodeModel {
  readonly manifest: ModelManifest;
  readonly network: LoadedNetwork;
  /** "cpu", "cuda (float16)": as files name it. */
  readonly provider: string;
  readonly arithmetic: ArithmeticOutcome;
  /** One noise prediction as it was timed at opening, milliseconds per image. */
  readonly evaluationMs: number;
}

/** A few small matrix products, seldom run: a pool of threads of their own would only wait in the others' way. */
const CONDITIONING: ReadonlySet<SessionKey> = new Set<SessionKey>(['timeConditioning', 'codeConditioning']);

/** Images per evaluation: a CPU gains nothing from a batch (measured: 23 ms an image alone, 25 ms in a batch of four). */
const BATCH = { cpu: 1, cuda: 32, webgpu: 32 } as const;

/**
 * Opens a model folder (models/<id>) with onnxruntime-node: hashes checked, shapes checked, self-test run.
 * onnxruntime-node and not -web: its native kernels are about seven times as fast as WebAssembly on the same cores.
 * @throws InputError 'model-missing', 'model-manifest', 'model-hash', 'model-file', 'model-shape', 'screening-network', 'self-test';
 * CommandError 'provider-unavailable'
 */
export async function loadModelFromFolder(
  folder: string,
  { threads = 1, provider = CPU, arithmetic = 'auto' }: NodeModelOptions = {}
): Promise<NodeModel> {
  const manifest = parseManifest(
    parseJson(await readModelFile(folder, 'manifest.json'), join(folder, 'manifest.json'))
  );
  await restoreStoredModel(folder);
  const { selfTest } = manifest.files;
  const test = parseSelfTest(parseJson(await verifiedFile(folder, selfTest), selfTest.path));
  checkClassifier(test, manifest.classifier);
  const opened: OrtSession[] = [];
  try {
    const sessions: Partial<Record<SessionKey, OrtSession>> = {};
    for (const key of SESSION_KEYS) {
      const session = await openSession(folder, manifest.files[key], CONDITIONING.has(key) ? 1 : threads, provider);
      opened.push(session);
      sessions[key] = session;
    }
    const { screening } = manifest.files;
    if (screening) {
      const bytes = await verifiedFile(folder, screening);
      const open = (on: NodeProvider) => InferenceSession.create(bytes, sessionOptions(on, threads));
      const providers = provider.name === 'cpu' ? [CPU] : [provider, CPU];
      opened.push((sessions.screening = await openScreening(providers, open, createTensor, test)));
    }
    const options = { createTensor, preferredBatch: BATCH[provider.name] };
    let network = createNetwork(sessions as ModelSessions, manifest, options);
    let result = await runSelfTest(network, test);
    let outcome: ArithmeticOutcome = { code: 'off' };
    const isTried = arithmetic === 'float16' || (arithmetic === 'auto' && provider.name !== 'cpu');
    if (result.passed && isTried) {
      const float32 = sessions.noisePredictor!;
      const open = async () => {
        const stored = await verifiedFile(folder, manifest.files.noisePredictor);
        return InferenceSession.create(withHalfArithmetic(stored), sessionOptions(provider, threads));
      };
      const choice = await float16Of(network, float32, open, test, arithmetic === 'float16');
      ({ outcome } = choice);
      if (choice.session) {
        opened[opened.indexOf(float32)] = sessions.noisePredictor = choice.session;
        await float32.release();
        network = createNetwork(sessions as ModelSessions, manifest, options);
        result = await runSelfTest(network, { ...test, tolerance: test.tolerance + FLOAT16_BOUND });
      }
    }
    const { passed, codeError, noiseError, evaluationMs } = result;
    if (!passed) {
      throw new InputError(
        'self-test',
        { error: Math.max(codeError, noiseError), tolerance: test.tolerance },
        { file: folder }
      );
    }
    return {
      manifest,
      network,
      provider: providerText(provider.name, outcome.code),
      arithmetic: outcome,
      evaluationMs,
    };
  } catch (error) {
    await releaseSessions(opened);
    throw error;
  }
}

const createTensor: TensorFactory = (data, dims) => new Tensor('float32', data, dims);

async function float16Of(
  network: LoadedNetwork,
  float32: OrtSession,
  open: () => Promise<OrtSession>,
  test: SelfTest,
  always: boolean
): Promise<{ readonly outcome: ArithmeticOutcome; readonly session?: OrtSession }> {
  const predictor = (session: OrtSession) => ({ ...plainPredictor(session, createTensor), session });
  const { outcome, float16 } = await chooseArithmetic({
    float32: predictor(float32),
    openFloat16: async () => predictor(await open()),
    samples: await arithmeticSamples(network, test),
    always,
  });
  return { outcome, session: float16?.session };
}

export async function openSession(
  folder: string,
  file: ModelFileEntry,
  threads: number,
  provider: NodeProvider = CPU
): Promise<OrtSession> {
  const bytes = await verifiedFile(folder, file);
  try {
    return await InferenceSession.create(bytes, sessionOptions(provider, threads));
  } catch (error) {
    if (provider.name !== 'cpu') throw providerUnavailable(provider, error);
    throw new InputError('model-file', { path: join(folder, file.path), reason: String(error) });
  }
}

export async function verifiedFile(folder: string, file: ModelFileEntry): Promise<Uint8Array> {
  const bytes = await readModelFile(folder, file.path);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== file.sha256) {
    throw new InputError('model-hash', { url: join(folder, file.path), found, expected: file.sha256 });
  }
  return bytes;
}

export async function readModelFile(folder: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, path));
  } catch (error) {
    throw new InputError('model-missing', { path: join(folder, path), reason: String(error) });
  }
}

export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new InputError('model-json', { url: what, reason: String(error) });
  }
}
