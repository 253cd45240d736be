/** Finds the fastest way to run the noise predictor of a network that runs on WebGPU already and is right there. */
import type { CaptureOutcome } from '../core';
import type { RunChoice } from './capture';
import { chooseRuns } from './capture';
import { openCapturedSession } from './capturedSession';
import type { ModelManifest } from './manifest';
import type { LoadedNetwork } from './network';
import type { NoisePredictor } from './noisePredictor';
import type { SelfTest } from './selfTest';
import { lastOfBatch } from './selfTest';

export interface CapturePlace {
  /** On the device, with the plain session. */
  readonly network: LoadedNetwork;
  readonly plain: NoisePredictor;
  /** noise_predictor.onnx in the arithmetic that is used, read anew for each session. */
  readonly weights: () => Promise<Uint8Array>;
  readonly weightBytes: number;
  readonly manifest: Pick<ModelManifest, 'conditioningSize'>;
  readonly test: SelfTest;
}

/** Stored in half precision, held in single. */
const WEIGHTS_GROWTH = 2;
/**
 * Of a captured graph's buffers, per image and conditioning channel, both of which grow with the width of the network.
 * Counted in models/default (1312 channels): 10.4 MB for the weights, 9.6 MB more for each image.
 */
const BYTES_PER_CHANNEL = 7700;
/** For all captured sessions together: batches of 8 and 32 of models/default, or of 8 of a network of the published width. */
const MAX_BYTES = 640e6;

/** @throws what the plain session throws; whatever is wrong with captured ones is told in the choice, or later to `onEnd` */
export function captureRuns(
  { network, plain, weights, weightBytes, manifest, test }: CapturePlace,
  always: boolean,
  onEnd: (why: CaptureOutcome) => void
): Promise<RunChoice> {
  const { conditioningSize } = manifest;
  const sample = (noisy: readonly number[], timestep: number, code: readonly number[], batch: number) =>
    network.noiseInputs(lastOfBatch(noisy, batch), timestep, lastOfBatch(code, batch), batch);
  return chooseRuns({
    plain,
    open: async batchSize => openCapturedSession(await weights(), batchSize, conditioningSize),
    samples: async batch => [
      await sample(test.noisy, test.timestep, test.code, batch),
      await sample([...test.noisy].reverse(), (test.timestep + 500) % 1000, [...test.code].reverse(), batch),
    ],
    tolerance: test.tolerance,
    bytes: batchSize => WEIGHTS_GROWTH * weightBytes + batchSize * conditioningSize * BYTES_PER_CHANNEL,
    maxBytes: MAX_BYTES,
    always,
    onEnd,
  });
}
