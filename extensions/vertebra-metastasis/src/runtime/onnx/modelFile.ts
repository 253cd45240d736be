/** The parts of an ONNX file that are looked at and changed here, by their field numbers (onnx.proto). */
import { delimited, type Field, joined, readFields, text } from './wire';

export const MODEL = { graph: 7 } as const;
export const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 } as const;
export const NODE = { input: 1, output: 2, kind: 4, attribute: 5 } as const;
export const TENSOR = { dataType: 2, name: 8, rawData: 9, externalData: 13, dataLocation: 14 } as const;
/** TensorProto.DataType. */
export const DATA_TYPE = { float: 1, float16: 10 } as const;

export interface StoredTensor {
  readonly fields: readonly Field[];
  readonly name: string;
  readonly dataType: number;
  /** A view of the file; empty where the numbers are stored in another way. */
  readonly rawData: Uint8Array;
}

export function readTensor(content: Uint8Array): StoredTensor {
  const fields = readFields(content);
  const one = (number: number) => fields.find(field => field.number === number);
  return {
    fields,
    name: text(one(TENSOR.name)?.content ?? new Uint8Array()),
    dataType: one(TENSOR.dataType)?.value ?? 0,
    rawData: one(TENSOR.rawData)?.content ?? new Uint8Array(),
  };
}

/** The file with another graph; `change` gives the graph's new fields. */
export function withGraph(model: Uint8Array, change: (graph: readonly Field[]) => readonly Uint8Array[]): Uint8Array {
  return joined(
    ...readFields(model).map(field =>
      field.number === MODEL.graph ? delimited(MODEL.graph, ...change(readFields(field.content))) : field.whole
    )
  );
}
