import { REFERENCE_INVERSION_STEPS, REFERENCE_RENDER_STEPS, referenceSampler } from './ddim';
import { usedTimesteps } from './schedule';
import { GUIDE_NODES, GUIDED_NODES, shadowPlan, shadowSampler } from './shadowSampler';
import { gaussianNetwork } from './testNetworks';

const SPREAD = 0.15;
/** Two values above 1: the reference clamps them at every step, which sends their stochastic code far out. */
const IMAGE = Float32Array.from([0.1, 0.35, 0.4, 0.62, 0.8, 1.1, 1.25]);
const CODE = Float32Array.of(0.4);
const UP = usedTimesteps(REFERENCE_INVERSION_STEPS);
const DOWN = usedTimesteps(REFERENCE_RENDER_STEPS).reverse();
const EVERY = { up: UP, down: DOWN };

const maxDifference = (a: Float32Array, b: Float32Array) =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0);

/** The first and last timesteps, and of those between every `stride`-th of the longer part at higher noise. */
function thinned(timesteps: readonly number[], stride: number): number[] {
  const dense = (timestep: number) => timestep < 100;
  return timesteps.filter(
    (timestep, i) => dense(timestep) || timestep >= 990 || i === 0 || i % stride === 0 || i === timesteps.length - 1
  );
}

it('is the reference, bit for bit, when every point is a node', async () => {
  const network = gaussianNetwork(SPREAD);
  const [shadow, reference] = [shadowSampler({ slice: EVERY, guide: EVERY }), referenceSampler()];
  const code = await reference.invert(network, IMAGE, CODE, 1);
  const image = await reference.render(network, code, CODE, 1);
  expect(await shadow.invert(network, IMAGE, CODE, 1)).toEqual(code);
  expect(await shadow.render(network, code, CODE, 1)).toEqual(image);
  expect(await shadow.roundTrips()(network, IMAGE, CODE, 1)).toEqual(image);
});

it.each(['up', 'down'] as const)('comes closer to the reference at second order, %s', async direction => {
  const network = gaussianNetwork(2 * SPREAD);
  // Without the clamped values, whose error is none.
  const image = IMAGE.slice(0, 5);
  const start = direction === 'up' ? image : await referenceSampler().invert(network, image, CODE, 1);
  const run = (sampler: ReturnType<typeof shadowSampler>) =>
    direction === 'up' ? sampler.invert(network, start, CODE, 1) : sampler.render(network, start, CODE, 1);
  const exact = await run(referenceSampler());
  const errors: number[] = [];
  for (const stride of [8, 4, 2]) {
    const slice = { up: thinned(UP, stride), down: thinned(DOWN, stride) };
    errors.push(maxDifference(await run(shadowSampler({ slice })), exact));
  }
  expect(errors[2]).toBeGreaterThan(0);
  expect(Math.log2(errors[0] / errors[1])).toBeGreaterThan(1.6);
  expect(Math.log2(errors[1] / errors[2])).toBeGreaterThan(1.6);
});

it('follows the clamp of the reference, which an ODE solver does not see', async () => {
  const network = gaussianNetwork(SPREAD);
  const reference = await referenceSampler().invert(network, IMAGE, CODE, 1);
  const code = await shadowSampler().invert(network, IMAGE, CODE, 1);
  expect(Math.abs(reference[6])).toBeGreaterThan(20);
  expect(maxDifference(code, reference)).toBeLessThan(0.05 * Math.abs(reference[6]));
});

it('guided by the first image, follows the reference of another more closely than alone', async () => {
  const network = gaussianNetwork(SPREAD);
  const other = IMAGE.map((value, i) => (i < 2 ? value + 0.05 : value));
  const exact = await referenceSampler().roundTrips()(network, other, CODE, 1);
  const guided = shadowSampler({ guide: EVERY }).roundTrips();
  await guided(network, IMAGE, CODE, 1);
  const alone = shadowSampler({ guide: GUIDED_NODES }).roundTrips();
  const [error, errorAlone] = [
    maxDifference(await guided(network, other, CODE, 1), exact),
    maxDifference(await alone(network, other, CODE, 1), exact),
  ];
  expect(error).toBeLessThan(errorAlone / 2);
});

it('treats a guided batch like single images and does not mutate its inputs', async () => {
  const network = gaussianNetwork(SPREAD);
  const others = [IMAGE.map(x => x / 2), IMAGE.map(x => 0.9 * x)];
  const both = Float32Array.from([...others[0], ...others[1]]);
  const copy = both.slice();
  const series = async () => {
    const roundTrip = shadowSampler().roundTrips();
    await roundTrip(network, IMAGE, CODE, 1);
    return roundTrip;
  };
  const batched = await (await series())(network, both, Float32Array.of(0.4, 0.3), 2);
  const second = await (await series())(network, others[1], Float32Array.of(0.3), 1);
  expect(both).toEqual(copy);
  expect(batched.slice(IMAGE.length)).toEqual(second);
});

it('announces what a series costs', async () => {
  const network = gaussianNetwork(SPREAD);
  const sampler = shadowSampler();
  const roundTrip = sampler.roundTrips();
  for (let i = 0; i < 3; i++) await roundTrip(network, IMAGE, CODE, 1);
  expect(network.calls).toHaveLength(sampler.roundTripEvaluations(3));
  expect(sampler.roundTripEvaluations(0)).toBe(0);
  expect(sampler.roundTripEvaluations(1)).toBe(GUIDE_NODES.up.length + GUIDE_NODES.down.length);
});

it.each([
  ['none', []],
  ['without the last', [0, 4]],
  ['between the steps', [0, 5, 996]],
  ['out of order', [0, 8, 4, 996]],
])('refuses nodes: %s', (_, nodes) => {
  expect(() => shadowPlan('up', nodes)).toThrow(RangeError);
});
