import { z } from 'zod';
import type { DiffusionAutoencoder } from '../core';
import { PATCH_PIXELS } from '../core';
import { parseWith } from './manifest';

const image = z.array(z.number()).length(PATCH_PIXELS);
const selfTestSchema = z.object({
  patch: image,
  code: z.array(z.number()).min(1),
  timestep: z.number().min(0).lt(1000),
  noisy: image,
  noise: image,
  tolerance: z.number().positive(),
});

/** One encoder and one noise evaluation with the results that PyTorch gave in float32 (self-test.json of a model folder). */
export type SelfTest = z.infer<typeof selfTestSchema>;

/** @throws InputError 'self-test-file' naming the wrong field */
export function parseSelfTest(json: unknown): SelfTest {
  return parseWith(selfTestSchema, json, 'self-test-file', "The model's self-test", 'Convert the model again.');
}

export interface SelfTestResult {
  /** Largest absolute differences from PyTorch. */
  readonly codeError: number;
  readonly noiseError: number;
  readonly passed: boolean;
  /** Wall time of the noise evaluation, in milliseconds; a first estimate of what one costs. */
  readonly evaluationMs: number;
}

/** Runs the stored evaluation: providers have given wrong numbers silently (onnxruntime #24070, #25029, #26367). */
export async function runSelfTest(network: DiffusionAutoencoder, test: SelfTest): Promise<SelfTestResult> {
  const code = await network.encode(Float32Array.from(test.patch), 1);
  const started = performance.now();
  const noise = await network.predictNoise(
    Float32Array.from(test.noisy),
    test.timestep,
    Float32Array.from(test.code),
    1
  );
  const evaluationMs = performance.now() - started;
  const codeError = worstDifference(code, test.code);
  const noiseError = worstDifference(noise, test.noise);
  return { codeError, noiseError, passed: Math.max(codeError, noiseError) <= test.tolerance, evaluationMs };
}

/** Largest absolute difference; infinite for a difference in length or a value that is no number. */
function worstDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    if (Number.isNaN(difference)) return Infinity;
    worst = Math.max(worst, difference);
  }
  return worst;
}
