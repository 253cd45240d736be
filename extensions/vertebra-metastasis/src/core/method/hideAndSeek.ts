import type { Candidate, DiffusionAutoencoder, LatentClassifierWeights, Patch } from '../types';
import { PATCH_PIXELS } from '../types';
import { malignancyProbability } from './latentClassifier';
import type { Hooks, Sampler } from './sampler';

/** Keeps the quotient finite where the edit changed nothing; the reference's value. */
export const SCORE_EPSILON = 1e-8;
/** A candidate whose score exceeds this is kept. */
export const ATTRIBUTION_THRESHOLD = 0.5;

/** (p_k - p_healthy) / (p_malignant - p_healthy + 1e-8). Not clamped: a candidate can explain more than the whole. */
export function attributionScore(probability: number, malignant: number, healthy: number): number {
  return (probability - healthy) / (malignant - healthy + SCORE_EPSILON);
}

/** A candidate's revealed image after one pass through the autoencoder, and what the classifier says of it. */
export interface Harmonised {
  readonly image: Patch;
  readonly probability: number;
}

/**
 * Projects composites back onto the autoencoder's image manifold, E -> invert -> render -> E, and classifies the result.
 * Composites run in batches of the network's preferred size.
 * @param composites one 64 x 64 image per candidate
 * @param onHarmonised called as each candidate is done, so that results can be shown early
 */
export async function harmonise(
  network: DiffusionAutoencoder,
  classifier: LatentClassifierWeights,
  sampler: Sampler,
  composites: readonly Patch[],
  hooks: Hooks = {},
  onHarmonised?: (index: number, result: Harmonised) => void
): Promise<Harmonised[]> {
  const results: Harmonised[] = [];
  const roundTrip = sampler.roundTrips();
  while (results.length < composites.length) {
    const first = results.length;
    const chunk = composites.slice(first, first + (first < sampler.guideImages ? 1 : network.preferredBatch));
    const images = concatenate(chunk);
    const codes = await network.encode(images, chunk.length);
    const rendered = await roundTrip(network, images, codes, chunk.length, hooks);
    const finalCodes = await network.encode(rendered, chunk.length);
    for (let i = 0; i < chunk.length; i++) {
      const code = finalCodes.slice(i * network.codeSize, (i + 1) * network.codeSize);
      const result = {
        image: rendered.slice(i * PATCH_PIXELS, (i + 1) * PATCH_PIXELS),
        probability: malignancyProbability(classifier, code),
      };
      results.push(result);
      onHarmonised?.(first + i, result);
    }
  }
  return results;
}

/** Row-major concatenation of equally sized arrays. */
export function concatenate(parts: readonly Float32Array[]): Float32Array {
  const size = parts[0]?.length ?? 0;
  const all = new Float32Array(size * parts.length);
  parts.forEach((part, i) => all.set(part, i * size));
  return all;
}

/** Number of noise predictions that scoring `candidates` costs. */
export function harmoniseEvaluations(sampler: Sampler, candidates: readonly Candidate[]): number {
  return sampler.roundTripEvaluations(candidates.length);
}
