import type { DiffusionAutoencoder, LatentClassifierWeights, Patch } from '../types';
import { PATCH_PIXELS } from '../types';
import { malignancyProbability } from './latentClassifier';
import type { Hooks, RoundTrip } from './sampler';
import { concatenate } from './sampler';

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

/** An image and its semantic code. */
export interface Encoded {
  readonly image: Patch;
  readonly code: Float32Array;
}

/** E of each image, in batches of the network's preferred size. */
export async function encodeAll(network: DiffusionAutoencoder, images: readonly Patch[]): Promise<Encoded[]> {
  const encoded: Encoded[] = [];
  while (encoded.length < images.length) {
    const chunk = images.slice(encoded.length, encoded.length + network.preferredBatch);
    const codes = await network.encode(concatenate(chunk), chunk.length);
    chunk.forEach((image, i) => encoded.push({ image, code: codeAt(network, codes, i) }));
  }
  return encoded;
}

/**
 * Projects composites back onto the autoencoder's image manifold, E -> invert -> render -> E, and classifies the result.
 * Composites run in batches of the network's preferred size.
 * @param composites one 64 x 64 image per candidate with its code
 * @param referenceImages how many of them the round trip takes one by one, before batches
 */
export async function harmonise(
  network: DiffusionAutoencoder,
  classifier: LatentClassifierWeights,
  roundTrip: RoundTrip,
  referenceImages: number,
  composites: readonly Encoded[],
  hooks: Hooks = {}
): Promise<Harmonised[]> {
  const results: Harmonised[] = [];
  while (results.length < composites.length) {
    const first = results.length;
    const chunk = composites.slice(first, first + (first < referenceImages ? 1 : network.preferredBatch));
    const images = concatenate(chunk.map(({ image }) => image));
    const codes = concatenate(chunk.map(({ code }) => code));
    const rendered = await roundTrip(network, images, codes, chunk.length, hooks);
    const finalCodes = await network.encode(rendered, chunk.length);
    chunk.forEach((_, i) =>
      results.push({
        image: rendered.slice(i * PATCH_PIXELS, (i + 1) * PATCH_PIXELS),
        probability: malignancyProbability(classifier, codeAt(network, finalCodes, i)),
      })
    );
  }
  return results;
}

const codeAt = ({ codeSize }: DiffusionAutoencoder, codes: Float32Array, i: number) =>
  codes.slice(i * codeSize, (i + 1) * codeSize);
