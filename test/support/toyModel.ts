import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type OnnxGraph, onnxFile } from './onnxFile';
import { ROOT } from './shared';

/** Sizes of the semantic code and of the conditioning. */
const [Z, S] = [4, 6];
const pattern = (length: number, scale: number) => Float32Array.from({ length }, (_, i) => scale * Math.sin(i + 1));
const shape = (...sizes: number[]) => ({
  dims: [sizes.length],
  data: BigInt64Array.from(sizes, BigInt),
});

/** A handful of operations each, with the inputs and outputs of a model's graphs: a software adapter runs them in milliseconds. */
const GRAPHS: Readonly<Record<'encoder' | 'timeConditioning' | 'codeConditioning' | 'noisePredictor', OnnxGraph>> = {
  encoder: {
    nodes: [
      { type: 'Reshape', inputs: ['patch', 'quarters'], output: 'x' },
      { type: 'ReduceMean', inputs: ['x'], output: 'code', attributes: { axes: [2], keepdims: 0 } },
    ],
    inputs: { patch: ['batch', 1, 64, 64] },
    outputs: { code: ['batch', Z] },
    constants: { quarters: shape(-1, Z, 4096 / Z) },
  },
  timeConditioning: {
    nodes: [
      { type: 'Reshape', inputs: ['timestep', 'column'], output: 'x' },
      { type: 'MatMul', inputs: ['x', 'a'], output: 'time_scale' },
      { type: 'MatMul', inputs: ['x', 'b'], output: 'time_shift' },
    ],
    inputs: { timestep: ['steps'] },
    outputs: { time_scale: ['steps', S], time_shift: ['steps', S] },
    constants: {
      column: shape(-1, 1),
      a: { dims: [1, S], data: pattern(S, 1e-3) },
      b: { dims: [1, S], data: pattern(S, 2e-4) },
    },
  },
  codeConditioning: {
    nodes: [{ type: 'MatMul', inputs: ['code', 'w'], output: 'code_scale' }],
    inputs: { code: ['batch', Z] },
    outputs: { code_scale: ['batch', S] },
    constants: { w: { dims: [Z, S], data: pattern(Z * S, 0.5) } },
  },
  noisePredictor: {
    nodes: [
      { type: 'Mul', inputs: ['time_scale', 'code_scale'], output: 'scaled' },
      { type: 'Add', inputs: ['scaled', 'time_shift'], output: 'channels' },
      { type: 'ReduceMean', inputs: ['channels'], output: 'mean', attributes: { axes: [1], keepdims: 1 } },
      { type: 'Reshape', inputs: ['mean', 'pixel'], output: 'offset' },
      {
        type: 'Conv',
        inputs: ['noisy', 'kernel'],
        output: 'blurred',
        attributes: { pads: [1, 1, 1, 1], kernel_shape: [3, 3] },
      },
      { type: 'Add', inputs: ['blurred', 'offset'], output: 'sum' },
      { type: 'Tanh', inputs: ['sum'], output: 'noise' },
    ],
    inputs: { noisy: ['batch', 1, 64, 64], time_scale: [1, S], time_shift: [1, S], code_scale: ['batch', S] },
    outputs: { noise: ['batch', 1, 64, 64] },
    constants: {
      pixel: shape(-1, 1, 1, 1),
    },
  },
};

/** Lytic logit: the mean of the first three slices of a stack; blastic: of the last two and the body mask. */
export const TOY_SCREENING: OnnxGraph = {
  nodes: [
    { type: 'Reshape', inputs: ['slices', 'halves'], output: 'x' },
    { type: 'ReduceMean', inputs: ['x'], output: 'logits', attributes: { axes: [2], keepdims: 0 } },
  ],
  inputs: { slices: ['batch', 6, 64, 64] },
  outputs: { logits: ['batch', 2] },
  constants: { halves: shape(-1, 2, 3 * 4096) },
};

