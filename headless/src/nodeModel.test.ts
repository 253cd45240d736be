import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, localEngine, PATCH_PIXELS } from '@spine/core';
import { selfTestStack } from '@spine/runtime/screeningNetwork';
import { parseSelfTest, runSelfTest } from '@spine/runtime/selfTest';
import { onnxFile } from '../../test/support/onnxFile';
import { addScreeningNetwork, TOY_SCREENING } from '../../test/support/toyModel';
import type { NodeModel } from './nodeModel';
import { loadModelFromFolder } from './nodeModel';

const TINY = join(__dirname, '../../models/tiny');
const selfTest = parseSelfTest(JSON.parse(readFileSync(join(TINY, 'self-test.json'), 'utf8')));
/** Two float32 implementations of one evaluation agree to about 1e-6. */
const TOLERANCE = 2e-5;

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0);
}

describe('the tiny model in Node', () => {
  let model: NodeModel;
  beforeAll(async () => {
    model = await loadModelFromFolder(TINY);
  });
  afterAll(() => model.network.dispose());

  const noisy = Float32Array.from(selfTest.noisy);
  const code = Float32Array.from(selfTest.code);
  const doubled = (array: Float32Array) => Float32Array.from([...array, ...array]);

  it('computes what PyTorch computed', async () => {
    const { network } = model;
    expect(largestDifference(await network.encode(Float32Array.from(selfTest.patch), 1), selfTest.code)).toBeLessThan(
      TOLERANCE
    );
    const noise = await network.predictNoise(noisy, selfTest.timestep, code, 1);
    expect(largestDifference(noise, selfTest.noise)).toBeLessThan(TOLERANCE);
  });

  it('gives each image of a batch its own code', async () => {
    const { network } = model;
    const other = code.map(value => -value);
    const both = Float32Array.from([...code, ...other]);
    const together = await network.predictNoise(doubled(noisy), selfTest.timestep, both, 2);
    expect(largestDifference(together.subarray(0, PATCH_PIXELS), selfTest.noise)).toBeLessThan(TOLERANCE);
    const alone = await network.predictNoise(noisy, selfTest.timestep, other, 1);
    expect(largestDifference(together.subarray(PATCH_PIXELS), alone)).toBeLessThan(TOLERANCE);
    expect(largestDifference(alone, selfTest.noise)).toBeGreaterThan(100 * TOLERANCE);
  });

  it('sees that a reused array of codes holds other codes', async () => {
    const { network } = model;
    const reused = code.map(value => -value);
    const before = await network.predictNoise(noisy, selfTest.timestep, reused, 1);
    reused.set(code);
    const after = await network.predictNoise(noisy, selfTest.timestep, reused, 1);
    expect(largestDifference(after, selfTest.noise)).toBeLessThan(TOLERANCE);
    expect(largestDifference(before, after)).toBeGreaterThan(100 * TOLERANCE);
  });

  it('gives the same at a timestep prepared with others, and fractional ones in between', async () => {
    const { network } = model;
    await network.prepareTimesteps([3, 17.25, selfTest.timestep, 999, 3]);
    expect(
      largestDifference(await network.predictNoise(noisy, selfTest.timestep, code, 1), selfTest.noise)
    ).toBeLessThan(TOLERANCE);
    const [low, middle, high] = [
      await network.predictNoise(noisy, 17, code, 1),
      await network.predictNoise(noisy, 17.25, code, 1),
      await network.predictNoise(noisy, 18, code, 1),
    ];
    expect(largestDifference(middle, low)).toBeLessThan(largestDifference(high, low));
  });

  it('blends what it is told of timesteps: one of weight 1 is that one, two lie between them', async () => {
    const { network } = model;
    const [early, late] = [
      await network.predictNoise(noisy, 100, code, 1),
      await network.predictNoise(noisy, 130, code, 1),
    ];
    const blend = (...weights: number[]) => network.predictNoise(noisy, { timesteps: [100, 130], weights }, code, 1);
    expect(await blend(1, 0)).toEqual(early);
    expect(await blend(0, 1)).toEqual(late);
    const half = { timesteps: [100, 130], weights: [0.5, 0.5] };
    const between = await network.predictNoise(noisy, half, code, 1);
    expect(largestDifference(between, early)).toBeGreaterThan(0);
    const mean = early.map((value, i) => (value + late[i]) / 2);
    expect(largestDifference(between, mean)).toBeLessThan(largestDifference(early, late) / 4);
    expect(await network.predictNoise(noisy, half, code, 1)).toEqual(between);
  });

  it('does not modify its inputs, nor an output of before', async () => {
    const { network } = model;
    const [noisyBefore, codeBefore] = [noisy.slice(), code.slice()];
    const first = await network.predictNoise(noisy, 10, code, 1);
    const kept = first.slice();
    await network.predictNoise(noisy, 900, code, 1);
    expect([noisy, code, first]).toEqual([noisyBefore, codeBefore, kept]);
  });

  it('passes its self-test alone and in batches, and a network that mixes up a batch does not', async () => {
    const { network } = model;
    expect(await runSelfTest({ ...network, preferredBatch: 3 }, selfTest)).toMatchObject({ passed: true });
    const firstForAll: typeof network = {
      ...network,
      preferredBatch: 3,
      async predictNoise(images, timestep, codes, batch) {
        const noise = await network.predictNoise(images, timestep, codes, batch);
        return noise.map((_, i) => noise[i % PATCH_PIXELS]);
      },
    };
    const mixed = await runSelfTest(firstForAll, selfTest);
    expect(mixed).toMatchObject({ passed: false });
    expect(mixed.codeError).toBeLessThan(TOLERANCE);
    expect(await runSelfTest({ ...firstForAll, preferredBatch: 1 }, selfTest)).toMatchObject({ passed: true });
  });

  it('names arrays of a wrong length', async () => {
    const { network } = model;
    await expect(network.encode(noisy, 2)).rejects.toMatchObject({ code: 'tensor-size' });
    await expect(network.predictNoise(noisy, 0, code.subarray(1), 1)).rejects.toThrow(/codes hold 511 numbers/);
  });
});

