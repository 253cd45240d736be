import { referenceSampler } from './ddim';
import { alphaBars } from './schedule';
import { denoise, odeSampler, lambdaGrid } from './multistep';
import { gaussianFlow, gaussianNetwork } from './testNetworks';

const SPREAD = 0.15;
const MEAN = 0.4;
const IMAGE = Float32Array.from([0.1, 0.35, 0.4, 0.62, 0.8]);
const CODE = Float32Array.of(MEAN);
const table = alphaBars();
const [CLEAN, NOISY] = [table[0], table[999]];

const maxError = (values: Float32Array, exact: (i: number) => number) =>
  values.reduce((worst, value, i) => Math.max(worst, Math.abs(value - exact(i))), 0);

async function inversionError(steps: number) {
  const code = await odeSampler({ inversionSteps: steps }).invert(gaussianNetwork(SPREAD), IMAGE, CODE, 1);
  return maxError(code, i => gaussianFlow(IMAGE[i], MEAN, SPREAD, CLEAN, NOISY));
}

async function renderError(steps: number) {
  const start = IMAGE.map(x => gaussianFlow(x, MEAN, SPREAD, CLEAN, NOISY));
  const sampler = odeSampler({ renderSteps: steps });
  const image = await sampler.render(gaussianNetwork(SPREAD), start, CODE, 1);
  // The last evaluation takes the state at the least noisy level to the posterior mean of the clean image.
  const network = gaussianNetwork(SPREAD);
  const exact = denoise(IMAGE, await network.predictNoise(IMAGE, 0, CODE, 1), CLEAN);
  return maxError(image, i => exact[i]);
}

describe('ODE sampler on a Gaussian with a known score', () => {
  it.each([
    ['inversion', inversionError],
    ['render', renderError],
  ])('%s converges at second order', async (_, error) => {
    const errors = [];
    for (const steps of [20, 40, 80]) errors.push(await error(steps));
    for (const [coarse, fine] of [
      [errors[0], errors[1]],
      [errors[1], errors[2]],
    ]) {
      const order = Math.log2(coarse / fine);
      expect(order).toBeGreaterThan(1.7);
      expect(order).toBeLessThan(2.6);
    }
  });

  it('is closer to the exact flow than the reference sampler with a twentieth of the evaluations', async () => {
    const reference = await referenceSampler().invert(gaussianNetwork(SPREAD), IMAGE, CODE, 1);
    const referenceError = maxError(reference, i => gaussianFlow(IMAGE[i], MEAN, SPREAD, CLEAN, 0));
    expect(await inversionError(12)).toBeLessThan(referenceError);
  });

  it('returns to the image it inverted', async () => {
    const sampler = odeSampler({ inversionSteps: 20, renderSteps: 20 });
    const network = gaussianNetwork(SPREAD);
    const image = await sampler.render(network, await sampler.invert(network, IMAGE, CODE, 1), CODE, 1);
    expect(maxError(image, i => IMAGE[i])).toBeLessThan(0.01);
  });

  it('asks for as many evaluations as it announces, at falling noise on the way down', async () => {
    const sampler = odeSampler({ inversionSteps: 7, renderSteps: 9 });
    const network = gaussianNetwork(SPREAD);
    let counted = 0;
    await sampler.invert(network, IMAGE, CODE, 1, { onEvaluations: n => (counted += n) });
    expect(counted).toBe(sampler.inversionEvaluations);
    expect(network.calls).toEqual([...network.calls].sort((a, b) => Number(a) - Number(b)));
    await sampler.render(network, IMAGE, CODE, 1);
    expect(network.calls.length).toBe(7 + sampler.renderEvaluations);
    expect(network.calls[network.calls.length - 1]).toBe(0);
  });
});

it('spaces the grid evenly in half log-SNR between the ends of the schedule', () => {
  const grid = lambdaGrid(8);
  expect(grid[0].alphaBar).toBeCloseTo(CLEAN, 12);
  expect(grid[8].alphaBar).toBeCloseTo(NOISY, 12);
  expect([grid[0].timestep, grid[8].timestep]).toEqual([0, 999]);
  const steps = grid.slice(1).map((point, i) => point.lambda - grid[i].lambda);
  for (const step of steps) expect(step).toBeCloseTo(steps[0], 9);
});
