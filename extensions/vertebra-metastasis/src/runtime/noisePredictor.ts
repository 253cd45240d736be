import type { Tensor } from 'onnxruntime-web';
import { type DdimStep, PATCH_SIZE } from '../core';
import type { TimeConditioning } from './conditioning';
import type { OrtSession, TensorFactory } from './session';
import { floatOutput } from './session';

/** What the graph of the noise predictor takes. The same tensor object means the same values. */
export interface NoiseInputs {
  readonly batch: number;
  /** [batch, 1, 64, 64] */
  readonly noisy: Float32Array;
  readonly time: TimeConditioning;
  /** [batch, S] */
  readonly codeScale: Tensor;
}

/** One way to run the noise predictor. Runs must not overlap: the WebAssembly part of onnxruntime does not survive it. */
export interface NoisePredictor {
  /** @returns noise [batch, 1, 64, 64] */
  predict(inputs: NoiseInputs): Promise<Float32Array>;
  /** Steps in a row, the images on the device between them; absent where that spares nothing. */
  advance?(inputs: StepInputs): Promise<Float32Array>;
  /** How many make about a tenth of a second. */
  readonly stepsAtOnce?: number;
  release(): Promise<void>;
}

/** Images, and the steps that they take with the conditioning of each. */
export interface StepInputs extends Pick<NoiseInputs, 'batch' | 'noisy' | 'codeScale'> {
  readonly steps: readonly (DdimStep & { readonly time: TimeConditioning })[];
}

export const imageDims = (batch: number): readonly number[] => [batch, 1, PATCH_SIZE, PATCH_SIZE];

/** Tensors in and out through the CPU: one session for every batch, on any provider. */
export function plainPredictor(session: OrtSession, createTensor: TensorFactory): NoisePredictor {
  return {
    async predict({ batch, noisy, time, codeScale }) {
      const outputs = await session.run({
        noisy: createTensor(noisy, imageDims(batch)),
        time_scale: time.scale,
        time_shift: time.shift,
        code_scale: codeScale,
      });
      return floatOutput(outputs, 'noise', imageDims(batch));
    },
    release: () => session.release(),
  };
}