describe('float16 in Node', () => {
  it('is used where it is asked for and agrees, and the provider says so', async () => {
    const { network, provider, arithmetic } = await loadModelFromFolder(TINY, { arithmetic: 'float16' });
    expect(provider).toBe('cpu (float16)');
    expect(arithmetic).toMatchObject({ code: 'float16', bound: 0.01 });
    const noisy = Float32Array.from(selfTest.noisy);
    const noise = await network.predictNoise(noisy, selfTest.timestep, Float32Array.from(selfTest.code), 1);
    const error = largestDifference(noise, selfTest.noise);
    expect(error).toBeGreaterThan(TOLERANCE);
    expect(error).toBeLessThan(0.01);
    await network.dispose();
  });

  it('is not tried on a processor by itself', async () => {
    const { network, provider, arithmetic } = await loadModelFromFolder(TINY);
    expect([provider, arithmetic.code]).toEqual(['cpu', 'off']);
    await network.dispose();
  });
});

describe('a model folder that is not right', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'model-'));
    cpSync(TINY, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const load = () => loadModelFromFolder(folder);
  const readJson = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));

  /** Replaces a file and enters its new hash, as one would who builds a model by hand. */
  function replace(key: string, bytes: Uint8Array): void {
    const manifest = readJson('manifest.json');
    writeFileSync(join(folder, manifest.files[key].path), bytes);
    manifest.files[key].sha256 = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  }

  it('says that the manifest is missing', async () => {
    rmSync(join(folder, 'manifest.json'));
    await expect(load()).rejects.toMatchObject({ code: 'model-missing', message: expect.stringContaining(folder) });
  });

  it('says that the manifest is no JSON', async () => {
    writeFileSync(join(folder, 'manifest.json'), '{');
    await expect(load()).rejects.toMatchObject({ code: 'model-json' });
  });

  it('refuses a file with one changed byte, by name', async () => {
    const bytes = readFileSync(join(folder, 'noise_predictor.onnx'));
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(join(folder, 'noise_predictor.onnx'), bytes);
    await expect(load()).rejects.toMatchObject({
      code: 'model-hash',
      message: expect.stringContaining('noise_predictor.onnx'),
    });
  });

  it('refuses what is no ONNX file', async () => {
    replace('encoder', new TextEncoder().encode('this is no network'));
    await expect(load()).rejects.toMatchObject({
      code: 'model-file',
      message: expect.stringContaining('encoder.onnx'),
    });
  });

  it('refuses a network whose shapes are not those of the manifest', async () => {
    const manifest = readJson('manifest.json');
    manifest.conditioningSize -= 1;
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await expect(load()).rejects.toMatchObject({ code: 'model-shape', message: expect.stringContaining('time_scale') });
  });

  it('refuses a network that does not reproduce its self-test', async () => {
    const changed = readJson('self-test.json');
    changed.noise[100] += 0.01;
    replace('selfTest', new TextEncoder().encode(JSON.stringify(changed)));
    await expect(load()).rejects.toBeInstanceOf(InputError);
    await expect(load()).rejects.toMatchObject({ code: 'self-test', message: expect.stringContaining('1.0e-2') });
  });
});

