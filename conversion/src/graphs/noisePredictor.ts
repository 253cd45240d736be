import type { Weights } from '../checkpoint/weights';
import type { Architecture } from '../model/architecture';
import { conditionedBlocks, conditioningSize, noisePredictorPlan } from '../model/plan';
import { GraphBuilder } from '../onnx/GraphBuilder';
import { type Features, LayerWriter } from './layers';
import { ModelWeights } from './modelWeights';

/** `noisy` [B, 1, 64, 64], `time_scale` [1, S], `time_shift` [1, S], `code_scale` [B, S] -> `noise` [B, 1, 64, 64]. */
export async function noisePredictorGraph(
  weights: Weights,
  architecture: Architecture,
  halfWeights: boolean
): Promise<Uint8Array> {
  const graph = new GraphBuilder(halfWeights, architecture.channels_per_group);
  const plan = noisePredictorPlan(architecture);
  const length = conditioningSize(architecture);
  const channels = conditionedBlocks(plan).map(({ channelsOut }) => channelsOut);
  const perBlock = (tensor: string) =>
    graph.split(graph.reshape(graph.op('Mul', [tensor, 'code_scale']), 0, length, 1, 1), channels);
  const scales = perBlock('time_scale');
  const shifts = perBlock('time_shift');
  const modulations = scales.map((scale, i) => ({ scale, shift: shifts[i] }));
  const writer = new LayerWriter(graph, new ModelWeights(weights), modulations.values());

  let features: Features = { tensor: 'noisy', size: architecture.image_size };
  const kept: string[] = [];
  for (const block of plan.inputBlocks) {
    features = await writer.sequence(features, block);
    kept.push(features.tensor);
  }
  features = await writer.sequence(features, plan.middleBlock);
  for (const block of plan.outputBlocks) {
    const joined = graph.op('Concat', [features.tensor, kept.pop()!], { axis: 1 });
    features = await writer.sequence({ ...features, tensor: joined }, block);
  }
  const noise = await writer.convolution(
    graph.silu(await writer.groupNorm(features.tensor, 'out.0', features.size)),
    'out.2'
  );
  const image = ['batch', 1, architecture.image_size, architecture.image_size];
  return graph.finish(
    'noise_predictor',
    { noisy: image, time_scale: [1, length], time_shift: [1, length], code_scale: ['batch', length] },
    { noise: { from: noise, shape: image } }
  );
}
