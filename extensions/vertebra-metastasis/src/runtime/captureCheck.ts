import { type DdimStep, ddimStep } from '../core';
import type { NoiseInputs, NoisePredictor } from './noisePredictor';
import { worstDifference } from './selfTest';

/**
 * Largest difference of a captured graph from the plain one. Its first run makes the commands, the second plays them back with
 * other inputs, the third with the first ones again: a graph that kept inputs or outputs of an earlier run shows it there
 * (onnxruntime #29594).
 */
export async function captureError(
  captured: NoisePredictor,
  plain: NoisePredictor,
  [first, second]: readonly [NoiseInputs, NoiseInputs]
): Promise<number> {
  const expected = { first: await plain.predict(first), second: await plain.predict(second) };
  let worst = 0;
  for (const which of ['first', 'second', 'first'] as const) {
    const found = await captured.predict(which === 'first' ? first : second);
    worst = Math.max(worst, worstDifference(found, expected[which]));
  }
  return worst;
}

/** Of the samples' timesteps; what the images look like between them does not matter. */
const CHECKED_STEPS: readonly Omit<DdimStep, 'timestep'>[] = [
  { alphaBar: 0.5, target: 0.4 },
  { alphaBar: 0.4, target: 0.6 },
];

/**
 * Largest difference of images after two steps on the device from the same two with the arithmetic of core/method, each with the
 * conditioning of another sample.
 */
export async function advanceError(
  captured: NoisePredictor,
  plain: NoisePredictor,
  samples: readonly [NoiseInputs, NoiseInputs]
): Promise<number> {
  const [{ batch, noisy, codeScale }] = samples;
  const steps = CHECKED_STEPS.map((step, n) => ({ ...step, timestep: 0, time: samples[n].time }));
  let expected = noisy;
  for (const { time, alphaBar, target } of steps) {
    expected = ddimStep(expected, await plain.predict({ batch, noisy: expected, time, codeScale }), alphaBar, target);
  }
  return worstDifference(await captured.advance!({ batch, noisy, codeScale, steps }), expected);
}

/** Runs that are timed, after one that is not; their median counts. */
const TIMED_RUNS = 3;
/** A run as slow as this is measured once: its warm-up hardly matters. */
const SLOW_MS = 500;

/** Milliseconds of one run. */
export async function runTime(predictor: NoisePredictor, inputs: NoiseInputs): Promise<number> {
  const once = async () => {
    const started = performance.now();
    await predictor.predict(inputs);
    return performance.now() - started;
  };
  const warmUp = await once();
  if (warmUp > SLOW_MS) return warmUp;
  const times: number[] = [];
  while (times.length < TIMED_RUNS) times.push(await once());
  return times.sort((a, b) => a - b)[TIMED_RUNS >> 1];
}
