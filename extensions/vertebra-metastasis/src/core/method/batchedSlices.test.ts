import type { DiffusionAutoencoder } from '../types';
import { CancelledError, PATCH_PIXELS } from '../types';
import { attributeSlice } from './attributeSlice';
import { attributeSlices } from './attributeSlices';
import { defaultMethodOptions } from './methodOptions';
import { odeSampler } from './multistep';
import { batchedSlices } from './batchedSlices';
import { referenceSampler } from './ddim';
import { advancingNetwork, gaussianNetwork } from './testNetworks';

const classifier = { mean: [0], scale: [1], coef: [10], intercept: -3 };
const bodyMask = new Uint8Array(PATCH_PIXELS).fill(1, 1000, 1160);
/** Slices with different numbers of candidates. */
const slices = [0.15, 0.2, 0.3].map((amplitude, n) => ({
  bodyMask,
  patch: Float32Array.from({ length: PATCH_PIXELS }, (_, i) => 0.3 + amplitude * Math.sin(i * (n + 1) * 0.1)),
}));

/** The batches of noise predictions, and whether two calls ever ran at once. */
function watched(preferredBatch: number) {
  const network = gaussianNetwork(0.2, preferredBatch);
  const seen = { batches: [] as number[], running: 0, overlapped: false };
  const watch =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A) => {
      seen.overlapped ||= seen.running++ > 0;
      await Promise.resolve();
      const result = await call(...args);
      seen.running--;
      return result;
    };
  const predictNoise: DiffusionAutoencoder['predictNoise'] = (noisy, time, codes, batch) => {
    seen.batches.push(batch);
    return network.predictNoise(noisy, time, codes, batch);
  };
  return { seen, network: { ...network, encode: watch(network.encode), predictNoise: watch(predictNoise) } };
}

it('gives each slice what it gives it alone, in far fewer runs', async () => {
  const alone = [];
  let runs = 0;
  for (const { patch } of slices) {
    const { network, seen } = watched(32);
    alone.push(await attributeSlice(network, classifier, patch, bodyMask));
    runs += seen.batches.length;
  }
  expect(new Set(alone.map(({ candidates }) => candidates.length)).size).toBeGreaterThan(1);
  const { network, seen } = watched(32);
  const plans: number[] = [];
  let counted = 0;
  const together = await attributeSlices(network, classifier, slices, defaultMethodOptions(), {
    onPlan: evaluations => plans.push(evaluations),
    onEvaluations: count => (counted += count),
  });
  expect(together).toEqual(alone);
  expect(seen.overlapped).toBe(false);
  expect(seen.batches.length).toBeLessThan(runs / 2);
  const images = seen.batches.reduce((sum, batch) => sum + batch, 0);
  expect([counted, plans[plans.length - 1]]).toEqual([images, images]);
});

it('keeps to the batch that pays off', async () => {
  const { network, seen } = watched(2);
  await attributeSlices(network, classifier, slices, { ...defaultMethodOptions(), sampler: SHORT });
  expect(Math.max(...seen.batches)).toBe(2);
});

it('ends all when one fails, with its error and nothing left running', async () => {
  const { network, seen } = watched(8);
  const failing = [slices[0], { ...slices[1], bodyMask: new Uint8Array(PATCH_PIXELS) }, slices[2]];
  await expect(attributeSlices(network, classifier, failing)).rejects.toThrow(/body mask .* is empty/);
  expect(seen.running).toBe(0);
  const runs = seen.batches.length;
  await new Promise(resolve => setTimeout(resolve, 20));
  expect(seen.batches).toHaveLength(runs);
});

it('ends all when the network fails', async () => {
  const { network } = watched(8);
  const broken = { ...network, predictNoise: () => Promise.reject(new Error('the device is lost')) };
  await expect(attributeSlices(broken, classifier, slices)).rejects.toThrow('the device is lost');
});

it('is cancelled between two runs', async () => {
  const { network, seen } = watched(8);
  const cancel = { aborted: false };
  const job = attributeSlices(network, classifier, slices, defaultMethodOptions(), {
    cancel,
    onEvaluations: () => (cancel.aborted = seen.batches.length >= 5),
  });
  await expect(job).rejects.toThrow(CancelledError);
  expect(seen.batches).toHaveLength(5);
  expect(seen.running).toBe(0);
});

it('does not hold up jobs for one that has ended', async () => {
  const { network } = watched(8);
  const image = new Float32Array(PATCH_PIXELS).fill(0.5);
  const job = (times: number) => async (batched: DiffusionAutoencoder) => {
    let last = 0;
    for (let n = 0; n < times; n++) [last] = await batched.encode(image, 1);
    return last;
  };
  expect(await batchedSlices(network, [job(0), job(3), job(1)])).toEqual([0, 0.5, 0.5]);
});

const SHORT = odeSampler({ inversionSteps: 4, renderSteps: 4 });

it('moves the images of slices side by side in one call where the device keeps them', async () => {
  const options = { ...defaultMethodOptions(), sampler: referenceSampler({ inversionSteps: 10, renderSteps: 10 }) };
  const single = await attributeSlices(gaussianNetwork(0.2, 32), classifier, slices, options);
  const network = advancingNetwork(10, 32);
  const together = await attributeSlices(network, classifier, slices, options);
  expect(together).toEqual(single);
  // The way up of all three, then both ways down of each.
  expect(network.rows.slice(0, 2)).toEqual([
    { steps: 10, batch: 3 },
    { steps: 10, batch: 6 },
  ]);
});
