import type { ArithmeticOutcome } from '../core';
import { runTime } from './captureCheck';
import type { LoadedNetwork } from './network';
import type { NoiseInputs, NoisePredictor } from './noisePredictor';
import type { SelfTest } from './selfTest';
import { lastOfBatch, worstDifference } from './selfTest';

/**
 * Largest difference of a noise prediction in float16 from the same in float32 that is accepted, in any pixel; the noise has standard
 * deviation 1. What it means for masks is in docs/speed.md.
 */
export const FLOAT16_BOUND = 0.01;
/** float16 is worth its rounding where a run takes at most this share of the time in float32. */
const WORTHWHILE = 0.9;

export interface ArithmeticOptions<P extends NoisePredictor> {
  readonly float32: NoisePredictor;
  /** Opens the same network in float16. */
  readonly openFloat16: () => Promise<P>;
  /** The last is timed. */
  readonly samples: readonly NoiseInputs[];
  /** float16 also where it is not faster; for tests. */
  readonly always?: boolean;
  /** Milliseconds of one run. */
  readonly time?: (predictor: NoisePredictor, inputs: NoiseInputs) => Promise<number>;
}

export interface ArithmeticChoice<P> {
  readonly outcome: ArithmeticOutcome;
  /** To be used, and released, instead of the other; undefined: float32 stays. */
  readonly float16?: P;
}

/**
 * float16 where each sample agrees with float32 and a run is faster. Whatever goes wrong with float16 is told and leaves nothing open.
 * @throws what the predictor in float32 throws
 */
export async function chooseArithmetic<P extends NoisePredictor>({
  float32,
  openFloat16,
  samples,
  always = false,
  time = runTime,
}: ArithmeticOptions<P>): Promise<ArithmeticChoice<P>> {
  const expected: Float32Array[] = [];
  for (const sample of samples) expected.push(await float32.predict(sample));
  const timed = samples[samples.length - 1];
  const float32Ms = await time(float32, timed);
  let opened: P | undefined;
  try {
    opened = await openFloat16();
    let error = 0;
    for (const [n, sample] of samples.entries()) {
      error = Math.max(error, worstDifference(await opened.predict(sample), expected[n]));
    }
    const bound = FLOAT16_BOUND;
    const float16Ms = error <= bound ? await time(opened, timed) : Infinity;
    const outcome: ArithmeticOutcome = !(error <= bound)
      ? { code: 'disagrees', error, bound }
      : always || float16Ms <= WORTHWHILE * float32Ms
        ? { code: 'float16', error, bound, float16Ms, float32Ms }
        : { code: 'slower', float16Ms, float32Ms };
    if (outcome.code === 'float16') return { outcome, float16: opened };
    await opened.release();
    return { outcome };
  } catch (error) {
    // It failed before; that it may fail to close as well says nothing new.
    await opened?.release().catch(() => undefined);
    return { outcome: { code: 'failed', message: error instanceof Error ? error.message : String(error) } };
  }
}

/** Predictions from the clean image to pure noise, alone and in a batch of the preferred size. */
export async function arithmeticSamples(
  network: LoadedNetwork,
  { patch, noisy, code, timestep }: SelfTest
): Promise<NoiseInputs[]> {
  const of = (image: readonly number[], time: number, batch: number) =>
    network.noiseInputs(lastOfBatch(image, batch), time, lastOfBatch(code, batch), batch);
  const alone = [await of(patch, 0, 1), await of(noisy, timestep, 1), await of([...noisy].reverse(), 996, 1)];
  return network.preferredBatch > 1 ? [...alone, await of(noisy, timestep, network.preferredBatch)] : alone;
}
