import type { DiffusionAutoencoder } from '../core';
import { InputError, PATCH_PIXELS, PATCH_SIZE } from '../core';
import { CodeConditioningCache, TimeConditioningCache } from './conditioning';
import type { ModelManifest } from './manifest';
import type { ModelSessions, TensorFactory } from './session';
import { floatOutput, releaseSessions } from './session';

export interface NetworkOptions {
  readonly createTensor: TensorFactory;
  /** Images per evaluation that pay off on this provider. */
  readonly preferredBatch: number;
}

/** A diffusion autoencoder that holds onnxruntime sessions. */
export interface LoadedNetwork extends DiffusionAutoencoder {
  prepareTimesteps(timesteps: readonly number[]): Promise<void>;
  /**
   * The semantic code before its spatial mean, [codeSize, side, side], for class activation maps; undefined for a model converted
   * without it.
   */
  codeMap(patch: Float32Array): Promise<Float32Array | undefined>;
  /** Frees the sessions. The network cannot be used afterwards. */
  dispose(): Promise<void>;
}

/**
 * The diffusion autoencoder over four onnxruntime sessions, of whichever package and provider.
 * What depends on the timestep or the codes alone is computed once (see conditioning.ts).
 * Its methods throw InputError 'tensor-size' for arrays of a wrong length, 'model-shape' for a model whose outputs do not fit.
 */
export function createNetwork(
  sessions: ModelSessions,
  manifest: Pick<ModelManifest, 'codeSize' | 'conditioningSize'>,
  { createTensor, preferredBatch }: NetworkOptions
): LoadedNetwork {
  const { codeSize, conditioningSize } = manifest;
  const times = new TimeConditioningCache(sessions.timeConditioning, createTensor, conditioningSize);
  const codeScales = new CodeConditioningCache(sessions.codeConditioning, createTensor, codeSize, conditioningSize);
  const imageDims = (batch: number) => [batch, 1, PATCH_SIZE, PATCH_SIZE];

  return {
    codeSize,
    preferredBatch,

    async encode(patches, batch) {
      requireLength('patches', patches, batch, PATCH_PIXELS);
      const outputs = await sessions.encoder.run({ patch: createTensor(patches, imageDims(batch)) });
      return floatOutput(outputs, 'code', [batch, codeSize]);
    },

    async codeMap(patch) {
      requireLength('patch', patch, 1, PATCH_PIXELS);
      const outputs = await sessions.encoder.run({ patch: createTensor(patch, imageDims(1)) });
      return outputs.code_map?.data as Float32Array | undefined;
    },

    async predictNoise(noisy, time, codes, batch) {
      requireLength('noisy images', noisy, batch, PATCH_PIXELS);
      requireLength('codes', codes, batch, codeSize);
      const conditioning = await times.at(time);
      const outputs = await sessions.noisePredictor.run({
        noisy: createTensor(noisy, imageDims(batch)),
        time_scale: conditioning.scale,
        time_shift: conditioning.shift,
        code_scale: await codeScales.of(codes, batch),
      });
      return floatOutput(outputs, 'noise', imageDims(batch));
    },

    prepareTimesteps: timesteps => times.prepare(timesteps),

    dispose() {
      times.clear();
      codeScales.clear();
      return releaseSessions(Object.values(sessions));
    },
  };
}

function requireLength(what: string, array: Float32Array, batch: number, each: number): void {
  if (!Number.isInteger(batch) || batch < 1 || array.length !== batch * each) {
    throw new InputError(
      'tensor-size',
      `The ${what} hold ${array.length} numbers; a batch of ${batch} needs ${batch} x ${each}.`
    );
  }
}
