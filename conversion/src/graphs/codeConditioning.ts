import type { Weights } from '../checkpoint/weights';
import type { Architecture } from '../model/architecture';
import { conditionedBlocks, conditioningSize, noisePredictorPlan } from '../model/plan';
import { GraphBuilder } from '../onnx/GraphBuilder';
import { ModelWeights } from './modelWeights';

/** `code` [B, Z] -> `code_scale` [B, S], which is 1 + scale_z. */
export async function codeConditioningGraph(
  weights: Weights,
  architecture: Architecture,
  halfWeights: boolean
): Promise<Uint8Array> {
  const graph = new GraphBuilder(halfWeights);
  const model = new ModelWeights(weights);
  const { style_channels: codeSize } = architecture;
  const length = conditioningSize(architecture);
  const weight = { dims: [length, codeSize], values: new Float32Array(length * codeSize) };
  const bias = { dims: [length], values: new Float32Array(length) };
  let start = 0;
  for (const { name, channelsOut } of conditionedBlocks(noisePredictorPlan(architecture))) {
    const layer = await model.layer(`${name}.cond_emb_layers.1`);
    weight.values.set(layer.weight.values, start * codeSize);
    bias.values.set(
      layer.bias.values.map(value => value + 1),
      start
    );
    start += channelsOut;
  }
  return graph.finish(
    'code_conditioning',
    { code: ['batch', codeSize] },
    { code_scale: { from: graph.linear(graph.silu('code'), 'code_scale', { weight, bias }), shape: ['batch', length] } }
  );
}
