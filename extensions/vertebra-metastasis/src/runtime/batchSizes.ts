/** Batches that a graph is captured for; a batch between two of them runs in the larger one. */
export const BATCH_SIZES: readonly number[] = [1, 2, 4, 8, 16, 32];

/** A smaller batch is preferred when its images take at most this much longer: less drowns in the noise of timing, and it ends sooner. */
const NEAR_BEST = 1.15;

/** Milliseconds of one run, by batch. */
export type RunTimes = ReadonlyMap<number, number>;

/** The smallest of the sizes that holds `batch` images, undefined when none does. */
export function batchSizeFor(batch: number, batchSizes: Iterable<number> = BATCH_SIZES): number | undefined {
  return [...batchSizes].filter(batchSize => batchSize >= batch).sort((a, b) => a - b)[0];
}

/** Milliseconds per further image, on the line through the smallest and the largest batch measured; never negative. */
export function msPerImage(times: RunTimes): number {
  const [low, high] = ends(times);
  return high > low ? Math.max(0, (times.get(high)! - times.get(low)!) / (high - low)) : 0;
}

/** Milliseconds of a run of `batch` images: what was measured, else on the line of that slope through the nearest measured batch. */
export function expectedMs(times: RunTimes, batch: number, perImage = msPerImage(times)): number {
  const distance = (other: number) => Math.abs(other - batch);
  const nearest = [...times.keys()].reduce((best, other) => (distance(other) < distance(best) ? other : best));
  return Math.max(0, times.get(nearest)! + perImage * (batch - nearest));
}

/** The smallest size up to `top` with nearly the least time per image. */
export function bestBatchSize(expected: (batchSize: number) => number, top: number): number {
  const batchSizes = BATCH_SIZES.filter(batchSize => batchSize <= top);
  const perImage = (batchSize: number) => expected(batchSize) / batchSize;
  const least = Math.min(...batchSizes.map(perImage));
  return batchSizes.find(batchSize => perImage(batchSize) <= NEAR_BEST * least)!;
}

function ends(times: RunTimes): [number, number] {
  const batches = [...times.keys()].sort((a, b) => a - b);
  return [batches[0], batches[batches.length - 1]];
}
