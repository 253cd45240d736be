/** The network's blocks as ONNX nodes; feature maps are [B, C, size, size]. */
import type { Constant, GraphBuilder, LayerWeights } from '../onnx/GraphBuilder';
import type { AttentionBlock, Direction, Layer, ResBlock } from '../model/plan';
import type { ModelWeights } from './modelWeights';

/** Tensor names of one conditioned block's scale and shift, each [B, C, 1, 1]. */
export interface Modulation {
  readonly scale: string;
  readonly shift: string;
}

/** A feature map within a graph: its tensor and its side length in pixels. */
export interface Features {
  readonly tensor: string;
  readonly size: number;
}

/** Appends layers one by one; conditioned blocks take the next modulation each. */
export class LayerWriter {
  constructor(
    private readonly graph: GraphBuilder,
    private readonly weights: ModelWeights,
    private readonly modulations: Iterator<Modulation> = [].values()
  ) {}

  async sequence(features: Features, layers: readonly Layer[]): Promise<Features> {
    let next = features;
    for (const layer of layers) {
      if (layer.kind === 'res') next = await this.resBlock(next, layer);
      else if (layer.kind === 'attention') next = await this.attention(next, layer);
      else next = { ...next, tensor: await this.convolution(next.tensor, layer.name) };
    }
    return next;
  }

  async convolution(x: string, name: string): Promise<string> {
    return this.graph.convolution(x, name, await this.weights.layer(name));
  }

  async groupNorm(x: string, name: string, size: number): Promise<string> {
    return this.graph.groupNorm(x, name, await this.weights.layer(name), size);
  }

  private async resBlock({ tensor: x, size }: Features, block: ResBlock): Promise<Features> {
    const { name, direction, channelsIn, channelsOut } = block;
    const { graph } = this;
    const sizeAfter = direction === 'up' ? 2 * size : direction === 'down' ? size / 2 : size;
    const first = graph.silu(await this.groupNorm(x, `${name}.in_layers.0`, size));
    let h = await this.convolution(this.resample(first, direction), `${name}.in_layers.2`);
    let skip = this.resample(x, direction);
    if (channelsIn !== channelsOut) skip = await this.convolution(skip, `${name}.skip_connection`);
    if (block.conditioned) {
      const { scale, shift } = this.modulations.next().value as Modulation;
      const normal = graph.normaliseGroups(h, channelsOut, sizeAfter);
      const modulated = graph.op('Add', [graph.op('Mul', [normal, scale]), shift]);
      h = await this.convolution(graph.silu(modulated), `${name}.out_layers.3`);
    }
    return { tensor: graph.op('Add', [skip, h]), size: sizeAfter };
  }

  /** Single-head self-attention over the pixels; the factor 1/sqrt(C) is folded into the query's weights. */
  private async attention({ tensor: x, size }: Features, { name, channels }: AttentionBlock): Promise<Features> {
    const { graph } = this;
    const normal = await this.groupNorm(x, `${name}.norm`, size);
    const qkv = scaledQuery(await this.weights.layer(`${name}.qkv`), channels);
    const projected = graph.reshape(
      graph.convolution(normal, `${name}.qkv`, asKernel(qkv)),
      0,
      3 * channels,
      size * size
    );
    const [query, key, value] = graph.split(projected, [channels, channels, channels]);
    const scores = graph.op('MatMul', [graph.op('Transpose', [query], { perm: [0, 2, 1] }), key]);
    const shares = graph.op('Transpose', [graph.op('Softmax', [scores], { axis: -1 })], { perm: [0, 2, 1] });
    const mixed = graph.reshape(graph.op('MatMul', [value, shares]), 0, channels, size, size);
    const out = graph.convolution(mixed, `${name}.proj_out`, asKernel(await this.weights.layer(`${name}.proj_out`)));
    return { tensor: graph.op('Add', [x, out]), size };
  }

  /** Nearest-neighbour doubling or 2x2 mean. */
  private resample(x: string, direction: Direction | undefined): string {
    if (direction === 'up') {
      const scales = this.graph.constant('double_size', { dims: [4], values: Float32Array.of(1, 1, 2, 2) });
      return this.graph.op('Resize', [x, '', scales], {
        mode: 'nearest',
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
      });
    }
    if (direction === 'down') {
      return this.graph.op('AveragePool', [x], { kernel_shape: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] });
    }
    return x;
  }
}

/** A 1-D convolution's weights [out, in, 1] as those of a 2-D one. */
function asKernel({ weight, bias }: LayerWeights): LayerWeights {
  return { weight: { dims: [...weight.dims, 1], values: weight.values }, bias };
}

/** Divides the first `channels` outputs (the query) by sqrt(channels), in float32. */
function scaledQuery({ weight, bias }: LayerWeights, channels: number): LayerWeights {
  const divisor = Math.fround(Math.sqrt(channels));
  const scaled = ({ dims, values }: Constant): Constant => {
    const queryLength = values.length / 3;
    return { dims, values: values.map((value, i) => (i < queryLength ? value / divisor : value)) };
  };
  return { weight: scaled(weight), bias: scaled(bias) };
}
