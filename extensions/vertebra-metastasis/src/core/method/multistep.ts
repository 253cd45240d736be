import type { DiffusionAutoencoder } from '../types';
import type { Hooks, Sampler } from './sampler';
import { evaluateNoise, independentTrajectories } from './sampler';
import { alphaBarOfHalfLogSnr, alphaBars, halfLogSnr, timestepOfAlphaBar } from './schedule';

/** Steps of the ODE sampler, which the fast one replaced (docs/speed.md tells why). */
export const ODE_INVERSION_STEPS = 10;
export const ODE_RENDER_STEPS = 10;

/** One point of the integration grid. */
interface GridPoint {
  readonly alphaBar: number;
  readonly lambda: number;
  /** Fractional timestep that the network is asked for. */
  readonly timestep: number;
}

/** `steps + 1` points from clean to noisy, uniform in lambda (half log-SNR) over the training schedule's range. */
export function lambdaGrid(steps: number): GridPoint[] {
  if (!Number.isInteger(steps) || steps < 1) throw new RangeError(`${steps} steps: at least one is needed`);
  const table = alphaBars();
  const first = halfLogSnr(table[0]);
  const last = halfLogSnr(table[table.length - 1]);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const lambda = first + ((last - first) * i) / steps;
    const alphaBar = alphaBarOfHalfLogSnr(lambda);
    return { alphaBar, lambda, timestep: timestepOfAlphaBar(alphaBar, table) };
  });
}

/**
 * One step of the exponential integrator in eps form: Lu et al. 2022 (DPM-Solver), eq. 3.7 for the first step, and the
 * two-step multistep extrapolation of eps (the noise-prediction form of DPM-Solver++(2M), Lu et al. 2022b, algorithm 2):
 * x_b = sqrt(b/a) x_a - sqrt(1 - b) (e^h - 1) E,  h = lambda_b - lambda_a,  E = (1 + 1/(2r)) eps - 1/(2r) epsBefore, r = hBefore / h.
 */
export function multistepUpdate(
  noisy: Float32Array,
  noise: Float32Array,
  before: { readonly noise: Float32Array; readonly step: number } | undefined,
  from: GridPoint,
  to: GridPoint
): Float32Array {
  const step = to.lambda - from.lambda;
  const carry = Math.sqrt(to.alphaBar / from.alphaBar);
  const gain = -Math.sqrt(1 - to.alphaBar) * Math.expm1(step);
  const slope = before ? step / (2 * before.step) : 0;
  const next = new Float32Array(noisy.length);
  for (let i = 0; i < next.length; i++) {
    const extrapolated = before ? noise[i] + slope * (noise[i] - before.noise[i]) : noise[i];
    next[i] = carry * noisy[i] + gain * extrapolated;
  }
  return next;
}

/** x0 = clamp((x - sqrt(1 - a) eps) / sqrt(a), -1, 1): the last evaluation turns the least noisy state into an image. */
export function denoise(noisy: Float32Array, noise: Float32Array, alphaBar: number): Float32Array {
  const signal = Math.sqrt(alphaBar);
  const sigma = Math.sqrt(1 - alphaBar);
  return noisy.map((value, i) => Math.min(1, Math.max(-1, (value - sigma * noise[i]) / signal)));
}

async function integrate(
  network: DiffusionAutoencoder,
  start: Float32Array,
  grid: readonly GridPoint[],
  codes: Float32Array,
  batch: number,
  hooks: Hooks
): Promise<Float32Array> {
  let noisy = start;
  let before: { noise: Float32Array; step: number } | undefined;
  for (let i = 0; i + 1 < grid.length; i++) {
    const noise = await evaluateNoise(network, noisy, grid[i].timestep, codes, batch, hooks);
    noisy = multistepUpdate(noisy, noise, before, grid[i], grid[i + 1]);
    before = { noise, step: grid[i + 1].lambda - grid[i].lambda };
  }
  return noisy;
}

/**
 * Second-order multistep solution of the probability-flow ODE in both directions. It follows the true ODE, so it differs
 * from the reference's discretisation; it is gated on P(malignant), scores and masks (docs/speed.md), not on images alone.
 */
export function odeSampler({ inversionSteps = ODE_INVERSION_STEPS, renderSteps = ODE_RENDER_STEPS } = {}): Sampler {
  const up = lambdaGrid(inversionSteps);
  const down = lambdaGrid(renderSteps).reverse();

  async function invert(
    network: DiffusionAutoencoder,
    patches: Float32Array,
    codes: Float32Array,
    batch: number,
    hooks: Hooks = {}
  ) {
    return integrate(network, patches, up, codes, batch, hooks);
  }

  async function render(
    network: DiffusionAutoencoder,
    stochasticCodes: Float32Array,
    codes: Float32Array,
    batch: number,
    hooks: Hooks = {}
  ) {
    const noisy = await integrate(network, stochasticCodes, down, codes, batch, hooks);
    const clean = down[down.length - 1];
    return denoise(noisy, await evaluateNoise(network, noisy, clean.timestep, codes, batch, hooks), clean.alphaBar);
  }

  const timesteps = [...new Set([...up.slice(0, -1), ...down].map(({ timestep }) => timestep))];
  const steps = { inversionEvaluations: inversionSteps, renderEvaluations: renderSteps + 1, invert, render };
  const spec = { id: 'ode', inversionSteps, renderSteps } as const;
  return { id: 'ode', spec, timesteps, ...steps, ...independentTrajectories(steps) };
}
