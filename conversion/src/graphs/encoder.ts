import type { Weights } from '../checkpoint/weights';
import type { Architecture } from '../model/architecture';
import { encoderPlan } from '../model/plan';
import { GraphBuilder } from '../onnx/GraphBuilder';
import { LayerWriter } from './layers';
import { ModelWeights } from './modelWeights';

/**
 * `patch` [B, 1, 64, 64] -> `code` [B, Z], and `code_map` [B, Z, h, w], whose spatial mean is the code.
 *
 * The head is global average pooling and one linear map; they commute, so pooling the mapped features gives the code, and the
 * map itself shows which part of the patch contributed (class activation maps need no gradient).
 */
export async function encoderGraph(
  weights: Weights,
  architecture: Architecture,
  halfWeights: boolean
): Promise<Uint8Array> {
  const { image_size: imageSize, style_channels: codeSize } = architecture;
  const graph = new GraphBuilder(halfWeights, architecture.channels_per_group);
  const writer = new LayerWriter(graph, new ModelWeights(weights, 'encoder.'));
  const features = await writer.sequence({ tensor: 'patch', size: imageSize }, encoderPlan(architecture).layers);
  const { size } = features;
  const active = graph.silu(await writer.groupNorm(features.tensor, 'out.0', size));
  const codeMap = await writer.convolution(active, 'out.3');
  const code = graph.reshape(graph.op('GlobalAveragePool', [codeMap]), 0, codeSize);
  return graph.finish(
    'encoder',
    { patch: ['batch', 1, imageSize, imageSize] },
    {
      code: { from: code, shape: ['batch', codeSize] },
      code_map: { from: codeMap, shape: ['batch', codeSize, size, size] },
    }
  );
}
