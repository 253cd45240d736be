import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusalOf } from '../../../../test/support/refusal';
import { parseManifest, parseModelIndex } from './manifest';
import { parseSelfTest } from './selfTest';

const models = join(__dirname, '../../../../models');
const read = (path: string): unknown => JSON.parse(readFileSync(join(models, path), 'utf8'));
type Json = Record<string, unknown>;

/** The tiny model's manifest with one field changed; undefined removes it. */
function manifestWith(path: string, value: unknown): unknown {
  const manifest = read('tiny/manifest.json') as Json;
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce((object, key) => object[key] as Json, manifest);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return manifest;
}

describe('model manifest', () => {
  it('reads the field names of earlier converters', () => {
    expect(parseManifest(manifestWith('patch.knownWidth', 0.4)).patch.trainedWidthFraction).toBe(0.4);
    const manifest = manifestWith('method.skipMargin', 0.2) as { method: Json };
    manifest.method.refineMargin = 0.1;
    expect(parseManifest(manifest).method).toMatchObject({ skipBelowThresholdBy: 0.2, rescoreWithin: 0.1 });
    expect(() => parseManifest(manifestWith('patch.knownWidth', 2))).toThrow(/patch\.trainedWidthFraction/);
  });

  it('accepts the bundled model', () => {
    const manifest = parseManifest(read('tiny/manifest.json'));
    expect(manifest.id).toBe('tiny');
    expect(manifest.classifier.coef).toHaveLength(manifest.codeSize);
    expect(manifest.patch.spacingMm).toEqual({ anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 0.8 });
  });

  it.each([
    ['schemaVersion', 2],
    ['codeSize', '512'],
    ['conditioningSize', undefined],
    ['patch.size', 128],
    ['patch.spacingMm.superiorInferior', 0],
    ['patch.rows', 'superior-inferior'],
    ['patch.intensity.highPercentile', 99],
    ['schedule.trainSteps', 500],
    ['schedule.betaEnd', 0.01],
    ['method.targetProbability', 1],
    ['classifier.mean', [1, 2, 3]],
    ['classifier.intercept', null],
    ['precision', 'int8'],
    ['files.encoder', undefined],
    ['files.noisePredictor.sha256', 'abc'],
    ['files.noisePredictor.path', '../other/noise.onnx'],
    ['files.noisePredictor.path', 'https://example.org/noise.onnx'],
    ['files.noisePredictor.path', '/noise.onnx'],
    ['licence', ''],
    ['provenance.checkpointSha256', undefined],
  ])('names %s when it is %p', (path, value) => {
    const error = refusalOf(() => parseManifest(manifestWith(path, value)));
    expect(error.code).toBe('model-manifest');
    expect(error.message).toContain(path);
  });

  it('names a scale of zero, which would divide by zero', () => {
    const scale = Array.from({ length: 512 }, (_, i) => (i === 7 ? 0 : 1));
    expect(refusalOf(() => parseManifest(manifestWith('classifier.scale', scale))).message).toContain(
      'classifier.scale.7'
    );
  });

  it('refuses what is no object', () => {
    expect(refusalOf(() => parseManifest('<!doctype html>')).message).toContain('(whole file)');
  });
});

describe('list of models', () => {
  it('accepts the bundled one', () => {
    expect(parseModelIndex(read('index.json')).models.map(({ id }) => id)).toContain('tiny');
  });

  it('wants its default to be listed', () => {
    const index = { models: [{ id: 'tiny', path: 'tiny/manifest.json' }], default: 'large' };
    expect(refusalOf(() => parseModelIndex(index)).message).toMatch(/default: must be the id of a listed model/);
  });
});

describe('self-test file', () => {
  it('names a short array', () => {
    const test = { ...(read('tiny/self-test.json') as Json), noise: [0] };
    expect(refusalOf(() => parseSelfTest(test)).message).toMatch(/noise/);
  });
});
