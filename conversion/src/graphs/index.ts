/**
 * The diffusion autoencoder as four ONNX graphs. The noise predictor's conditioning is hoisted out: the timestep's part is
 * computed once per schedule, the code's once per patch, and the network itself is left with convolutions, normalisations and
 * attention. `S`, the length of the conditioning vectors, is the sum of the conditioned blocks' channels.
 */
import type { GraphKey } from '@spine/runtime/session';
import type { Weights } from '../checkpoint/weights';
import type { Architecture } from '../model/architecture';
import { codeConditioningGraph } from './codeConditioning';
import { encoderGraph } from './encoder';
import { noisePredictorGraph } from './noisePredictor';
import { timeConditioningGraph } from './timeConditioning';

export type BuildGraph = (weights: Weights, architecture: Architecture, halfWeights: boolean) => Promise<Uint8Array>;

export const GRAPHS: Readonly<Record<GraphKey, BuildGraph>> = {
  encoder: encoderGraph,
  timeConditioning: timeConditioningGraph,
  codeConditioning: codeConditioningGraph,
  noisePredictor: noisePredictorGraph,
};
