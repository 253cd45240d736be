import type { DiffusionAutoencoder, LatentClassifierWeights, Patch, PatchMask, SliceAttribution } from '../types';
import { InputError, PATCH_PIXELS } from '../types';
import { candidatePixels, differenceMap, MIN_PIXELS, proposeCandidates } from './candidates';
import { composite } from './composite';
import type { Harmonised } from './hideAndSeek';
import { ATTRIBUTION_THRESHOLD, attributionScore, encodeAll, harmonise } from './hideAndSeek';
import { skipBelow } from './inWords';
import { applyThreshold } from './keep';
import { healthyCode, malignancyProbability, TARGET_PROBABILITY } from './latentClassifier';
import type { Hooks, RoundTrip, Sampler } from './sampler';
import { fastSampler } from './fast/fastSampler';

/** The method's settings. The defaults are the authors', but for the sampler. */
export interface MethodOptions {
  readonly sampler: Sampler;
  readonly targetProbability: number;
  readonly attributionThreshold: number;
  readonly minPixels: number;
  /**
   * Estimate: the score of a candidate whose composite is classified without being harmonised. A candidate whose estimate
   * lies more than this below the threshold is skipped: not scored and never kept. Undefined: every candidate is scored,
   * as published. The margin is a property of a model, measured (docs/speed.md).
   */
  readonly skipBelowThresholdBy?: number;
  /**
   * A candidate whose score comes out at most this far from the threshold is harmonised and scored again with more steps,
   * where the sampler has them: there an error of a few hundredths decides. Undefined: none is.
   */
  readonly rescoreWithin?: number;
}

export interface AttributionHooks extends Hooks {
  /** Called when the number of noise predictions of this slice becomes known: first without, then with the candidates. */
  readonly onPlan?: (evaluations: number) => void;
}

export function defaultMethodOptions(): MethodOptions {
  return {
    sampler: fastSampler(),
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
  hooks.onPlan?.(sampler.editEvaluations);

  await network.prepareTimesteps?.(sampler.timesteps);
  // Healthy edit: the same stochastic code rendered with the patch's own and with the healthy semantic code.
  const semanticCode = await network.encode(patch, 1);
  const editedCode = healthyCode(classifier, semanticCode, options.targetProbability);
  const trajectories = sampler.trajectories();
  const { stochasticCode, reconstruction, healthyEdit } = await trajectories.edit(
    network,
    patch,
    semanticCode,
    editedCode,
    counting
  );

  const difference = differenceMap(reconstruction, healthyEdit);
  const lyticCandidates = candidatePixels(difference, bodyMask, 'lytic');
  const blasticCandidates = candidatePixels(difference, bodyMask, 'blastic');
  const candidates = proposeCandidates(lyticCandidates, blasticCandidates, options.minPixels);

  const malignant = malignancyProbability(classifier, semanticCode);
  const healthy = malignancyProbability(classifier, editedCode);
  const composites = candidates.map(c => composite(c, reconstruction, healthyEdit, lyticCandidates, blasticCandidates));
  const encoded = await encodeAll(network, composites);
  const floor = skipBelow(options) ?? -Infinity;
  const estimates = encoded.map(({ code }) => malignancyProbability(classifier, code));
  const toScore = [...candidates.keys()].filter(k => !(attributionScore(estimates[k], malignant, healthy) < floor));
  const planned = sampler.editEvaluations + sampler.roundTripEvaluations(toScore.length);
  hooks.onPlan?.(planned);

  const send = (roundTrip: RoundTrip, referenceImages: number, which: readonly number[]) =>
    harmonise(
      network,
      classifier,
      roundTrip,
      referenceImages,
      which.map(k => encoded[k]),
      counting
    );
  const results = await send(trajectories.roundTrip, sampler.referenceImages, toScore);
  const isNear = ({ probability }: Harmonised) =>
    Math.abs(attributionScore(probability, malignant, healthy) - options.attributionThreshold) <=
    (options.rescoreWithin ?? -Infinity);
  const near = trajectories.rescore ? toScore.filter((_, i) => isNear(results[i])) : [];
  if (trajectories.rescore && near.length > 0) {
    hooks.onPlan?.(planned + (sampler.rescoringEvaluations?.(near.length) ?? 0));
    const refined = await send(trajectories.rescore, 0, near);
    near.forEach((k, i) => (results[toScore.indexOf(k)] = refined[i]));
  }
  const scored = candidates.map((candidate, k) => {
    const result = results[toScore.indexOf(k)];
    const probability = result?.probability ?? estimates[k];
    return {
      ...candidate,
      ...(result ? {} : { skipped: true }),
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
    harmonised: candidates.map((_, k) => results[toScore.indexOf(k)]?.image),
    malignancyProbability: malignant,
    healthyProbability: healthy,
    evaluations: { noise, encoder: 1 + candidates.length + toScore.length + near.length },
  };
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
