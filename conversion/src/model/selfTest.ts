/** Runs the written graphs once, and makes from it the self-test that a viewer runs before trusting a provider. */
import { type LatentClassifierWeights, malignancyProbability, PATCH_PIXELS, PATCH_SIZE } from '@spine/core';
import { CommandError } from '@spine/headless/cli';
import { randomStream } from '@spine/phantoms/math/random';
import { createNetwork } from '@spine/runtime/network';
import { type ModelSessions, releaseSessions, SESSION_KEYS } from '@spine/runtime/session';
import { type SelfTest, worstDifference } from '@spine/runtime/selfTest';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { join } from 'node:path';
import { FILES } from './manifest';

const SEED = 'self-test 20240601';
const TIMESTEP = 496;
/** Absolute error allowed of a provider: wrong kernels miss by far more, right ones by about 1e-6. */
const TOLERANCE = 0.002;
/** Where the stored weights' own rounding is larger, the tolerance is this many times the error that it makes. */
const HEADROOM = 4;
/** Largest error of float16 weights, relative to the largest value; 6e-4 is usual. */
const HALF_TOLERANCE = 1e-2;

interface Sizes {
  readonly codeSize: number;
  readonly conditioningSize: number;
}

/** One evaluation each: inputs as float32, and what the graphs of a folder give for them. */
export interface Evaluation {
  readonly patch: Float32Array;
  readonly noisy: Float32Array;
  readonly code: Float32Array;
  readonly noise: Float32Array;
}

/** A patch in [0, 1.2], smooth as a CT slice is, and noise. */
export function sampleInputs(): { patch: Float32Array; noisy: Float32Array } {
  const random = randomStream(SEED);
  const coarse = Float32Array.from({ length: 64 }, () => random.range(0, 1.2));
  const patch = Float32Array.from({ length: PATCH_PIXELS }, (_, pixel) => {
    const scale = 7 / (PATCH_SIZE - 1);
    const [row, column] = [Math.floor(pixel / PATCH_SIZE) * scale, (pixel % PATCH_SIZE) * scale];
    const [r, c] = [Math.min(6, Math.floor(row)), Math.min(6, Math.floor(column))];
    const along = (line: number) => coarse[line * 8 + c] * (1 - (column - c)) + coarse[line * 8 + c + 1] * (column - c);
    return along(r) * (1 - (row - r)) + along(r + 1) * (row - r);
  });
  return { patch, noisy: Float32Array.from({ length: PATCH_PIXELS }, () => random.normal(0, 1)) };
}

/**
 * Evaluates the graphs of a folder on the CPU.
 * @param code for the noise prediction; by default the encoder's own
 * @throws CommandError 'model-file' for graphs that onnxruntime refuses or that give no finite numbers
 */
export async function evaluate(folder: string, sizes: Sizes, code?: Float32Array): Promise<Evaluation> {
  const opened: InferenceSession[] = [];
  try {
    for (const key of SESSION_KEYS) {
      opened.push(
        await InferenceSession.create(join(folder, FILES[key]), {
          intraOpNumThreads: 2,
          interOpNumThreads: 1,
          logSeverityLevel: 3,
        })
      );
    }
    const sessions = Object.fromEntries(SESSION_KEYS.map((key, i) => [key, opened[i]])) as unknown as ModelSessions;
    const createTensor = (data: Float32Array, dims: readonly number[]) => new Tensor('float32', data, dims);
    const network = createNetwork(sessions, sizes, { createTensor, preferredBatch: 1 });
    const { patch, noisy } = sampleInputs();
    const encoded = await network.encode(patch, 1);
    const noise = await network.predictNoise(noisy, TIMESTEP, code ?? encoded, 1);
    if (![...encoded, ...noise].every(Number.isFinite)) throw new Error('its results are not finite');
    return { patch, noisy, code: encoded, noise };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError('model-file', `the converted graphs do not run: ${(error as Error).message}`);
  } finally {
    await releaseSessions(opened);
  }
}

/**
 * The contents of self-test.json: the outputs of the float32 graphs, and how far a provider may be off.
 * @param stored what the graphs give as they are stored; the same where their weights are float32
 * @throws CommandError 'model-file' when storing the weights as float16 costs more than it may
 */
export function selfTestOf(exact: Evaluation, stored: Evaluation, classifier: LatentClassifierWeights): SelfTest {
  const errors = (['code', 'noise'] as const).map(name => {
    const error = worstDifference(stored[name], exact[name]);
    const relative = error / Math.max(1e-12, ...exact[name].map(Math.abs));
    if (!(relative <= HALF_TOLERANCE)) {
      throw new CommandError(
        'model-file',
        `with float16 weights the ${name} differs by ${relative.toExponential(1)} of its range; more than ${HALF_TOLERANCE} is not accepted: use --precision float32`
      );
    }
    return error;
  });
  return {
    patch: shortest(exact.patch),
    code: shortest(exact.code),
    timestep: TIMESTEP,
    noisy: shortest(exact.noisy),
    noise: shortest(exact.noise),
    malignancyProbability: malignancyProbability(classifier, exact.code),
    tolerance: Math.max(TOLERANCE, Number((HEADROOM * Math.max(...errors)).toFixed(4))),
  };
}

/** Nine digits give the same float32 back. */
function shortest(values: Float32Array): number[] {
  return Array.from(values, value => Number(value.toPrecision(9)));
}