/** How the toy model's screening network is used. */
export const TOY_SCREENING_USE = {
  withinMm: 4,
  logitShift: 0,
  network: { sliceSteps: [-4, -2, 0, 2, 4], encoderWeight: 1, networkWeight: 2, leastKindLogit: -5 },
};

/**
 * Gives a model folder a screening network.
 * @param graph its ONNX file @param logits stored in the self-test for its stack; undefined: none
 */
export function addScreeningNetwork(
  folder: string,
  graph: Uint8Array = onnxFile(TOY_SCREENING),
  logits?: readonly number[]
): void {
  const json = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const manifest = json('manifest.json');
  const write = (key: string, path: string, content: Uint8Array) => {
    writeFileSync(join(folder, path), content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    manifest.files[key] = { path, sha256, bytes: content.length };
  };
  write('screening', 'screening.onnx', graph);
  const { path } = manifest.files.selfTest;
  write('selfTest', path, Buffer.from(JSON.stringify({ ...json(path), screeningLogits: logits })));
  manifest.patch.screening = TOY_SCREENING_USE;
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

/** Of the noise predictor's kernel; with this a prediction in float16 on a software adapter is off by 0.03. */
const KERNEL_SCALE = 0.3;

/** Writes a model folder whose graphs are trivial, with a self-test computed by onnxruntime on the processor. */
export async function writeToyModel(folder: string, kernelScale = KERNEL_SCALE): Promise<void> {
  const { noisePredictor } = GRAPHS;
  const kernel = { dims: [1, 1, 3, 3], data: pattern(9, kernelScale) };
  const graphs = {
    ...GRAPHS,
    noisePredictor: { ...noisePredictor, constants: { ...noisePredictor.constants, kernel } },
  };
  mkdirSync(folder, { recursive: true });
  const tiny = (file: string) => JSON.parse(readFileSync(join(ROOT, 'models/tiny', file), 'utf8'));
  const manifest = tiny('manifest.json');
  const { patch, noisy, timestep, tolerance } = tiny(manifest.files.selfTest.path);
  const run = async (key: keyof typeof GRAPHS, feeds: Record<string, [readonly number[], readonly number[]]>) => {
    const session = await InferenceSession.create(onnxFile(graphs[key]));
    const tensors = Object.entries(feeds).map(([name, [data, dims]]) => [
      name,
      new Tensor('float32', Float32Array.from(data), dims),
    ]);
    const outputs = await session.run(Object.fromEntries(tensors));
    await session.release();
    return (name: string) => Array.from(outputs[name].data as Float32Array);
  };
  const code = (await run('encoder', { patch: [patch, [1, 1, 64, 64]] }))('code');
  const time = await run('timeConditioning', { timestep: [[timestep], [1]] });
  const scale = await run('codeConditioning', { code: [code, [1, Z]] });
  const noise = await run('noisePredictor', {
    noisy: [noisy, [1, 1, 64, 64]],
    time_scale: [time('time_scale'), [1, S]],
    time_shift: [time('time_shift'), [1, S]],
    code_scale: [scale('code_scale'), [1, S]],
  });
  const selfTest = { patch, code, timestep, noisy, noise: noise('noise'), tolerance };

  const files: Record<string, { path: string; sha256: string; bytes: number }> = {};
  const write = (key: string, path: string, content: Uint8Array) => {
    writeFileSync(join(folder, path), content);
    files[key] = { path, sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length };
  };
  for (const [key, graph] of Object.entries(graphs)) write(key, `${key}.onnx`, onnxFile(graph));
  write('selfTest', 'self-test.json', Buffer.from(JSON.stringify(selfTest)));
  const numbers = (value: number) => Array<number>(Z).fill(value);
  const classifier = { mean: numbers(0), scale: numbers(1), coef: numbers(1), intercept: 0 };
  const architecture = { ...manifest.architecture, style_channels: Z };
  const toy = {
    ...manifest,
    architecture,
    id: 'toy',
    name: 'Toy',
    codeSize: Z,
    conditioningSize: S,
    classifier,
    files,
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(toy));
}
