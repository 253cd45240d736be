import { ddimStep, referenceSampler } from './ddim';
import { advancingNetwork, gaussianNetwork } from './testNetworks';
import { CancelledError } from '../types';

const image = Float32Array.from([0.2, 0.5, 0.9]);
const code = Float32Array.of(0.5);

it('clamps the predicted image and derives the noise anew from the clamped one', () => {
  // x0 = (2 - 0) / sqrt(0.25) = 4 -> 1; eps' = (2 / 0.5 - 1) / sqrt(3) = sqrt(3); next = 0.6 * 1 + 0.8 * sqrt(3)
  expect(ddimStep(Float32Array.of(2), Float32Array.of(0), 0.25, 0.36)[0]).toBeCloseTo(0.6 + 0.8 * Math.sqrt(3), 5);
});

it('inverts upward over every fourth and renders downward over every tenth timestep', async () => {
  const network = gaussianNetwork(0.2);
  const sampler = referenceSampler();
  const stochasticCode = await sampler.invert(network, image, code, 1);
  expect(network.calls).toEqual(Array.from({ length: 250 }, (_, i) => 4 * i));
  network.calls.length = 0;
  await sampler.render(network, stochasticCode, code, 1);
  expect(network.calls).toEqual(Array.from({ length: 100 }, (_, i) => 990 - 10 * i));
});

it('lets the image vanish after the last inversion step', async () => {
  // With alphaBar 0 as target the result is the noise alone: for a Gaussian of no spread, (x - sqrt(a) mean) / sqrt(1 - a).
  const network = gaussianNetwork(1);
  const result = await referenceSampler({ inversionSteps: 1 }).invert(network, image, code, 1);
  const noise = await network.predictNoise(image, 0, code, 1);
  result.forEach((value, i) => expect(value).toBeCloseTo(noise[i], 4));
});

it('does not mutate its inputs and treats a batch like single images', async () => {
  const sampler = referenceSampler({ inversionSteps: 10, renderSteps: 10 });
  const two = Float32Array.from([...image, ...image.map(x => x / 2)]);
  const codes = Float32Array.of(0.5, 0.3);
  const copy = two.slice();
  const batched = await sampler.invert(gaussianNetwork(0.2), two, codes, 2);
  expect(two).toEqual(copy);
  const second = await sampler.invert(gaussianNetwork(0.2), two.slice(3), codes.slice(1), 1);
  expect(batched.slice(3)).toEqual(second);
});

it('stops within one evaluation of a cancel', async () => {
  const network = gaussianNetwork(0.2);
  const cancel = { aborted: false };
  const run = referenceSampler().invert(network, image, code, 1, {
    cancel,
    onEvaluations: () => (cancel.aborted = network.calls.length === 3),
  });
  await expect(run).rejects.toThrow(CancelledError);
  expect(network.calls.length).toBe(3);
});

it('leaves images on a device that can move them itself, with the same numbers, and counts every evaluation', async () => {
  const sampler = referenceSampler({ inversionSteps: 50, renderSteps: 20 });
  const expected = await sampler.invert(gaussianNetwork(0.2), image, code, 1);
  const network = advancingNetwork(16);
  let counted = 0;
  expect(await sampler.invert(network, image, code, 1, { onEvaluations: count => (counted += count) })).toEqual(
    expected
  );
  expect(network.rows.map(({ steps }) => steps)).toEqual([16, 16, 16, 2]);
  expect(counted).toBe(50);
  // A device that takes long over a single step is asked for single predictions.
  const slow = advancingNetwork(1);
  expect(await sampler.invert(slow, image, code, 1)).toEqual(expected);
  expect(slow.rows).toEqual([]);
});

it('stops between two calls of a device that moves images itself', async () => {
  const network = advancingNetwork(10);
  const cancel = { aborted: false };
  const hooks = { cancel, onEvaluations: () => (cancel.aborted = network.rows.length === 2) };
  await expect(referenceSampler().invert(network, image, code, 1, hooks)).rejects.toThrow(CancelledError);
  expect(network.rows).toHaveLength(2);
});

it.each([0, 3, 2.5, 2000])('refuses %p steps', steps => {
  expect(() => referenceSampler({ inversionSteps: steps })).toThrow(/divide/);
});
