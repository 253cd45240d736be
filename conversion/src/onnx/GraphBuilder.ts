/**
 * A small ONNX graph builder: every tensor is float32 and every shape is known except the batch.
 *
 * Built node by node, the graph has no integer shape arithmetic, so that all nodes can run on WebGPU (a trace leaves
 * hundreds of int64 nodes that only a CPU can execute).
 */
import { halfBits } from '@spine/runtime/onnx/float16';
import {
  attribute,
  type AttributeValue,
  DATA_TYPE,
  encodeModel,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './schema';

const OPSET = 17;
/** The IR of opset 17: newer ones are refused by older onnxruntime-web builds. */
const IR_VERSION = 8;
/** WebGPU guarantees 8 storage buffers per shader stage; a Split needs one for its input. */
const MAX_SPLIT_OUTPUTS = 7;
const GROUP_NORM_EPSILON = 1e-5;
/** Groups of every GroupNorm; narrower layers use the greatest common divisor with their channels. */
const MAX_GROUPS = 32;

/** Written into each file. It stays as it is while the graphs do: the same weights then give the same file and the same hash. */
const PRODUCER = { name: 'vertebra_dae', version: '0.1.0' };

type Shape = readonly (number | string)[];

/** The numbers of a layer, as many as `dims` says, in C order. */
export interface Constant {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** Weight and bias of a layer. */
export interface LayerWeights {
  readonly weight: Constant;
  readonly bias: Constant;
}

/** Collects nodes and initialisers; methods take and return tensor names. */
export class GraphBuilder {
  private readonly nodes: NodeProto[] = [];
  private readonly constants = new Map<string, TensorProto>();

  /**
   * @param halfWeights store matrices and convolution kernels as float16, each widened to float32 by a Cast that onnxruntime
   * folds away at load. Biases and normalisation stay float32: they are small and sensitive.
   * @param channelsPerGroup of every GroupNorm; undefined: the published number of groups
   */
  constructor(
    private readonly halfWeights: boolean,
    private readonly channelsPerGroup?: number
  ) {}

  /** Appends a node with several outputs; returns their names. */
  split(x: string, sizes: readonly number[]): string[] {
    if (sizes.length === 1) return [x];
    // A tree of nodes with few outputs each.
    const perPart = sizes.length <= MAX_SPLIT_OUTPUTS ? 1 : Math.ceil(sizes.length / MAX_SPLIT_OUTPUTS);
    const parts: (readonly number[])[] = [];
    for (let start = 0; start < sizes.length; start += perPart) parts.push(sizes.slice(start, start + perPart));
    const totals = parts.map(part => part.reduce((sum, size) => sum + size, 0));
    const lengths = this.integers(`lengths_${totals.join('_')}`, totals);
    const heads = this.append('Split', [x, lengths], parts.length, { axis: 1 });
    return parts.flatMap((part, i) => this.split(heads[i], part));
  }

  /** Appends a node with one output; returns its name. */
  op(kind: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    return this.append(kind, inputs, 1, attributes)[0];
  }

  /** Stores an array as it is; an existing name is reused. */
  constant(name: string, { dims, values }: Constant): string {
    return this.store(name, dims, DATA_TYPE.float, values);
  }

  filled(name: string, length: number, value: number): string {
    return this.constant(name, { dims: [length], values: new Float32Array(length).fill(value) });
  }

  /** x [B, in] -> [B, out], weight [out, in]. */
  linear(x: string, name: string, { weight, bias }: LayerWeights): string {
    return this.op('Gemm', [x, this.weight(`${name}.weight`, weight), this.constant(`${name}.bias`, bias)], {
      transB: 1,
    });
  }

  /** Same-size convolution with explicit padding, weight [out, in, k, k]. */
  convolution(x: string, name: string, { weight, bias }: LayerWeights): string {
    const kernel = weight.dims[2];
    return this.op('Conv', [x, this.weight(`${name}.weight`, weight), this.constant(`${name}.bias`, bias)], {
      kernel_shape: [kernel, kernel],
      pads: Array(4).fill(Math.floor(kernel / 2)),
      strides: [1, 1],
    });
  }

  /** x * sigmoid(x). */
  silu(x: string): string {
    return this.op('Mul', [x, this.op('Sigmoid', [x])]);
  }

  /** 0 keeps the dimension of the input (the batch), -1 is inferred. */
  reshape(x: string, ...dimensions: number[]): string {
    return this.op('Reshape', [x, this.integers(`shape_${dimensions.join('_')}`, dimensions)]);
  }

  /**
   * The normalising part of a GroupNorm on [B, C, size, size], without its affine part.
   * Opset 17 has no GroupNormalization: the groups become the channels of an InstanceNormalization.
   */
  normaliseGroups(x: string, channels: number, size: number): string {
    const groups = this.channelsPerGroup
      ? channels / greatestCommonDivisor(this.channelsPerGroup, channels)
      : greatestCommonDivisor(MAX_GROUPS, channels);
    const grouped = this.reshape(x, 0, groups, -1);
    const scale = this.filled(`ones_${groups}`, groups, 1);
    const shift = this.filled(`zeros_${groups}`, groups, 0);
    const normal = this.op('InstanceNormalization', [grouped, scale, shift], {
      epsilon: { float: GROUP_NORM_EPSILON },
    });
    return this.reshape(normal, 0, channels, size, size);
  }

  /** A whole GroupNorm on [B, C, size, size]. */
  groupNorm(x: string, name: string, { weight, bias }: LayerWeights, size: number): string {
    const channels = weight.values.length;
    const perChannel = ({ values }: Constant): Constant => ({ dims: [1, channels, 1, 1], values });
    const gamma = this.constant(`${name}.weight`, perChannel(weight));
    const beta = this.constant(`${name}.bias`, perChannel(bias));
    return this.op('Add', [this.op('Mul', [this.normaliseGroups(x, channels, size), gamma]), beta]);
  }

  /**
   * The bytes of the .onnx file.
   * @param inputs shape of each input; a text stands for a dimension that is not fixed
   * @param outputs of each output, the tensor that it is renamed from and its shape
   */
  finish(
    name: string,
    inputs: Readonly<Record<string, Shape>>,
    outputs: Readonly<Record<string, { readonly from: string; readonly shape: Shape }>>
  ): Uint8Array {
    const renamed = new Map(Object.entries(outputs).map(([output, { from }]) => [from, output]));
    const rename = (tensor: string) => renamed.get(tensor) ?? tensor;
    return encodeModel({
      ir_version: IR_VERSION,
      producer_name: PRODUCER.name,
      producer_version: PRODUCER.version,
      graph: {
        node: this.nodes.map(node => ({ ...node, input: node.input.map(rename), output: node.output.map(rename) })),
        name,
        initializer: [...this.constants.values()],
        input: Object.entries(inputs).map(([key, shape]) => valueInfo(key, shape)),
        output: Object.entries(outputs).map(([key, { shape }]) => valueInfo(key, shape)),
      },
      opset_import: [{ domain: '', version: OPSET }],
    });
  }

  private append(
    kind: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, AttributeValue>>
  ): readonly string[] {
    const stem = `${kind.toLowerCase()}_${this.nodes.length}`;
    const names = outputs === 1 ? [stem] : Array.from({ length: outputs }, (_, i) => `${stem}_${i}`);
    const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
    this.nodes.push({
      input: inputs,
      output: names,
      name: `node_${stem}`,
      op_type: kind,
      attribute: sorted.map(([key, value]) => attribute(key, value)),
    });
    return names;
  }

  private weight(name: string, { dims, values }: Constant): string {
    if (!this.halfWeights) return this.constant(name, { dims, values });
    const stored = this.store(`${name}.float16`, dims, DATA_TYPE.float16, halfBits(values));
    return this.op('Cast', [stored], { to: DATA_TYPE.float });
  }

  private integers(name: string, values: readonly number[]): string {
    return this.store(name, [values.length], DATA_TYPE.int64, BigInt64Array.from(values, BigInt));
  }

  private store(name: string, dims: readonly number[], type: number, data: Float32Array | Uint16Array | BigInt64Array) {
    if (!this.constants.has(name)) {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      this.constants.set(name, { dims, data_type: type, name, raw_data: bytes });
    }
    return name;
  }
}

function valueInfo(name: string, shape: Shape): ValueInfoProto {
  const dim = shape.map(size => (typeof size === 'number' ? { dim_value: size } : { dim_param: size }));
  return { name, type: { tensor_type: { elem_type: DATA_TYPE.float, shape: { dim } } } };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b ? greatestCommonDivisor(b, a % b) : a;
}
