import { REFERENCE_INVERSION_STEPS, REFERENCE_RENDER_STEPS, referenceSampler } from '../ddim';
import { alphaBars, halfLogSnr, usedTimesteps } from '../schedule';
import { NODES, sparsePlan, THOROUGH_NODES } from './evaluationNodes';
import { fastSampler } from './fastSampler';
import { integrateSparse } from './integrateSparse';
import { expectedRenderTrajectory } from './referenceTrajectory';
import { gaussianNetwork, timestepsOf } from '../testNetworks';

const SPREAD = 0.15;
/** Two values above 1: the reference clamps them at every step, which sends their stochastic code far out. */
const IMAGE = Float32Array.from([0.1, 0.35, 0.4, 0.62, 0.8, 1.1, 1.25]);
const CODE = Float32Array.of(0.4);
const HEALTHY_CODE = Float32Array.of(0.3);
const INVERSION = usedTimesteps(REFERENCE_INVERSION_STEPS);
const RENDER = usedTimesteps(REFERENCE_RENDER_STEPS).reverse();
const EVERY = { inversion: INVERSION, render: RENDER };

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
  const nodes = { slice: EVERY, edit: RENDER, firstComposite: EVERY, rescored: EVERY };
  const [fast, reference] = [fastSampler({ nodes }), referenceSampler()];
  const code = await reference.invert(network, IMAGE, CODE, 1);
  const image = await reference.render(network, code, CODE, 1);
  expect(await fast.invert(network, IMAGE, CODE, 1)).toEqual(code);
  expect(await fast.render(network, code, CODE, 1)).toEqual(image);
  const trajectories = fast.trajectories();
  expect(await trajectories.edit(network, IMAGE, CODE, HEALTHY_CODE)).toEqual({
    stochasticCode: code,
    reconstruction: image,
    healthyEdit: await reference.render(network, code, HEALTHY_CODE, 1),
  });
  expect(await trajectories.roundTrip(network, IMAGE, CODE, 1)).toEqual(image);
  expect(await trajectories.rescore!(network, IMAGE, CODE, 1)).toEqual(image);
});

it.each(['inversion', 'render'] as const)('comes closer to the reference at second order, %s', async direction => {
  const network = gaussianNetwork(SPREAD);
  // Without the clamped values, whose error is none.
  const image = IMAGE.slice(0, 5);
  const start = direction === 'inversion' ? image : await referenceSampler().invert(network, image, CODE, 1);
  const run = (sampler: ReturnType<typeof fastSampler>) =>
    direction === 'inversion' ? sampler.invert(network, start, CODE, 1) : sampler.render(network, start, CODE, 1);
  const exact = await run(referenceSampler());
  const errors: number[] = [];
  for (const stride of [8, 4, 2]) {
    const slice = { inversion: thinned(INVERSION, stride), render: thinned(RENDER, stride) };
    errors.push(maxDifference(await run(fastSampler({ nodes: { slice } })), exact));
  }
  expect(errors[2]).toBeGreaterThan(0);
  expect(errors[0]).toBeGreaterThan(errors[1]);
  // Over two halvings: where a node falls beside the dense part moves single errors by a third.
  expect(Math.log2(errors[0] / errors[2]) / 2).toBeGreaterThan(1.8);
});

it('follows the clamp of the reference, which an ODE solver does not see', async () => {
  const network = gaussianNetwork(SPREAD);
  const reference = await referenceSampler().invert(network, IMAGE, CODE, 1);
  const code = await fastSampler().invert(network, IMAGE, CODE, 1);
  expect(Math.abs(reference[6])).toBeGreaterThan(20);
  expect(maxDifference(code, reference)).toBeLessThan(0.05 * Math.abs(reference[6]));
});

/** About as much as models/default does: 0.003 from step to step; the same for every pixel here. */
const jitter = (timestep: number) => 0.004 * Math.sin(timestep * timestep);

it('sees through a network that jitters from timestep to timestep', async () => {
  const network = gaussianNetwork(2 * SPREAD, 1, jitter);
  const image = IMAGE.slice(0, 5);
  const exact = await referenceSampler().invert(network, image, CODE, 1);
  const code = await fastSampler({ id: 'thorough' }).invert(network, image, CODE, 1);
  const { points, nodes } = sparsePlan('inversion', THOROUGH_NODES.slice.inversion);
  const times = nodes.map(node => points[node].timestep);
  const single = await integrateSparse(network, image, CODE, 1, { points, nodes, times });
  expect(maxDifference(code, exact)).toBeLessThan(maxDifference(single, exact) / 3);
});

it('rescores: the same round trip with other nodes, closer to the reference', async () => {
  const network = gaussianNetwork(SPREAD, 1, jitter);
  const image = IMAGE.slice(0, 5).map((value, i) => (i < 2 ? value + 0.05 : value));
  const exact = await referenceSampler().trajectories().roundTrip(network, image, CODE, 1);
  const sampler = fastSampler({
    nodes: { rescored: { inversion: thinned(INVERSION, 2), render: thinned(RENDER, 2) } },
  });
  const trajectories = sampler.trajectories();
  await trajectories.edit(network, IMAGE.slice(0, 5), CODE, HEALTHY_CODE);
  const coarse = await trajectories.roundTrip(network, image, CODE, 1);
  network.calls.length = 0;
  const fine = await trajectories.rescore!(network, image, CODE, 1);
  expect(network.calls).toHaveLength(sampler.rescoringEvaluations!(1));
  expect(maxDifference(fine, exact)).toBeLessThan(maxDifference(coarse, exact) / 2);
});

