import { type DiffusionAutoencoder, PATCH_PIXELS } from '../core';

/** Of the schedule; where does not matter, an evaluation costs the same everywhere. */
const TIMESTEP = 500;

/**
 * What one noise prediction takes now, ms per image, in the batches of an analysis. Meant to be asked for again: while a viewer loads and
 * draws images, on the same processors, it is several times what it will be.
 */
export async function evaluationTime(
  network: Pick<DiffusionAutoencoder, 'predictNoise' | 'codeSize' | 'preferredBatch'>
): Promise<number> {
  const { codeSize, preferredBatch: batch } = network;
  // Neither zeros nor denormal numbers, which some processors handle at another speed.
  const images = Float32Array.from({ length: batch * PATCH_PIXELS }, (_, i) => Math.sin(i));
  const codes = Float32Array.from({ length: batch * codeSize }, (_, i) => Math.cos(i));
  const started = performance.now();
  await network.predictNoise(images, TIMESTEP, codes, batch);
  return (performance.now() - started) / batch;
}
