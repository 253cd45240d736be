/** The converter against models/tiny, which the Python converter wrote and checked against PyTorch. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { parseManifest } from '@spine/runtime/manifest';
import { parseSelfTest, runSelfTest } from '@spine/runtime/selfTest';
import { SESSION_KEYS } from '@spine/runtime/session';
import { randomTensors, writeCheckpoint } from '../../test/support/checkpointFile';
import { ROOT } from '../../test/support/shared';
import { convertModel, type Conversion } from './convert';
import { classifierFromJson, type LatentClassifier } from './model/classifier';
import { DEFAULT_DESCRIPTION, FILES, sha256OfFile } from './model/manifest';
import { registerModel } from './model/modelIndex';
import { decodeModel } from './onnx/schema';

const TINY = join(ROOT, 'models/tiny');
const CHECKPOINT = join(TINY, 'tiny-dae.ckpt');
const GOLDEN = join(ROOT, 'test/golden/data/case-3-synthetic');
const CLASSIFIER = classifierFromJson(join(GOLDEN, 'classifier.json'));

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'convert-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function conversion(name: string, more: Partial<Conversion> = {}): Conversion {
  const description = { ...DEFAULT_DESCRIPTION, id: name, name, provenance: { source: 'test', createdBy: 'test' } };
  const out = join(folder, name);
  return { checkpoint: CHECKPOINT, classifier: CLASSIFIER, description, precision: 'float32', out, ...more };
}

describe('the tiny checkpoint', () => {
  beforeAll(() => convertModel(conversion('tiny')));

  it('gives the graphs that the Python converter gave, byte for byte: models/tiny/manifest.json has their hashes', () => {
    const { files } = parseManifest(JSON.parse(readFileSync(join(TINY, 'manifest.json'), 'utf8')));
    for (const key of SESSION_KEYS) {
      const { path, sha256 } = files[key];
      expect([path, sha256OfFile(join(folder, 'tiny', path))]).toEqual([path, sha256]);
    }
  });

  it('gives a folder that opens, and reproduces what PyTorch computed', async () => {
    const { network, manifest } = await loadModelFromFolder(join(folder, 'tiny'));
    const pytorch = parseSelfTest(JSON.parse(readFileSync(join(TINY, 'self-test.json'), 'utf8')));
    const result = await runSelfTest(network, pytorch);
    await network.dispose();
    expect(Math.max(result.codeError, result.noiseError)).toBeLessThan(1e-5);
    expect(manifest.architecture).toEqual(JSON.parse(readFileSync(join(GOLDEN, 'config.json'), 'utf8')));
    expect(manifest.classifier).toEqual(CLASSIFIER);
    expect(manifest.provenance.checkpointSha256).toBe(sha256OfFile(CHECKPOINT));
    expect(readdirSync(join(folder, 'tiny')).sort()).toEqual([...Object.values(FILES), 'manifest.json'].sort());
  });

  it('keeps a failed conversion away from a folder that is there', async () => {
    const before = sha256OfFile(join(folder, 'tiny/manifest.json'));
    const bad = join(folder, 'bad.ckpt');
    writeFileSync(bad, 'nothing');
    await expect(convertModel(conversion('tiny', { checkpoint: bad }))).rejects.toThrow(/bad\.ckpt/);
    expect(sha256OfFile(join(folder, 'tiny/manifest.json'))).toBe(before);
    expect(readdirSync(folder).filter(name => name.startsWith('.'))).toEqual([]);
  });
});

it('stores float16 weights in half the bytes, and says how far they are off', async () => {
  await convertModel(conversion('half', { precision: 'float16-weights' }));
  const half = parseManifest(JSON.parse(readFileSync(join(folder, 'half/manifest.json'), 'utf8')));
  const full = parseManifest(JSON.parse(readFileSync(join(TINY, 'manifest.json'), 'utf8')));
  for (const key of ['encoder', 'noisePredictor', 'timeConditioning', 'codeConditioning'] as const) {
    expect(half.files[key].bytes).toBeLessThan(0.55 * full.files[key].bytes);
  }
  await (await loadModelFromFolder(join(folder, 'half'))).network.dispose();
});

describe('other architectures', () => {
  const architecture = {
    ...({ image_size: 64, in_channels: 1, out_channels: 1, dropout: 0.1 } as const),
    model_channels: 8,
    channel_mult: [1, 2, 3, 3],
    enc_channel_mult: [1, 1, 2],
    attention_resolutions: [8, 16],
    embed_channels: 24,
    style_channels: 12,
    num_res_blocks: 2,
    enc_num_res_blocks: 1,
  };
  const classifier: LatentClassifier = {
    mean: Array(12).fill(0),
    scale: Array(12).fill(1),
    coef: Array(12).fill(1),
    intercept: 0,
  };

  it('are inferred from the shapes, with residual blocks that widen and levels that attend', async () => {
    const checkpoint = join(folder, 'other.ckpt');
    writeCheckpoint(checkpoint, randomTensors(architecture, 'other'));
    await convertModel(conversion('other', { checkpoint, classifier }));
    const { network, manifest } = await loadModelFromFolder(join(folder, 'other'));
    await network.dispose();
    expect(manifest.architecture).toEqual(architecture);
  });

  it('groups of another size are inferred, and are those of the normalisation', async () => {
    const grouped = { ...architecture, channels_per_group: 4 };
    const checkpoint = join(folder, 'grouped.ckpt');
    writeCheckpoint(checkpoint, randomTensors(grouped, 'other'));
    await convertModel(conversion('grouped', { checkpoint, classifier }));
    const { network, manifest } = await loadModelFromFolder(join(folder, 'grouped'));
    await network.dispose();
    expect(manifest.architecture).toEqual(grouped);
    const groupsOf = (name: string) => {
      const { graph } = decodeModel(readFileSync(join(folder, name, 'encoder.onnx')));
      const norms = graph.node.filter(({ op_type }) => op_type === 'InstanceNormalization');
      return norms.map(({ input }) => Number(input[1].replace('ones_', '')));
    };
    const channels = [...new Set(architecture.enc_channel_mult)].map(factor => factor * architecture.model_channels);
    expect([...new Set(groupsOf('grouped'))].sort((a, b) => a - b)).toEqual(channels.map(count => count / 4));
    expect(groupsOf('other')).not.toEqual(groupsOf('grouped'));
  });

  it('no node has more outputs than WebGPU has storage buffers for', () => {
    const { graph } = decodeModel(readFileSync(join(folder, 'other/noise_predictor.onnx')));
    expect(Math.max(...graph.node.map(({ output }) => output.length))).toBeLessThanOrEqual(7);
    expect(new Set(graph.node.map(({ op_type }) => op_type))).not.toContain('Shape');
  });
});

it('refuses a classifier of another length, and a description out of range', async () => {
  const short = { mean: [0], scale: [1], coef: [1], intercept: 0 };
  await expect(convertModel(conversion('refused', { classifier: short }))).rejects.toThrow(/length 1/);
  const { description } = conversion('refused');
  for (const [change, message] of [
    [{ id: 'No Spaces' }, /model id/],
    [{ patchSpacingMm: [0, 1, 1] }, /patch spacing/],
    [{ targetProbability: 0.7 }, /target probability/],
    [{ skipBelowThresholdBy: 0 }, /skip-below-threshold-by/],
    [{ trustAboveThresholdBy: 1.1 }, /trust-above-threshold-by/],
    [{ rescoreWithin: -0.1 }, /rescore-within/],
    [{ trainedWidthFraction: 1.5 }, /trained width fraction/],
  ] as const) {
    const wrong = { ...description, ...change } as Conversion['description'];
    await expect(convertModel(conversion('refused', { description: wrong }))).rejects.toThrow(message);
  }
  expect(readdirSync(folder)).not.toContain('refused');
});

it('registers a model once and keeps the others and what else the index says', () => {
  const models = join(folder, 'models');
  mkdirSync(models);
  registerModel(join(models, 'first'), 'first', false);
  writeFileSync(
    join(models, 'index.json'),
    JSON.stringify({
      ...JSON.parse(readFileSync(join(models, 'index.json'), 'utf8')),
      bodyOutline: 'body/manifest.json',
    })
  );
  registerModel(join(models, 'second'), 'second', false);
  registerModel(join(models, 'second'), 'second', true);
  expect(JSON.parse(readFileSync(join(models, 'index.json'), 'utf8'))).toEqual({
    models: [
      { id: 'first', path: 'first/manifest.json' },
      { id: 'second', path: 'second/manifest.json' },
    ],
    default: 'second',
    bodyOutline: 'body/manifest.json',
  });
  writeFileSync(join(models, 'index.json'), '{');
  expect(() => registerModel(join(models, 'third'), 'third', false)).toThrow(/index\.json/);
});
