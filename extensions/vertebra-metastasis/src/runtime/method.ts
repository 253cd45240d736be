import type { MethodOptions } from '../core';
import { referenceSampler, samplerById } from '../core';
import type { ModelManifest } from './manifest';

/**
 * The method as a model asks for it, with a sampler by name. The reference takes the number of steps the model was published
 * with; candidates are skipped by `fast` alone, refined by samplers that can, and either only where the model comes with a
 * measured margin. Outlines are drawn anew where the model asks for it, never with the reference.
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
  } = method;
  const sampler =
    samplerName === 'reference' ? referenceSampler({ inversionSteps, renderSteps }) : samplerById(samplerName);
  return {
    sampler,
    targetProbability,
    attributionThreshold,
    minPixels,
    ...(sampler.id === 'fast' && skipBelowThresholdBy !== undefined ? { skipBelowThresholdBy } : {}),
    ...(sampler.rescoringEvaluations && rescoreWithin !== undefined ? { rescoreWithin } : {}),
    ...(sampler.id !== 'reference' && refineOutlines ? { refineOutlines } : {}),
  };
}
