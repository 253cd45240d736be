import type { DiffusionAutoencoder, LatentClassifierWeights } from '../types';
import { PATCH_PIXELS } from '../types';
import type { Hooks } from './sampler';
import { throwIfCancelled } from './sampler';
import { malignancyProbability } from './latentClassifier';

/**
 * P(malignant) of each patch by the encoder and the latent classifier alone: one encoder evaluation a slice, no diffusion.
 * @param patches [count, 64, 64], normalised
 */
export async function screenSlices(
  network: DiffusionAutoencoder,
  classifier: LatentClassifierWeights,
  patches: Float32Array,
  count: number,
  hooks: Hooks = {}
): Promise<Float64Array> {
  const probabilities = new Float64Array(count);
  for (let first = 0; first < count; first += network.preferredBatch) {
    throwIfCancelled(hooks.cancel);
    const batch = Math.min(network.preferredBatch, count - first);
    const codes = await network.encode(patches.slice(first * PATCH_PIXELS, (first + batch) * PATCH_PIXELS), batch);
    for (let i = 0; i < batch; i++) {
      const code = codes.slice(i * network.codeSize, (i + 1) * network.codeSize);
      probabilities[first + i] = malignancyProbability(classifier, code);
    }
  }
  return probabilities;
}
