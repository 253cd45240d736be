/** A vertebra whose slices are alike, around a network whose score is exact. */
import { PATCH_PIXELS } from '../../types';
import { attributeSlice } from '../attributeSlice';
import { attributeSlices } from '../attributeSlices';
import { fastSampler } from '../fast/fastSampler';
import { defaultMethodOptions, type MethodOptions } from '../methodOptions';
import { gaussianNetwork } from '../testNetworks';
import { INFERENCE_RULE } from './linkedCandidates';

const classifier = { mean: [0], scale: [1], coef: [10], intercept: -3 };
const bodyMask = new Uint8Array(PATCH_PIXELS).fill(1, 1000, 1160);
const slices = Array.from({ length: 3 }, (_, n) => ({
  bodyMask,
  offsetMm: 0.8 * (n - 1),
  patch: Float32Array.from({ length: PATCH_PIXELS }, (__, i) => 0.3 + (0.2 + 0.01 * n) * Math.sin(i * 0.1)),
}));
const options: MethodOptions = { ...defaultMethodOptions(), sampler: fastSampler({ id: 'guided' }) };
const never = { ...INFERENCE_RULE, withinMm: 0 };
const noise = (result: readonly { evaluations: { noise: number } }[]) =>
  result.reduce((sum, { evaluations }) => sum + evaluations.noise, 0);

it('gives each slice what it gives it alone where nothing may be inferred, on a processor and in batches', async () => {
  const alone = [];
  for (const { patch } of slices)
    alone.push(await attributeSlice(gaussianNetwork(0.2), classifier, patch, bodyMask, options));
  expect(alone.some(({ candidates }) => candidates.length > 1)).toBe(true);
  const method = { ...options, inferScores: never };
  for (const batch of [1, 32]) {
    const together = await attributeSlices(gaussianNetwork(0.2, batch), classifier, slices, method);
    expect(together).toEqual(alone);
  }
});

it('decides alike with fewer evaluations where scores are clear, and marks what it took over', async () => {
  const network = gaussianNetwork(0.2);
  const each = await attributeSlices(network, classifier, slices, { ...options, inferScores: never });
  const plans: number[] = [];
  let counted = 0;
  const shared = await attributeSlices(
    network,
    classifier,
    slices,
    { ...options, inferScores: { ...INFERENCE_RULE, clearBy: 0 } },
    { onPlan: evaluations => plans.push(evaluations), onEvaluations: count => (counted += count) }
  );
  expect(noise(shared)).toBeLessThan(noise(each));
  expect([counted, plans[plans.length - 1]]).toEqual([noise(shared), noise(shared)]);
  const inferred = shared.flatMap(({ candidates, harmonised }) =>
    candidates.filter((candidate, k) => candidate.inferred && harmonised[k] === undefined)
  );
  expect(inferred.length).toBeGreaterThan(0);
  shared.forEach(({ candidates }, n) =>
    expect(candidates.map(({ kept }) => kept)).toEqual(each[n].candidates.map(({ kept }) => kept))
  );
});

it('ends within one evaluation once it is cancelled', async () => {
  const cancel = { aborted: false };
  let evaluations = 0;
  const running = attributeSlices(
    gaussianNetwork(0.2),
    classifier,
    slices,
    { ...options, inferScores: INFERENCE_RULE },
    { cancel, onEvaluations: () => void (cancel.aborted = ++evaluations === 50) }
  );
  await expect(running).rejects.toThrow('cancelled');
  expect(evaluations).toBe(50);
});
