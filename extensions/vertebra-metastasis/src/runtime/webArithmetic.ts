/** Opens the noise predictor in float16 on WebGPU, beside the same in float32 that it is judged by. */
import type { ArithmeticOutcome } from '../core';
import { arithmeticSamples, chooseArithmetic } from './arithmetic';
import type { LoadedNetwork } from './network';
import { type NoisePredictor, plainPredictor } from './noisePredictor';
import { withHalfArithmetic } from './onnx/halfArithmetic';
import type { SelfTest } from './selfTest';
import type { OrtSession, TensorFactory } from './session';
import { openWebSession } from './webSession';

export interface ArithmeticPlace {
  /** On the device, in float32. */
  readonly network: LoadedNetwork;
  readonly float32: OrtSession;
  /** Reads noise_predictor.onnx. */
  readonly weights: () => Promise<Uint8Array>;
  readonly test: SelfTest;
  readonly createTensor: TensorFactory;
}

/** @returns the session to use instead, where float16 was chosen; the one in float32 is the caller's to release */
export async function float16Session(
  { network, float32, weights, test, createTensor }: ArithmeticPlace,
  always: boolean
): Promise<{ readonly outcome: ArithmeticOutcome; readonly session?: OrtSession }> {
  const predictor = (session: OrtSession): NoisePredictor & { readonly session: OrtSession } => ({
    ...plainPredictor(session, createTensor),
    session,
  });
  const { outcome, float16 } = await chooseArithmetic({
    float32: predictor(float32),
    openFloat16: async () =>
      predictor(await openWebSession('webgpu', 'noisePredictor', withHalfArithmetic(await weights()))),
    samples: await arithmeticSamples(network, test),
    always,
  });
  return { outcome, session: float16?.session };
}
