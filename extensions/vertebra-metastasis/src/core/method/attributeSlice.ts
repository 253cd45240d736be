import type { DiffusionAutoencoder, LatentClassifierWeights, Patch, PatchMask, SliceAttribution } from '../types';
import { InputError, PATCH_PIXELS } from '../types';
import { candidatePixels, differenceMap, MIN_PIXELS, proposeCandidates } from './candidates';
import { composite } from './composite';
import { ATTRIBUTION_THRESHOLD, attributionScore, concatenate, harmonise, harmoniseEvaluations } from './hideAndSeek';
import { applyThreshold } from './keep';
import { healthyCode, malignancyProbability, TARGET_PROBABILITY } from './latentClassifier';
import type { Hooks, Sampler } from './sampler';
import { shadowSampler } from './shadowSampler';

/** The method's settings. The defaults are the authors', but for the sampler. */
export interface MethodOptions {
  readonly sampler: Sampler;
  readonly targetProbability: number;
  readonly attributionThreshold: number;
  readonly minPixels: number;
}

export interface AttributionHooks extends Hooks {
  /** Called when the number of noise predictions of this slice becomes known: first without, then with the candidates. */
  readonly onPlan?: (evaluations: number) => void;
}

export function defaultMethodOptions(): MethodOptions {
  return {
    sampler: shadowSampler(),
    targetProbability: TARGET_PROBABILITY,
    attributionThreshold: ATTRIBUTION_THRESHOLD,
    minPixels: MIN_PIXELS,
  };
}

/**
 * Hide-and-Seek Attribution of one sagittal slice (Atad et al., arXiv 2512.06849).
 * @param patch normalised 64 x 64 slice, not modified
 * @param bodyMask vertebral body on the same grid
 * @throws InputError 'empty-mask' when the body mask has no pixel, 'patch-size' on wrong sizes
 * @throws CancelledError within one network evaluation after `hooks.cancel` is aborted
 */
export async function attributeSlice(
  network: DiffusionAutoencoder,
  classifier: LatentClassifierWeights,
  patch: Patch,
  bodyMask: PatchMask,
  options: MethodOptions = defaultMethodOptions(),
  hooks: AttributionHooks = {}
): Promise<SliceAttribution> {
  requireSlice(patch, bodyMask);
  const { sampler } = options;
  let noise = 0;
  const counting: Hooks = {
    cancel: hooks.cancel,
    onEvaluations: count => {
      noise += count;
      hooks.onEvaluations?.(count);
    },
  };
  const editEvaluations = sampler.inversionEvaluations + 2 * sampler.renderEvaluations;
  hooks.onPlan?.(editEvaluations);

  await network.prepareTimesteps?.(sampler.timesteps);
  // Healthy edit: the same stochastic code rendered with the patch's own and with the healthy semantic code.
  const semanticCode = await network.encode(patch, 1);
  const editedCode = healthyCode(classifier, semanticCode, options.targetProbability);
  const stochasticCode = await sampler.invert(network, patch, semanticCode, 1, counting);
  const [reconstruction, healthyEdit] = await renderPair(
    network,
    sampler,
    stochasticCode,
    semanticCode,
    editedCode,
    counting
  );

  const difference = differenceMap(reconstruction, healthyEdit);
  const lyticCandidates = candidatePixels(difference, bodyMask, 'lytic');
  const blasticCandidates = candidatePixels(difference, bodyMask, 'blastic');
  const candidates = proposeCandidates(lyticCandidates, blasticCandidates, options.minPixels);
  hooks.onPlan?.(editEvaluations + harmoniseEvaluations(sampler, candidates));

  const malignant = malignancyProbability(classifier, semanticCode);
  const healthy = malignancyProbability(classifier, editedCode);
  const composites = candidates.map(c => composite(c, reconstruction, healthyEdit, lyticCandidates, blasticCandidates));
  const harmonised = await harmonise(network, classifier, sampler, composites, counting);
  const scored = candidates.map((candidate, k) => {
    const { probability } = harmonised[k];
    return {
      ...candidate,
      probability,
      attributionScore: attributionScore(probability, malignant, healthy),
      kept: false,
    };
  });

  return {
    patch,
    bodyMask,
    semanticCode,
    stochasticCode,
    reconstruction,
    healthyCode: editedCode,
    healthyEdit,
    differenceMap: difference,
    lyticCandidates,
    blasticCandidates,
    ...applyThreshold(scored, options.attributionThreshold, options.minPixels),
    composites,
    harmonised: harmonised.map(({ image }) => image),
    malignancyProbability: malignant,
    healthyProbability: healthy,
    evaluations: { noise, encoder: 1 + 2 * candidates.length },
  };
}

async function renderPair(
  network: DiffusionAutoencoder,
  sampler: Sampler,
  stochasticCode: Float32Array,
  code: Float32Array,
  editedCode: Float32Array,
  hooks: Hooks
): Promise<[Patch, Patch]> {
  if (network.preferredBatch < 2) {
    const reconstruction = await sampler.render(network, stochasticCode, code, 1, hooks);
    return [reconstruction, await sampler.render(network, stochasticCode, editedCode, 1, hooks)];
  }
  const both = await sampler.render(
    network,
    concatenate([stochasticCode, stochasticCode]),
    concatenate([code, editedCode]),
    2,
    hooks
  );
  return [both.slice(0, PATCH_PIXELS), both.slice(PATCH_PIXELS)];
}

function requireSlice(patch: Patch, bodyMask: PatchMask): void {
  for (const [name, array] of [
    ['patch', patch],
    ['body mask', bodyMask],
  ] as const) {
    if (array.length !== PATCH_PIXELS) {
      throw new InputError(
        'patch-size',
        `The ${name} has ${array.length} pixels; the network takes ${PATCH_PIXELS} (64 x 64).`
      );
    }
  }
  if (!bodyMask.some(value => value > 0)) {
    throw new InputError('empty-mask', 'The body mask of this slice is empty, so there is nothing to analyse.');
  }
}
