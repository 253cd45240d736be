import type { MethodOptions } from '../core';
import { INFERENCE_RULE, referenceSampler, samplerById } from '../core';
import type { ModelManifest } from './manifest';

/** Its first scores, of fewer nodes, are off by more: what is scored twice reaches as many times as far from the threshold. */
const GUIDED_RESCORING = 2;

/** What a manifest says of the method. */
interface MethodOfModel extends Pick<ModelManifest, 'method'> {
  readonly patch: Pick<ModelManifest['patch'], 'screening'>;
}

/**
 * The method as a model asks for it, with a sampler by name. The reference takes the number of steps the model was published
 * with; candidates are left to their estimates by `fast` and `guided`, refined by samplers that can, and either only where the model comes with a
 * measured margin. `guided` takes scores from neighbouring slices. Outlines are drawn anew, lesions followed into slices that screening calls healthy, and regions that too few slices
 * show or whose kind the screening network sees no sign of excluded, where the model asks for it, never with the reference.
 * @throws InputError 'unknown-sampler'
 */
export function methodOf({ method, patch }: MethodOfModel, samplerName: string): MethodOptions {
  const leastKindLogit = patch.screening?.network?.leastKindLogit;
  const {
    inversionSteps,
    renderSteps,
    targetProbability,
    attributionThreshold,
    minPixels,
    skipBelowThresholdBy,
    trustAboveThresholdBy,
    rescoreWithin,
    refineOutlines,
    leastSlices,
    leastSlicesProbability,
    outlineAcrossSlices,
    followLesions,
    leastDifference,
  } = method;
  const sampler =
    samplerName === 'reference' ? referenceSampler({ inversionSteps, renderSteps }) : samplerById(samplerName);
  const estimates = sampler.id === 'fast' || sampler.id === 'guided';
  return {
    sampler,
    targetProbability,
    attributionThreshold,
    minPixels,
    ...(estimates && skipBelowThresholdBy !== undefined ? { skipBelowThresholdBy } : {}),
    ...(estimates && trustAboveThresholdBy !== undefined ? { trustAboveThresholdBy } : {}),
    ...(sampler.rescoringEvaluations && rescoreWithin !== undefined
      ? { rescoreWithin: sampler.id === 'guided' ? GUIDED_RESCORING * rescoreWithin : rescoreWithin }
      : {}),
    ...(sampler.id === 'guided' ? { inferScores: INFERENCE_RULE } : {}),
    ...(sampler.id !== 'reference' && refineOutlines ? { refineOutlines } : {}),
    ...(sampler.id !== 'reference' && leastSlices !== undefined ? { leastSlices } : {}),
    ...(sampler.id !== 'reference' && leastSlicesProbability !== undefined ? { leastSlicesProbability } : {}),
    ...(sampler.id !== 'reference' && leastKindLogit !== undefined ? { leastKindLogit } : {}),
    ...(sampler.id !== 'reference' && outlineAcrossSlices ? { outlineAcrossSlices } : {}),
    ...(sampler.id !== 'reference' && leastDifference !== undefined ? { leastDifference } : {}),
    ...(sampler.id !== 'reference' && followLesions ? { followLesions } : {}),
  };
}
