import type { DiffusionAutoencoder, LatentClassifierWeights, ScreeningNetwork } from '../types';
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

/** Slices and the body mask in a stack for the screening network. */
export const STACK_CHANNELS = 6;
/** Lytic and blastic. */
export const STACK_KINDS = 2;
/** The network is small: what a call costs beside it is shared, and a cancellation waits for no more than these. */
const STACKS_AT_ONCE = 16;

/**
 * Log odds of a lytic and a blastic lesion of each slice, by the screening network.
 * @param stacks [count, 6, 64, 64] @returns [count, 2]
 */
export async function screenKinds(
  network: ScreeningNetwork,
  stacks: Float32Array,
  count: number,
  hooks: Hooks = {}
): Promise<Float32Array> {
  const size = STACK_CHANNELS * PATCH_PIXELS;
  const logits = new Float32Array(count * STACK_KINDS);
  for (let first = 0; first < count; first += STACKS_AT_ONCE) {
    throwIfCancelled(hooks.cancel);
    const batch = Math.min(STACKS_AT_ONCE, count - first);
    logits.set(
      await network.kindLogits(stacks.slice(first * size, (first + batch) * size), batch),
      first * STACK_KINDS
    );
  }
  return logits;
}
