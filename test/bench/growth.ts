import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { attributeSlice, PATCH_PIXELS, screenSlices } from '@spine/core';
import type { DiffusionAutoencoder, LatentClassifierWeights, MethodOptions } from '@spine/core';
import type { BenchmarkSlice } from '../../evaluation/src/crops';

const MEGABYTE = 2 ** 20;
/** Warm-up analyses before memory is compared: arenas and caches fill on the first ones. */
const WARM_UP = 3;

/** Seconds of the processor to screen `vertebrae` x `slicesEach` slices by the encoder alone. */
export async function screeningSeconds(
  network: DiffusionAutoencoder,
  classifier: LatentClassifierWeights,
  patch: Float32Array,
  vertebrae: number,
  slicesEach = 5
): Promise<number> {
  const count = vertebrae * slicesEach;
  const patches = new Float32Array(count * PATCH_PIXELS);
  for (let i = 0; i < count; i++) patches.set(patch, i * PATCH_PIXELS);
  const start = process.cpuUsage();
  await screenSlices(network, classifier, patches, count);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** Resident memory after each of `runs` analyses in a row, MB. Flat means: the last is not above the one after the warm-up. */
export async function memoryOverRuns(
  network: DiffusionAutoencoder,
  classifier: LatentClassifierWeights,
  slice: BenchmarkSlice,
  method: MethodOptions,
  runs = 20
): Promise<number[]> {
  // Without a collection before each look the figure says when the last one happened to run.
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  const resident: number[] = [];
  for (let i = 0; i < runs; i++) {
    await attributeSlice(network, classifier, slice.patch, slice.bodyMask, method);
    collect();
    resident.push(process.memoryUsage().rss / MEGABYTE);
  }
  return resident;
}

/** Growth in MB per analysis after the warm-up: the slope of a least-squares line. */
export function growthPerRun(resident: readonly number[]): number {
  const values = resident.slice(WARM_UP);
  const centre = (values.length - 1) / 2;
  const meanValue = values.reduce((a, b) => a + b, 0) / values.length;
  const covariance = values.reduce((total, value, i) => total + (i - centre) * (value - meanValue), 0);
  return covariance / values.reduce((total, _, i) => total + (i - centre) ** 2, 0);
}

/** Milliseconds per image of one noise prediction at several batch sizes; a CPU gains nothing, a GPU does. */
export async function batchCost(
  network: DiffusionAutoencoder,
  code: Float32Array,
  sizes: readonly number[]
): Promise<{ batch: number; msPerImage: number }[]> {
  const costs: { batch: number; msPerImage: number }[] = [];
  for (const batch of sizes) {
    const noisy = new Float32Array(batch * PATCH_PIXELS).fill(0.3);
    const codes = new Float32Array(batch * code.length);
    for (let i = 0; i < batch; i++) codes.set(code, i * code.length);
    await network.predictNoise(noisy, 500, codes, batch);
    const repeats = Math.max(3, Math.round(24 / batch));
    const start = performance.now();
    for (let i = 0; i < repeats; i++) await network.predictNoise(noisy, 500, codes, batch);
    costs.push({ batch, msPerImage: (performance.now() - start) / repeats / batch });
  }
  return costs;
}
