import type { DdimStep, DiffusionAutoencoder } from '../types';
import type { Hooks, Sampler } from './sampler';
import { evaluateNoise, independentTrajectories, throwIfCancelled } from './sampler';
import { alphaBars, usedTimesteps } from './schedule';

/** Steps of the authors' notebook (there called T_semantic and T_stochastic). */
export const REFERENCE_INVERSION_STEPS = 250;
export const REFERENCE_RENDER_STEPS = 100;
/** alphaBar behind the last inversion step: the reference lets the image vanish entirely. */
export const LAST_ALPHA_BAR = 0;
/** alphaBar below the first render step: a clean image. */
export const CLEAN_ALPHA_BAR = 1;

/** To the range of x0 in the authors' code. Written out: Math.min and Math.max cost more than the rest of a step. */
export function clamped(value: number): number {
  return value > 1 ? 1 : value < -1 ? -1 : value;
}

/** The image that a noise prediction implies, clamped to [-1, 1] as in the authors' code; in double precision. */
export function cleanEstimate(noisy: Float32Array, noise: Float32Array, alphaBar: number): Float64Array {
  const sqrtRecip = Math.sqrt(1 / alphaBar);
  const sqrtRecipMinusOne = Math.sqrt(1 / alphaBar - 1);
  const clean = new Float64Array(noisy.length);
  for (let i = 0; i < clean.length; i++) {
    clean[i] = clamped(sqrtRecip * noisy[i] - sqrtRecipMinusOne * noise[i]);
  }
  return clean;
}

/**
 * One deterministic DDIM update (Song et al. 2021, eq. 12 with sigma = 0), as the authors' code does it: eps is derived
 * anew from the clamped estimate of the clean image.
 * @param alphaBar at the current step; `alphaBarTarget` at the step arrived at (either direction)
 */
export function ddimMove(
  noisy: Float32Array,
  clean: Float64Array,
  alphaBar: number,
  alphaBarTarget: number
): Float32Array {
  const sqrtRecip = Math.sqrt(1 / alphaBar);
  const sqrtRecipMinusOne = Math.sqrt(1 / alphaBar - 1);
  const signal = Math.sqrt(alphaBarTarget);
  const sigma = Math.sqrt(1 - alphaBarTarget);
  const next = new Float32Array(noisy.length);
  for (let i = 0; i < next.length; i++) {
    next[i] = signal * clean[i] + sigma * ((sqrtRecip * noisy[i] - clean[i]) / sqrtRecipMinusOne);
  }
  return next;
}

/** {@link cleanEstimate} and {@link ddimMove} in one: a step of the reference. */
export function ddimStep(
  noisy: Float32Array,
  noise: Float32Array,
  alphaBar: number,
  alphaBarTarget: number
): Float32Array {
  return ddimMove(noisy, cleanEstimate(noisy, noise, alphaBar), alphaBar, alphaBarTarget);
}

async function walk(
  network: DiffusionAutoencoder,
  images: Float32Array,
  steps: readonly DdimStep[],
  codes: Float32Array,
  batch: number,
  hooks: Hooks
): Promise<Float32Array> {
  const { advance, stepsAtOnce = 1 } = network;
  let noisy = images;
  for (let at = 0; at < steps.length; ) {
    if (advance && stepsAtOnce > 1) {
      throwIfCancelled(hooks.cancel);
      const some = steps.slice(at, at + stepsAtOnce);
      noisy = await advance.call(network, noisy, some, codes, batch);
      hooks.onEvaluations?.(batch * some.length);
      at += some.length;
    } else {
      const { timestep, alphaBar, target } = steps[at++];
      noisy = ddimStep(noisy, await evaluateNoise(network, noisy, timestep, codes, batch, hooks), alphaBar, target);
    }
  }
  return noisy;
}

/** The authors' sampler: `inversionSteps` upward, `renderSteps` downward, both on every (1000 / steps)-th timestep. */
export function referenceSampler({
  inversionSteps = REFERENCE_INVERSION_STEPS,
  renderSteps = REFERENCE_RENDER_STEPS,
} = {}): Sampler {
  const table = alphaBars();
  const up = usedTimesteps(inversionSteps);
  const down = usedTimesteps(renderSteps);

  const step = (timestep: number, target: number): DdimStep => ({ timestep, alphaBar: table[timestep], target });
  // Made once: slices side by side share a call where their steps are the same objects.
  const upward = up.map((timestep, i) => step(timestep, i + 1 < up.length ? table[up[i + 1]] : LAST_ALPHA_BAR));
  const downward = down.map((timestep, i) => step(timestep, i > 0 ? table[down[i - 1]] : CLEAN_ALPHA_BAR)).reverse();
  const along =
    (steps: readonly DdimStep[]): Sampler['invert'] =>
    (network, images, codes, batch, hooks = {}) =>
      walk(network, images, steps, codes, batch, hooks);
  const [invert, render] = [along(upward), along(downward)];

  const timesteps = [...new Set([...up, ...down])];
  const steps = { inversionEvaluations: up.length, renderEvaluations: down.length, invert, render };
  const spec = { id: 'reference', inversionSteps, renderSteps } as const;
  return { id: 'reference', spec, timesteps, ...steps, ...independentTrajectories(steps) };
}
