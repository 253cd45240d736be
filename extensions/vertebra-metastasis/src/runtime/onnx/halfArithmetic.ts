import { halfBits } from './float16';
import { DATA_TYPE, GRAPH, NODE, readTensor, TENSOR, withGraph } from './modelFile';
import { delimited, type Field, readFields, text, varintField } from './wire';

/** Of an attribute: name, integer, type; and the type of an integer (AttributeProto). */
const [ATTRIBUTE_NAME, ATTRIBUTE_INTEGER, ATTRIBUTE_TYPE, INTEGER] = [1, 3, 20, 2];
/** Of a ValueInfoProto. */
const VALUE_NAME = 1;
/** Resize takes its scales as float32 whatever its image is. */
const FLOAT32_INPUTS: Readonly<Record<string, number>> = { Resize: 2 };

interface GraphNode {
  readonly fields: readonly Field[];
  readonly kind: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * The same network calculating in float16: weights, feature maps and all nodes between. Inputs and outputs stay float32. It takes a
 * graph of float32 nodes whose weights are stored as float32, or as float16 that a Cast widens (`conversion`).
 */
export function withHalfArithmetic(model: Uint8Array): Uint8Array {
  return withGraph(model, graph => {
    const nodes = graph.filter(({ number }) => number === GRAPH.node).map(({ content }) => readNode(content));
    const tensors = graph
      .filter(({ number }) => number === GRAPH.initializer)
      .map(({ content }) => readTensor(content));
    const named = (number: number) =>
      graph
        .filter(field => field.number === number)
        .map(({ content }) => text(readFields(content).find(field => field.number === VALUE_NAME)!.content));
    const [inputs, outputs] = [named(GRAPH.input), named(GRAPH.output)];
    const stored = new Map(tensors.map(({ name, dataType }) => [name, dataType]));
    const keptFloat = new Set(
      nodes.flatMap(({ kind, inputs: own }) => (kind in FLOAT32_INPUTS ? [own[FLOAT32_INPUTS[kind]]] : []))
    );
    /** Of each tensor the name under which its float16 form is found. */
    const half = new Map<string, string>();
    const widening = new Set(
      nodes.filter(({ kind, inputs: [from] }) => kind === 'Cast' && stored.get(from) === DATA_TYPE.float16)
    );
    for (const {
      inputs: [from],
      outputs: [to],
    } of widening)
      half.set(to, from);
    for (const name of [...inputs, ...outputs]) half.set(name, `${name}.float16`);

    const rest = graph.filter(({ number }) => number !== GRAPH.node && number !== GRAPH.initializer);
    return [
      ...inputs.map(name => cast(name, half.get(name)!, DATA_TYPE.float16)),
      ...nodes.filter(node => !widening.has(node)).map(node => renamed(node, name => half.get(name) ?? name)),
      ...outputs.map(name => cast(half.get(name)!, name, DATA_TYPE.float)),
      ...tensors.map(({ fields, name, dataType, rawData }) => {
        const isHalved = dataType === DATA_TYPE.float && !keptFloat.has(name);
        return delimited(GRAPH.initializer, ...(isHalved ? halved(fields, rawData) : fields.map(({ whole }) => whole)));
      }),
      ...rest.map(({ whole }) => whole),
    ];
  });
}

function readNode(content: Uint8Array): GraphNode {
  const fields = readFields(content);
  const all = (wanted: number) => fields.filter(({ number }) => number === wanted).map(field => text(field.content));
  return { fields, kind: all(NODE.kind)[0], inputs: all(NODE.input), outputs: all(NODE.output) };
}

function renamed({ fields }: GraphNode, rename: (name: string) => string): Uint8Array {
  return delimited(
    GRAPH.node,
    ...fields.map(({ number, content, whole }) =>
      number === NODE.input || number === NODE.output ? delimited(number, rename(text(content))) : whole
    )
  );
}

function cast(from: string, to: string, dataType: number): Uint8Array {
  const attribute = delimited(
    NODE.attribute,
    delimited(ATTRIBUTE_NAME, 'to'),
    varintField(ATTRIBUTE_INTEGER, dataType),
    varintField(ATTRIBUTE_TYPE, INTEGER)
  );
  return delimited(
    GRAPH.node,
    delimited(NODE.input, from),
    delimited(NODE.output, to),
    delimited(NODE.kind, 'Cast'),
    attribute
  );
}

function halved(fields: readonly Field[], rawData: Uint8Array): Uint8Array[] {
  // A copy: the numbers need not lie at a multiple of four bytes (and slice() of Node's Buffer is none).
  const bits = halfBits(new Float32Array(new Uint8Array(rawData).buffer));
  const bytes = new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength);
  return fields.map(({ number, whole }) => {
    if (number === TENSOR.dataType) return varintField(TENSOR.dataType, DATA_TYPE.float16);
    return number === TENSOR.rawData ? delimited(TENSOR.rawData, bytes) : whole;
  });
}
