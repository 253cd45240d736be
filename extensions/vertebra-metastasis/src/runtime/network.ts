import type { ModelNetworks, NoiseTime } from '../core';
import { InputError, PATCH_PIXELS } from '../core';
import { CodeConditioningCache, TimeConditioningCache } from './conditioning';
import type { ModelManifest } from './manifest';
import type { NoiseInputs, NoisePredictor } from './noisePredictor';
import { imageDims, plainPredictor } from './noisePredictor';
import { screeningNetwork } from './screeningNetwork';
import { createSerialQueue } from './serialQueue';
import type { ModelSessions, OrtSession, TensorFactory } from './session';
import { floatOutput, releaseSessions } from './session';

export interface NetworkOptions {
  readonly createTensor: TensorFactory;
  /** Images per evaluation that pay off on this provider. */
  readonly preferredBatch: number;
  /** Runs the noise predictor; absent: its session, as it is. Freed with the network. */
  readonly predictor?: NoisePredictor;
}

/** The networks of a model, which hold onnxruntime sessions. */
export interface LoadedNetwork extends ModelNetworks {
  prepareTimesteps(timesteps: readonly number[]): Promise<void>;
  /** What the graph of the noise predictor is given for such a prediction. */
  noiseInputs(noisy: Float32Array, time: NoiseTime, codes: Float32Array, batch: number): Promise<NoiseInputs>;
  /**
   * The semantic code before its spatial mean, [codeSize, side, side], for class activation maps; undefined for a model converted
   * without it.
   */
  codeMap(patch: Float32Array): Promise<Float32Array | undefined>;
  /** Frees the sessions, once what runs has ended. The network cannot be used afterwards. */
  dispose(): Promise<void>;
}

/**
 * The diffusion autoencoder over four onnxruntime sessions, of whichever package and provider, and the screening network over its own
 * where the model has one.
 * What depends on the timestep or the codes alone is computed once (see conditioning.ts). Calls run one after another,
 * whoever makes them: runs that overlap end in "memory access out of bounds" on WebGPU.
 * Its methods throw InputError 'tensor-size' for arrays of a wrong length, 'model-shape' for a model whose outputs do not fit.
 */
export function createNetwork(
  sessions: ModelSessions,
  manifest: Pick<ModelManifest, 'codeSize' | 'conditioningSize'>,
  { createTensor, preferredBatch, predictor }: NetworkOptions
): LoadedNetwork {
  const { codeSize, conditioningSize } = manifest;
  const queue = createSerialQueue();
  const noisePredictor = predictor ?? plainPredictor(sessions.noisePredictor, createTensor);
  const times = new TimeConditioningCache(sessions.timeConditioning, createTensor, conditioningSize);
  const codeScales = new CodeConditioningCache(sessions.codeConditioning, createTensor, codeSize, conditioningSize);

  async function noiseInputs(noisy: Float32Array, time: NoiseTime, codes: Float32Array, batch: number) {
    requireLength('noisy images', noisy, batch, PATCH_PIXELS);
    requireLength('codes', codes, batch, codeSize);
    return { batch, noisy, time: await times.at(time), codeScale: await codeScales.of(codes, batch) };
  }

  return {
    codeSize,
    preferredBatch,
    screening: sessions.screening && screeningNetwork(sessions.screening, createTensor, queue),

    encode: (patches, batch) =>
      queue.run(async () => {
        requireLength('patches', patches, batch, PATCH_PIXELS);
        const outputs = await sessions.encoder.run({ patch: createTensor(patches, imageDims(batch)) });
        return floatOutput(outputs, 'code', [batch, codeSize]);
      }),

    codeMap: patch =>
      queue.run(async () => {
        requireLength('patch', patch, 1, PATCH_PIXELS);
        const outputs = await sessions.encoder.run({ patch: createTensor(patch, imageDims(1)) });
        return outputs.code_map?.data as Float32Array | undefined;
      }),

    predictNoise: (noisy, time, codes, batch) =>
      queue.run(async () => noisePredictor.predict(await noiseInputs(noisy, time, codes, batch))),

    advance:
      noisePredictor.advance &&
      ((images, steps, codes, batch) =>
        queue.run(async () => {
          requireLength('noisy images', images, batch, PATCH_PIXELS);
          requireLength('codes', codes, batch, codeSize);
          const codeScale = await codeScales.of(codes, batch);
          const timed = [];
          for (const step of steps) timed.push({ ...step, time: await times.at(step.timestep) });
          return noisePredictor.advance!({ batch, noisy: images, codeScale, steps: timed });
        })),

    get stepsAtOnce() {
      return noisePredictor.stepsAtOnce;
    },

    noiseInputs: (...prediction) => queue.run(() => noiseInputs(...prediction)),

    prepareTimesteps: timesteps => queue.run(() => times.prepare(timesteps)),

    dispose: () =>
      queue.run(() => {
        times.clear();
        codeScales.clear();
        const { noisePredictor: session, ...others } = sessions;
        const open = Object.values<OrtSession | undefined>(others).filter(one => one !== undefined);
        return releaseSessions([...open, predictor ?? session]);
      }),
  };
}

function requireLength(what: string, array: Float32Array, batch: number, each: number): void {
  if (!Number.isInteger(batch) || batch < 1 || array.length !== batch * each) {
    throw new InputError('tensor-size', { what, found: array.length, expected: batch * each });
  }
}
