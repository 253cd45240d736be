import type { DiffusionAutoencoder, NoiseTime } from '../types';
import { ddimStep } from './ddim';
import { alphaBars } from './schedule';

/** alphaBar at a fractional timestep, linear in log alphaBar between the table's entries. */
export function alphaBarAt(timestep: number, table = alphaBars()): number {
  const low = Math.floor(timestep);
  const high = Math.min(low + 1, table.length - 1);
  return Math.exp(Math.log(table[low]) + (timestep - low) * (Math.log(table[high]) - Math.log(table[low])));
}

/**
 * A network whose noise prediction is exact: every pixel of the data is Gaussian with mean `code[0]` and the given spread,
 * so the score, and with it the probability-flow ODE, have closed forms. The encoder returns the image's mean. Asked for a
 * blend of timesteps it blends its predictions.
 * @param jitter added to every noise prediction at a timestep
 */
export function gaussianNetwork(
  spread: number,
  preferredBatch = 1,
  jitter: (timestep: number) => number = () => 0,
  pattern?: Float32Array
): DiffusionAutoencoder & { calls: NoiseTime[] } {
  const calls: NoiseTime[] = [];
  const table = alphaBars();
  return {
    codeSize: 1,
    preferredBatch,
    calls,
    async encode(patches, batch) {
      const size = patches.length / batch;
      return Float32Array.from({ length: batch }, (_, b) => {
        const image = patches.subarray(b * size, (b + 1) * size);
        if (pattern) return dot(image, pattern) / dot(pattern, pattern);
        return image.reduce((sum, value) => sum + value, 0) / size;
      });
    },
    async predictNoise(noisy, time, codes, batch) {
      calls.push(time);
      const size = noisy.length / batch;
      const [timesteps, weights] = typeof time === 'number' ? [[time], [1]] : [time.timesteps, time.weights];
      // (sqrt(1 - a) (x - sqrt(a) mean)) / variance, blended: linear in x and in the mean.
      let [slope, meanSlope, shift] = [0, 0, 0];
      timesteps.forEach((timestep, k) => {
        const alphaBar = alphaBarAt(timestep, table);
        const share = (weights[k] * Math.sqrt(1 - alphaBar)) / (alphaBar * spread * spread + 1 - alphaBar);
        slope += share;
        meanSlope += share * Math.sqrt(alphaBar);
        shift += weights[k] * jitter(timestep);
      });
      const mean = (i: number) => codes[Math.floor(i / size)] * (pattern?.[i % size] ?? 1);
      return noisy.map((x, i) => slope * x - meanSlope * mean(i) + shift);
    },
  };
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** A network that keeps images between the steps of the reference's recurrence; `rows` tells how many steps each call made. */
export function advancingNetwork(stepsAtOnce: number, preferredBatch = 1) {
  const network = gaussianNetwork(0.2, preferredBatch);
  const rows: { steps: number; batch: number }[] = [];
  const advance: DiffusionAutoencoder['advance'] = async (images, steps, codes, batch) => {
    rows.push({ steps: steps.length, batch });
    let noisy = images;
    for (const { timestep, alphaBar, target } of steps) {
      noisy = ddimStep(noisy, await network.predictNoise(noisy, timestep, codes, batch), alphaBar, target);
    }
    return noisy;
  };
  return { ...network, advance, stepsAtOnce, rows };
}

/** The timesteps of calls to a network, each once. */
export function timestepsOf(calls: readonly NoiseTime[]): Set<number> {
  return new Set(calls.flatMap(time => (typeof time === 'number' ? time : time.timesteps)));
}

/** The exact probability-flow map of {@link gaussianNetwork} from one noise level to another. */
export function gaussianFlow(x: number, mean: number, spread: number, from: number, to: number): number {
  const deviation = (alphaBar: number) => Math.sqrt(alphaBar * spread * spread + 1 - alphaBar);
  return Math.sqrt(to) * mean + (deviation(to) / deviation(from)) * (x - Math.sqrt(from) * mean);
}
