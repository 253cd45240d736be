import type { DiffusionAutoencoder } from '../types';
import { alphaBars } from './schedule';

/** alphaBar at a fractional timestep, linear in log alphaBar between the table's entries. */
export function alphaBarAt(timestep: number, table = alphaBars()): number {
  const low = Math.floor(timestep);
  const high = Math.min(low + 1, table.length - 1);
  return Math.exp(Math.log(table[low]) + (timestep - low) * (Math.log(table[high]) - Math.log(table[low])));
}

/**
 * A network whose noise prediction is exact: every pixel of the data is Gaussian with mean `code[0]` and the given spread,
 * so the score, and with it the probability-flow ODE, have closed forms. The encoder returns the image's mean.
 */
export function gaussianNetwork(spread: number, preferredBatch = 1): DiffusionAutoencoder & { calls: number[] } {
  const calls: number[] = [];
  return {
    codeSize: 1,
    preferredBatch,
    calls,
    async encode(patches, batch) {
      const size = patches.length / batch;
      return Float32Array.from({ length: batch }, (_, b) => {
        const image = patches.subarray(b * size, (b + 1) * size);
        return image.reduce((sum, value) => sum + value, 0) / size;
      });
    },
    async predictNoise(noisy, timestep, codes, batch) {
      calls.push(timestep);
      const alphaBar = alphaBarAt(timestep);
      const variance = alphaBar * spread * spread + 1 - alphaBar;
      const size = noisy.length / batch;
      return noisy.map(
        (x, i) => (Math.sqrt(1 - alphaBar) * (x - Math.sqrt(alphaBar) * codes[Math.floor(i / size)])) / variance
      );
    },
  };
}

/** The exact probability-flow map of {@link gaussianNetwork} from one noise level to another. */
export function gaussianFlow(x: number, mean: number, spread: number, from: number, to: number): number {
  const deviation = (alphaBar: number) => Math.sqrt(alphaBar * spread * spread + 1 - alphaBar);
  return Math.sqrt(to) * mean + (deviation(to) / deviation(from)) * (x - Math.sqrt(from) * mean);
}
