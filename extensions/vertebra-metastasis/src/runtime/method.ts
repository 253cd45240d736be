import type { MethodOptions } from '../core';
import { INFERENCE_RULE, referenceSampler, samplerById } from '../core';
import type { ModelManifest } from './manifest';

/** Its first scores, of fewer nodes, are off by more: what is scored twice reaches as many times as far from the threshold. */
const GUIDED_RESCORING = 2;

/**
 * The method as a model asks for it, with a sampler by name. The reference takes the number of steps the model was published
 * with; candidates are skipped by `fast` and `guided`, refined by samplers that can, and either only where the model comes with a
 * measured margin. `guided` takes scores from neighbouring slices. Outlines are drawn anew, and regions that too few slices
 * show excluded, where the model asks for it, never with the reference.
 * @throws InputError 'unknown-sampler'
 */
export function methodOf({ method }: Pick<ModelManifest, 'method'>, samplerName: string): MethodOptions {
  const {
    inversionSteps,
    renderSteps,
    targetProbability,
    attributionThreshold,
    minPixels,
    skipBelowThresholdBy,
    rescoreWithin,
    refineOutlines,
    leastSlices,
  } = method;
  const sampler =
    samplerName === 'reference' ? referenceSampler({ inversionSteps, renderSteps }) : samplerById(samplerName);
  return {
    sampler,
    targetProbability,
    attributionThreshold,
    minPixels,
    ...((sampler.id === 'fast' || sampler.id === 'guided') && skipBelowThresholdBy !== undefined
      ? { skipBelowThresholdBy }
      : {}),
    ...(sampler.rescoringEvaluations && rescoreWithin !== undefined
      ? { rescoreWithin: sampler.id === 'guided' ? GUIDED_RESCORING * rescoreWithin : rescoreWithin }
      : {}),
    ...(sampler.id === 'guided' ? { inferScores: INFERENCE_RULE } : {}),
    ...(sampler.id !== 'reference' && refineOutlines ? { refineOutlines } : {}),
    ...(sampler.id !== 'reference' && leastSlices !== undefined ? { leastSlices } : {}),
  };
}