it('with the first image as its reference, follows the reference of another more closely than alone', async () => {
  const network = gaussianNetwork(SPREAD);
  const other = IMAGE.map((value, i) => (i < 2 ? value + 0.05 : value));
  const exact = await referenceSampler().trajectories().roundTrip(network, other, CODE, 1);
  const withReference = fastSampler({ id: 'thorough', nodes: { firstComposite: EVERY } }).trajectories();
  await withReference.roundTrip(network, IMAGE, CODE, 1);
  const alone = fastSampler({ nodes: { firstComposite: THOROUGH_NODES.otherComposites } }).trajectories();
  const [error, errorAlone] = [
    maxDifference(await withReference.roundTrip(network, other, CODE, 1), exact),
    maxDifference(await alone.roundTrip(network, other, CODE, 1), exact),
  ];
  expect(error).toBeLessThan(errorAlone / 1.5);
});

it('follows the healthy edit of the reference with the reconstruction as its reference trajectory', async () => {
  const network = gaussianNetwork(SPREAD);
  const image = IMAGE.slice(0, 5);
  const exact = await referenceSampler().trajectories().edit(network, image, CODE, HEALTHY_CODE);
  const edit = await fastSampler().trajectories().edit(network, image, CODE, HEALTHY_CODE);
  const change = maxDifference(exact.reconstruction, exact.healthyEdit);
  const difference = (e: typeof edit) => e.healthyEdit.map((value, i) => value - e.reconstruction[i]);
  expect(change).toBeGreaterThan(0.05);
  expect(maxDifference(difference(edit), difference(exact))).toBeLessThan(change / 20);
});

it.each([
  ['above the deviation that it may have', -1, true],
  ['not below it', 1e6, false],
])('repeats an edit with closer nodes %s, from which all later images are guided', async (_, above, isRepeated) => {
  const network = gaussianNetwork(SPREAD);
  const image = IMAGE.slice(0, 5);
  const sampler = fastSampler({ nodes: { repeated: { above, slice: EVERY, edit: RENDER } } });
  const other = sampler.trajectories();
  const told: number[] = [];
  const edit = await other.edit(network, image, CODE, HEALTHY_CODE, {}, evaluations => told.push(evaluations));
  const more = isRepeated ? [INVERSION.length + 2 * RENDER.length] : [];
  expect(told).toEqual(more);
  expect(network.calls).toHaveLength(sampler.editEvaluations + (more[0] ?? 0));
  const once = fastSampler({ nodes: { repeated: undefined, ...(isRepeated ? { slice: EVERY, edit: RENDER } : {}) } });
  const alone = once.trajectories();
  expect(edit).toEqual(await alone.edit(network, image, CODE, HEALTHY_CODE));
  const composite = image.map(value => 0.9 * value);
  expect(await other.roundTrip(network, composite, CODE, 1)).toEqual(
    await alone.roundTrip(network, composite, CODE, 1)
  );
});

it('deviates the more, the farther its nodes are apart', async () => {
  const network = gaussianNetwork(SPREAD);
  const image = IMAGE.slice(0, 5);
  const deviation = async (stride: number) => {
    let sum = 0;
    const plan = sparsePlan('inversion', thinned(INVERSION, stride));
    await integrateSparse(network, image, CODE, 1, plan, {}, { onDeviation: one => (sum += one) });
    return sum;
  };
  const [far, near, every] = [await deviation(8), await deviation(4), await deviation(1)];
  expect(far).toBeGreaterThan(2 * near);
  expect(near).toBeGreaterThan(0);
  expect(every).toBe(0);
});

it('reads an inversion trajectory at the points of the render, in half log-SNR', () => {
  const lambda = (timestep: number) => halfLogSnr(alphaBars()[timestep]);
  const read = expectedRenderTrajectory(INVERSION.map(timestep => Float32Array.of(lambda(timestep))));
  expect(read).toHaveLength(RENDER.length);
  read.forEach(([value], i) => expect(value).toBeCloseTo(lambda(RENDER[i]), 5));
});

it('treats a batch that follows the first image like single images and does not mutate its inputs', async () => {
  const network = gaussianNetwork(SPREAD);
  const others = [IMAGE.map(x => x / 2), IMAGE.map(x => 0.9 * x)];
  const both = Float32Array.from([...others[0], ...others[1]]);
  const copy = both.slice();
  const series = async () => {
    const { roundTrip } = fastSampler().trajectories();
    await roundTrip(network, IMAGE, CODE, 1);
    return roundTrip;
  };
  const batched = await (await series())(network, both, Float32Array.of(0.4, 0.3), 2);
  const second = await (await series())(network, others[1], Float32Array.of(0.3), 1);
  expect(both).toEqual(copy);
  expect(batched.slice(IMAGE.length)).toEqual(second);
});

it('announces what a slice costs, and the timesteps', async () => {
  const network = gaussianNetwork(SPREAD);
  const sampler = fastSampler();
  const { edit, roundTrip } = sampler.trajectories();
  await edit(network, IMAGE, CODE, HEALTHY_CODE);
  expect(network.calls).toHaveLength(sampler.editEvaluations);
  for (let i = 0; i < 3; i++) await roundTrip(network, IMAGE, CODE, 1);
  expect(network.calls).toHaveLength(sampler.editEvaluations + sampler.roundTripEvaluations(3));
  expect(sampler.roundTripEvaluations(0)).toBe(0);
  expect(sampler.roundTripEvaluations(1)).toBe(
    NODES.firstComposite.inversion.length + NODES.firstComposite.render.length
  );
  expect(timestepsOf(network.calls)).toEqual(new Set(sampler.timesteps));
});

it.each([
  ['none', []],
  ['without the last', [0, 4]],
  ['between the steps', [0, 5, 996]],
  ['out of order', [0, 8, 4, 996]],
])('refuses nodes: %s', (_, nodes) => {
  expect(() => sparsePlan('inversion', nodes)).toThrow(RangeError);
});
