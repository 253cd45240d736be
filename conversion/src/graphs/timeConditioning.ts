import type { Weights } from '../checkpoint/weights';
import type { Architecture } from '../model/architecture';
import { conditionedBlocks, conditioningSize, noisePredictorPlan } from '../model/plan';
import { GraphBuilder, type LayerWeights } from '../onnx/GraphBuilder';
import { ModelWeights } from './modelWeights';

/** Longest period of the sinusoidal timestep embedding (Vaswani et al. 2017). */
const MAX_PERIOD = 10000;

/**
 * `timestep` [K] -> `time_scale` [K, S], `time_shift` [K, S].
 *
 * The affine part of each block's second GroupNorm (gamma, beta) is folded in:
 * scale = gamma (1 + scale_t), shift = beta (1 + scale_t) + shift_t.
 */
export async function timeConditioningGraph(
  weights: Weights,
  architecture: Architecture,
  halfWeights: boolean
): Promise<Uint8Array> {
  const graph = new GraphBuilder(halfWeights);
  const model = new ModelWeights(weights);
  const half = architecture.model_channels / 2;
  // The exponents in float32 as PyTorch has them; their exponential in float64, so that every machine rounds it alike.
  const frequencies = Float32Array.from({ length: half }, (_, i) =>
    Math.exp(Math.fround(Math.fround(-Math.log(MAX_PERIOD)) * Math.fround(i / half)))
  );
  const column = graph.reshape('timestep', -1, 1);
  const phases = graph.op('Mul', [column, graph.constant('frequencies', { dims: [1, half], values: frequencies })]);
  const embedding = graph.op('Concat', [graph.op('Cos', [phases]), graph.op('Sin', [phases])], { axis: 1 });
  const first = graph.linear(embedding, 'time_embed.0', await model.layer('time_embed.time_embed.0'));
  const second = graph.linear(graph.silu(first), 'time_embed.2', await model.layer('time_embed.time_embed.2'));
  const h = graph.silu(second);
  const { scale, shift } = await foldedLayers(model, architecture);
  const shape = ['steps', conditioningSize(architecture)];
  return graph.finish(
    'time_conditioning',
    { timestep: ['steps'] },
    {
      time_scale: { from: graph.linear(h, 'time_scale', scale), shape },
      time_shift: { from: graph.linear(h, 'time_shift', shift), shape },
    }
  );
}

/** Weight [S, embed] and bias [S] of all blocks' scales and of all blocks' shifts, folded in float64. */
async function foldedLayers(
  model: ModelWeights,
  architecture: Architecture
): Promise<{ scale: LayerWeights; shift: LayerWeights }> {
  const width = architecture.embed_channels;
  const length = conditioningSize(architecture);
  const empty = (): LayerWeights => ({
    weight: { dims: [length, width], values: new Float32Array(length * width) },
    bias: { dims: [length], values: new Float32Array(length) },
  });
  const [scale, shift] = [empty(), empty()];
  let start = 0;
  for (const { name, channelsOut: channels } of conditionedBlocks(noisePredictorPlan(architecture))) {
    const norm = await model.layer(`${name}.out_layers.0`);
    // The first `channels` rows give scale_t, the others shift_t.
    const { weight, bias } = await model.layer(`${name}.emb_layers.1`);
    for (let c = 0; c < channels; c++) {
      const [gamma, beta] = [norm.weight.values[c], norm.bias.values[c]];
      const row = start + c;
      scale.bias.values[row] = gamma * (1 + bias.values[c]);
      shift.bias.values[row] = beta * (1 + bias.values[c]) + bias.values[channels + c];
      for (let i = 0; i < width; i++) {
        const scaleWeight = weight.values[c * width + i];
        scale.weight.values[row * width + i] = gamma * scaleWeight;
        shift.weight.values[row * width + i] = beta * scaleWeight + weight.values[(channels + c) * width + i];
      }
    }
    start += channels;
  }
  return { scale, shift };
}
