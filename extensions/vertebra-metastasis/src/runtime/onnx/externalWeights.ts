import { GRAPH, readTensor, TENSOR, withGraph } from './modelFile';
import { delimited, varintField } from './wire';

/** Smaller ones stay in the graph: shapes among them, which onnxruntime looks at while it reads the graph. */
const LEAST_BYTES = 1024;
/** TensorProto.DataLocation */
const EXTERNAL = 1;

/** A model in two parts, as onnxruntime takes it: a graph of some kilobytes, and the file that its weights are read from. */
export interface SplitModel {
  readonly graph: Uint8Array;
  /** Name of the second part in the graph. */
  readonly path: string;
  /** The whole .onnx file: the graph says where in it each tensor lies. */
  readonly weights: Uint8Array;
}

/**
 * The same model with its large tensors left where they are: onnxruntime reads a graph with everything in it into memory three times (the
 * file, its parsed form, the tensors), weights beside the graph once.
 */
export function withExternalWeights(model: Uint8Array): SplitModel {
  const path = 'weights';
  const graph = withGraph(model, fields =>
    fields.map(field => {
      if (field.number !== GRAPH.initializer) return field.whole;
      const { fields: own, rawData } = readTensor(field.content);
      if (rawData.length < LEAST_BYTES) return field.whole;
      const entry = (key: string, value: string | number) =>
        delimited(TENSOR.externalData, delimited(1, key), delimited(2, String(value)));
      return delimited(
        GRAPH.initializer,
        ...own.filter(({ number }) => number !== TENSOR.rawData).map(({ whole }) => whole),
        entry('location', path),
        entry('offset', rawData.byteOffset - model.byteOffset),
        entry('length', rawData.length),
        varintField(TENSOR.dataLocation, EXTERNAL)
      );
    })
  );
  return { graph, path, weights: model };
}
