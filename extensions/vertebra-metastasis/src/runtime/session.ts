import type { Tensor } from 'onnxruntime-web';
import { InputError } from '../core';

/** The part of onnxruntime's InferenceSession that the networks need; onnxruntime-web and -node both have it. */
export interface OrtSession {
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

/** Makes a float32 tensor over `data` without copying it. */
export type TensorFactory = (data: Float32Array, dims: readonly number[]) => Tensor;

/** The graphs of a model folder. */
export interface ModelSessions {
  /** patch [B,1,64,64] -> code [B,Z] */
  readonly encoder: OrtSession;
  /** timestep [K] -> time_scale [K,S], time_shift [K,S] */
  readonly timeConditioning: OrtSession;
  /** code [B,Z] -> code_scale [B,S] */
  readonly codeConditioning: OrtSession;
  /** noisy [B,1,64,64], time_scale [1,S], time_shift [1,S], code_scale [B,S] -> noise [B,1,64,64] */
  readonly noisePredictor: OrtSession;
  /** slices [B,6,64,64] -> logits [B,2]; most models have none */
  readonly screening?: OrtSession;
}

export type SessionKey = keyof ModelSessions;
/** Of the diffusion autoencoder, which every model has. */
export type GraphKey = Exclude<SessionKey, 'screening'>;
export const SESSION_KEYS: readonly GraphKey[] = ['encoder', 'timeConditioning', 'codeConditioning', 'noisePredictor'];

/** The order to open them in: the largest while there is most memory, whose leftovers then serve the others. */
export const OPENING_ORDER: readonly GraphKey[] = ['noisePredictor', 'encoder', 'timeConditioning', 'codeConditioning'];

/**
 * A float32 output of a session, checked against the shape the contract promises.
 * @throws InputError 'model-shape' naming output and shapes
 */
export function floatOutput(
  outputs: Readonly<Record<string, Tensor>>,
  name: string,
  dims: readonly number[]
): Float32Array {
  const tensor = outputs[name];
  if (!tensor) {
    const found = Object.keys(outputs);
    throw new InputError('model-outputs', { name, found });
  }
  if (tensor.type !== 'float32' || tensor.dims.join() !== dims.join()) {
    throw new InputError('model-shape', { name, found: `${tensor.type} [${tensor.dims.join(', ')}]`, expected: dims });
  }
  return tensor.data as Float32Array;
}

/** Frees every session; the first failure is thrown after all were tried. */
export async function releaseSessions(sessions: readonly Pick<OrtSession, 'release'>[]): Promise<void> {
  const results = await Promise.allSettled(sessions.map(session => session.release()));
  const failed = results.find(result => result.status === 'rejected');
  if (failed) throw failed.reason;
}
