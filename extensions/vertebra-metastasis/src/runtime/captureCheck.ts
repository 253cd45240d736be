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