describe('a model with a screening network', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'screened-'));
    cpSync(TINY, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const stack = Float32Array.from(selfTestStack(selfTest));
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const expected = [mean(stack.subarray(0, 3 * PATCH_PIXELS)), mean(stack.subarray(3 * PATCH_PIXELS))];

  it('opens it with the other networks, and runs it in batches', async () => {
    addScreeningNetwork(folder, undefined, expected);
    const { network, manifest } = await loadModelFromFolder(folder);
    expect(manifest.patch.screening?.network?.networkWeight).toBe(2);
    const count = 35;
    const stacks = new Float32Array(count * stack.length);
    for (let n = 0; n < count; n++)
      stacks.set(
        stack.map(value => n * value),
        n * stack.length
      );
    const logits = await localEngine(network, manifest.classifier).screenKinds!(stacks, count, {});
    const scaled = Array.from({ length: count }, (_, n) => expected.map(value => n * value)).flat();
    expect(largestDifference(logits, scaled)).toBeLessThan(TOLERANCE * count);
    await expect(network.screening!.kindLogits(stack.slice(1), 1)).rejects.toMatchObject({ code: 'tensor-size' });
    await network.dispose();
  });

  it('is there in no model without it', async () => {
    const { network, manifest } = await loadModelFromFolder(TINY);
    expect(network.screening).toBeUndefined();
    expect(localEngine(network, manifest.classifier)).not.toHaveProperty('screenKinds');
    await network.dispose();
  });

  const renamed = { ...TOY_SCREENING, inputs: { patches: ['batch', 6, 64, 64] } };
  const [reshape, reduce] = TOY_SCREENING.nodes;
  const threeKinds = {
    ...TOY_SCREENING,
    constants: { halves: { dims: [3], data: BigInt64Array.from([-1n, 3n, 8192n]) } },
  };
  const notFinite = {
    ...TOY_SCREENING,
    nodes: [reshape, { ...reduce, output: 'mean' }, { type: 'Div', inputs: ['mean', 'zero'], output: 'logits' }],
    constants: { ...TOY_SCREENING.constants, zero: { dims: [1], data: new Float32Array(1) } },
  };
  it.each([
    ['no ONNX file', new TextEncoder().encode('this is no network'), undefined, /[Pp]rotobuf/],
    [
      'another input',
      onnxFile({ ...renamed, nodes: [{ ...reshape, inputs: ['patches', 'halves'] }, reduce] }),
      undefined,
      /patches/,
    ],
    ['three kinds', onnxFile({ ...threeKinds, outputs: { logits: ['batch', 3] } }), undefined, /float32 \[1, 3\]/],
    ['logits that are no numbers', onnxFile(notFinite), undefined, /its logits are Infinity, Infinity/],
    ['other logits than in the self-test', undefined, [expected[0], expected[1] + 0.1], /off by 1\.0e-1 .* self-test/],
  ])('refuses a network with %s', async (_, graph, logits, message) => {
    addScreeningNetwork(folder, graph, logits);
    await expect(loadModelFromFolder(folder)).rejects.toMatchObject({
      code: 'screening-network',
      message: expect.stringMatching(message),
    });
  });

  it('refuses one that is not the file that the manifest names, and a self-test with the wrong number of logits', async () => {
    addScreeningNetwork(folder);
    writeFileSync(join(folder, 'screening.onnx'), 'damaged');
    await expect(loadModelFromFolder(folder)).rejects.toMatchObject({ code: 'model-hash' });
    addScreeningNetwork(folder, undefined, [1]);
    await expect(loadModelFromFolder(folder)).rejects.toMatchObject({ code: 'self-test-file' });
  });
});
