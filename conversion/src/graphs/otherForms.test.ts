/** What the runtime makes of converted graphs before it opens them: weights beside the graph, and float16 throughout. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { float32OfHalf } from '@spine/runtime/onnx/float16';
import { withExternalWeights } from '@spine/runtime/onnx/externalWeights';
import { withHalfArithmetic } from '@spine/runtime/onnx/halfArithmetic';
import { DATA_TYPE, readTensor, TENSOR, withGraph } from '@spine/runtime/onnx/modelFile';
import { readFields, text } from '@spine/runtime/onnx/wire';
import { writeSmallModel } from '../../../test/support/smallModel';
import { decodeModel } from '../onnx/schema';

let folder: string;
let bytes: Record<'encoder' | 'noise_predictor' | 'half_weights', Uint8Array>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'other-forms-'));
  await writeSmallModel(join(folder, 'single'), 'single');
  await writeSmallModel(join(folder, 'half'), 'single', 'float16-weights');
  const read = (model: string, name: string) => new Uint8Array(readFileSync(join(folder, model, `${name}.onnx`)));
  bytes = {
    encoder: read('single', 'encoder'),
    noise_predictor: read('single', 'noise_predictor'),
    half_weights: read('half', 'noise_predictor'),
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

const sizes = () => decodeModel(bytes.noise_predictor).graph.input.map(({ name, type }) => ({ name, type }));

async function noiseOf(model: Uint8Array): Promise<Float32Array> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    sizes().map(({ name, type }, n) => {
      const dims = type.tensor_type.shape.dim.map(dim => ('dim_value' in dim ? Number(dim.dim_value) : 2));
      const values = new Float32Array(dims.reduce((a, b) => a * b, 1));
      return [
        name,
        new Tensor(
          'float32',
          values.map((_, i) => 1 + Math.sin((n + 1) * i)),
          dims
        ),
      ];
    })
  );
  const { noise } = await session.run(feeds);
  expect([noise.type, ...noise.dims]).toEqual(['float32', 2, 1, 64, 64]);
  await session.release();
  return noise.data as Float32Array;
}
const worst = (a: Float32Array, b: Float32Array) => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);

it('weights beside the graph: small tensors stay, each large one is found where the graph says', () => {
  const model = bytes.encoder;
  const { graph, path, weights } = withExternalWeights(model);
  expect(weights).toBe(model);
  expect(graph.length).toBeLessThan(model.length);
  const before = new Map(decodeModel(model).graph.initializer.map(tensor => [tensor.name, tensor]));
  let external = 0;
  withGraph(graph, fields => {
    for (const { number, content } of fields) {
      if (number !== 5) continue;
      const { fields: own, name, dataType, rawData } = readTensor(content);
      const original = before.get(name)!;
      expect(dataType).toBe(original.data_type);
      if (rawData.length > 0) {
        expect(rawData).toEqual(new Uint8Array(original.raw_data));
        continue;
      }
      external++;
      const entries = own.filter(field => field.number === TENSOR.externalData);
      const place = Object.fromEntries(
        entries.map(entry => readFields(entry.content).map(field => text(field.content)) as [string, string])
      );
      expect(place.location).toBe(path);
      const at = Number(place.offset);
      expect(weights.subarray(at, at + Number(place.length))).toEqual(new Uint8Array(original.raw_data));
    }
    return [];
  });
  expect(external).toBeGreaterThan(3);
});

it.each(['noise_predictor', 'half_weights'] as const)('%s in float16 gives nearly the same noise', async name => {
  const half = withHalfArithmetic(bytes[name]);
  const graph = decodeModel(half).graph;
  const float32 = graph.initializer.filter(tensor => tensor.data_type === DATA_TYPE.float).map(tensor => tensor.name);
  // Only the factors of Resize, which are float32 by definition.
  expect(float32).toEqual(['double_size']);
  const casts = graph.node.filter(({ op_type: kind }) => kind === 'Cast');
  expect(casts).toHaveLength(graph.input.length + graph.output.length);
  const [expected, found] = [await noiseOf(bytes[name]), await noiseOf(half)];
  const error = worst(found, expected);
  expect(error).toBeGreaterThan(0);
  expect(error).toBeLessThan(0.01);
});

it('weights in float16 are the nearest ones, and those that were already are the same', () => {
  const tensors = (model: Uint8Array) => new Map(decodeModel(model).graph.initializer.map(one => [one.name, one]));
  const [from, to] = [tensors(bytes.noise_predictor), tensors(withHalfArithmetic(bytes.noise_predictor))];
  const { raw_data: stored } = from.get('out.0.weight')!;
  const singles = new Float32Array(new Uint8Array(stored).buffer);
  const halves = new Uint16Array(new Uint8Array(to.get('out.0.weight')!.raw_data).buffer);
  expect(halves).toHaveLength(singles.length);
  halves.forEach((bits, i) => expect(Math.abs(float32OfHalf(bits) - singles[i])).toBeLessThan(1e-3));
  const [stays, stayed] = [tensors(bytes.half_weights), tensors(withHalfArithmetic(bytes.half_weights))];
  const kernels = [...stays.values()].filter(one => one.data_type === DATA_TYPE.float16);
  expect(kernels.length).toBeGreaterThan(5);
  for (const kernel of kernels) expect(stayed.get(kernel.name)).toEqual(kernel);
});

it('bytes that are no model are refused', () => {
  expect(() => withExternalWeights(new TextEncoder().encode('this is no network'))).toThrow(RangeError);
});
