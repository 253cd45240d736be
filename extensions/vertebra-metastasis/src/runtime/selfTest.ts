import { z } from 'zod';
import type { DiffusionAutoencoder } from '../core';
import { InputError, type LatentClassifierWeights, malignancyProbability, PATCH_PIXELS, STACK_KINDS } from '../core';
import { parseWith } from './manifest';

/** The classifier is plain arithmetic on stored numbers: nothing but the order of additions may differ. */
const PROBABILITY_TOLERANCE = 1e-4;

/** Of outputs whose values are about 1: a larger tolerance would pass a provider that computes nonsense. */
export const tolerance = z.number().positive().max(0.25);
const image = z.array(z.number()).length(PATCH_PIXELS);
const selfTestSchema = z.object({
  patch: image,
  code: z.array(z.number()).min(1),
  timestep: z.number().min(0).lt(1000),
  noisy: image,
  noise: image,
  tolerance,
  /** P(malignant) of `code`, by the classifier that belongs to these weights; absent in models converted before it was kept. */
  malignancyProbability: z.number().min(0).max(1).optional(),
  /** Logits (lytic, blastic) of the screening network for `selfTestStack`; optional even where the model has one. */
  screeningLogits: z.array(z.number()).length(STACK_KINDS).optional(),
});

/** One encoder and one noise evaluation with the results that PyTorch gave in float32 (self-test.json of a model folder). */
export type SelfTest = z.infer<typeof selfTestSchema>;

/** @throws InputError 'self-test-file' naming the wrong field */
export function parseSelfTest(json: unknown): SelfTest {
  return parseWith(selfTestSchema, json, 'self-test-file');
}

/**
 * Refuses a classifier that does not belong to the weights: of another model, inverted, or with its numbers in another order.
 * @throws InputError 'self-test-file'
 */
export function checkClassifier(
  { code, malignancyProbability: expected }: SelfTest,
  classifier: LatentClassifierWeights
) {
  if (code.length !== classifier.coef.length) {
    const problems = [`code: has ${code.length} numbers, but the classifier takes ${classifier.coef.length}`];
    throw new InputError('self-test-file', { problems });
  }
  if (expected === undefined) return;
  const found = malignancyProbability(classifier, Float32Array.from(code));
  if (Math.abs(found - expected) <= PROBABILITY_TOLERANCE) return;
  const problems = [`malignancyProbability: is ${expected}, but the manifest's classifier gives ${found}`];
  throw new InputError('self-test-file', { problems });
}

export interface SelfTestResult {
  /** Largest absolute differences from PyTorch. */
  readonly codeError: number;
  readonly noiseError: number;
  readonly passed: boolean;
  /** Wall time of one noise prediction, in milliseconds per image: of the second, as the first one compiles shaders or code. */
  readonly evaluationMs: number;
}

/**
 * The first prediction is slow for reasons of its own: shaders are compiled, WebAssembly runs as it was translated in a hurry (measured:
 * five times as long), arenas are filled. Longer than this, on a software adapter, it is taken as it is.
 */
const SECOND_AFTER_MS = 60_000;

/**
 * Runs the stored evaluation, alone and as last of a batch of the preferred size whose other images differ: providers have
 * given wrong numbers silently (onnxruntime #24070, #25029, #26367), and kernels for batches are kernels of their own.
 * @param timed `onceFromMs`: a prediction that takes this long is not made a second time to be timed
 */
export async function runSelfTest(
  network: DiffusionAutoencoder,
  test: SelfTest,
  timed: { readonly onceFromMs?: number } = {}
): Promise<SelfTestResult> {
  let codeError = 0;
  let noiseError = 0;
  let evaluationMs = Infinity;
  for (const batch of new Set([1, network.preferredBatch])) {
    const code = await network.encode(lastOfBatch(test.patch, batch), batch);
    const started = performance.now();
    const evaluate = () =>
      network.predictNoise(lastOfBatch(test.noisy, batch), test.timestep, lastOfBatch(test.code, batch), batch);
    const noise = await evaluate();
    let took = performance.now() - started;
    if (took < (timed.onceFromMs ?? SECOND_AFTER_MS)) {
      const again = performance.now();
      await evaluate();
      took = Math.min(took, performance.now() - again);
    }
    evaluationMs = Math.min(evaluationMs, took / batch);
    codeError = Math.max(codeError, worstDifference(code.slice(-test.code.length), test.code));
    noiseError = Math.max(noiseError, worstDifference(noise.slice(-test.noise.length), test.noise));
  }
  return { codeError, noiseError, passed: Math.max(codeError, noiseError) <= test.tolerance, evaluationMs };
}

/** `values` behind images of other content: were any mixed up, the last would come out wrong. */
export function lastOfBatch(values: readonly number[], batch: number): Float32Array {
  const all = new Float32Array(batch * values.length);
  for (let image = 0; image < batch; image++) {
    const decoy = image + 1 - batch;
    all.set(decoy ? values.map(value => decoy * value) : values, image * values.length);
  }
  return all;
}

/** Largest absolute difference; infinite for a difference in length or a value that is no number. */
export function worstDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    if (Number.isNaN(difference)) return Infinity;
    worst = Math.max(worst, difference);
  }
  return worst;
}
