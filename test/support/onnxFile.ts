/** Writes small ONNX files, field by field as onnx.proto3 numbers them (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3). */

type Field = readonly [number: number, value: number | string | Uint8Array | readonly Field[]];

const [FLOAT, INT64] = [1, 7];
const [INT_ATTRIBUTE, INTS_ATTRIBUTE] = [2, 7];
const [IR_VERSION, OPSET] = [8, 17];

/** One operation of a graph; attributes are integers or lists of them. */
export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  /** Sizes of each float tensor; a name stands for a size that is not fixed. */
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly outputs: Readonly<Record<string, readonly (number | string)[]>>;
  /** Weights, or the shape for a Reshape as bigints. */
  readonly constants: Readonly<
    Record<string, { readonly dims: readonly number[]; readonly data: Float32Array | BigInt64Array }>
  >;
}

export function onnxFile({ nodes, inputs, outputs, constants }: OnnxGraph): Uint8Array {
  const graph: Field[] = [
    ...nodes.map((node): Field => [1, nodeFields(node)]),
    [2, 'graph'],
    ...Object.entries(constants).map(([name, constant]): Field => [5, tensorFields(name, constant)]),
    ...Object.entries(inputs).map(([name, dims]): Field => [11, valueFields(name, dims)]),
    ...Object.entries(outputs).map(([name, dims]): Field => [12, valueFields(name, dims)]),
  ];
  return encode([
    [1, IR_VERSION],
    [7, graph],
    [
      8,
      [
        [1, ''],
        [2, OPSET],
      ],
    ],
  ]);
}

function nodeFields({ type, inputs, output, attributes = {} }: OnnxNode): Field[] {
  return [
    ...inputs.map((name): Field => [1, name]),
    [2, output],
    [4, type],
    ...Object.entries(attributes).map(([name, value]): Field => {
      const list = typeof value === 'number' ? undefined : value;
      const stored: Field[] = list ? list.map((one): Field => [8, one]) : [[3, value as number]];
      return [5, [[1, name], ...stored, [20, list ? INTS_ATTRIBUTE : INT_ATTRIBUTE]]];
    }),
  ];
}

function tensorFields(name: string, { dims, data }: OnnxGraph['constants'][string]): Field[] {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const type = data instanceof Float32Array ? FLOAT : INT64;
  return [...dims.map((size): Field => [1, size]), [2, type], [8, name], [9, bytes]];
}

function valueFields(name: string, dims: readonly (number | string)[]): Field[] {
  const shape = dims.map((size): Field => [1, [typeof size === 'number' ? [1, size] : [2, size]]]);
  return [
    [1, name],
    [
      2,
      [
        [
          1,
          [
            [1, FLOAT],
            [2, shape],
          ],
        ],
      ],
    ],
  ];
}

/** Protocol buffers: a number as a varint, everything else with its length before it. */
function encode(fields: readonly Field[]): Uint8Array {
  const bytes: number[] = [];
  const varint = (value: number) => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push(rest % 128 | 128);
    bytes.push(rest);
  };
  for (const [number, value] of fields) {
    if (typeof value === 'number') {
      varint(number * 8);
      varint(value);
      continue;
    }
    const content =
      typeof value === 'string'
        ? new TextEncoder().encode(value)
        : value instanceof Uint8Array
          ? value
          : encode(value as readonly Field[]);
    varint(number * 8 + 2);
    varint(content.length);
    for (const byte of content) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
