/** Batches that a graph is captured for; a batch between two of them runs in the larger one. */
export const LADDER: readonly number[] = [1, 2, 4, 8, 16, 32];

/** A larger batch is preferred when an image then takes at most this share of its time. Smaller gains drown in the noise of timing. */
const BATCH_GAIN = 0.87;

/** Milliseconds of one run, by batch. */
export type RunTimes = ReadonlyMap<number, number>;

/** The smallest rung that holds `batch` images, undefined when none does. */
export function rungFor(batch: number, rungs: Iterable<number> = LADDER): number | undefined {
  return [...rungs].filter(rung => rung >= batch).sort((a, b) => a - b)[0];
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

/** The rung up to `top` with the least time per image; a larger one only where it gains enough. */
export function bestRung(expected: (rung: number) => number, top: number): number {
  const share = (rung: number) => expected(rung) / rung;
  return LADDER.filter(rung => rung <= top).reduce((best, rung) =>
    share(rung) <= BATCH_GAIN * share(best) ? rung : best
  );
}

function ends(times: RunTimes): [number, number] {
  const batches = [...times.keys()].sort((a, b) => a - b);
  return [batches[0], batches[batches.length - 1]];
}
