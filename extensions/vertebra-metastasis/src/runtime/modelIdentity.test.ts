import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../core';
import { parseManifest, parseModelIndex } from './manifest';
import { modelSha256 } from './modelIdentity';
import { checkClassifier, parseSelfTest } from './selfTest';

const models = join(__dirname, '../../../../models');
const read = (path: string) => JSON.parse(readFileSync(join(models, path), 'utf8')) as Record<string, unknown>;
const shipped = parseModelIndex(read('index.json')).models.map(({ id, path }) => [id, path] as const);
const manifest = () => parseManifest(read('tiny/manifest.json'));
type Manifest = ReturnType<typeof manifest>;

const inverted = ({ classifier, ...rest }: Manifest): Manifest => ({
  ...rest,
  classifier: { ...classifier, coef: classifier.coef.map(value => -value), intercept: -classifier.intercept },
});

/** The same manifest with one thing changed. */
const changes: [string, (m: Manifest) => Manifest][] = [
  ['an inverted classifier', inverted],
  ['an intercept', m => ({ ...m, classifier: { ...m.classifier, intercept: m.classifier.intercept + 1e-9 } })],
  ...(['encoder', 'timeConditioning', 'codeConditioning', 'noisePredictor', 'selfTest'] as const).map(
    (key): [string, (m: Manifest) => Manifest] => [
      `the file ${key}`,
      m => ({ ...m, files: { ...m.files, [key]: { ...m.files[key], sha256: '0'.repeat(64) } } }),
    ]
  ),
  ['the threshold', m => ({ ...m, method: { ...m.method, attributionThreshold: 0.51 } })],
  ['the pixel spacing', m => ({ ...m, patch: { ...m.patch, spacingMm: { ...m.patch.spacingMm, leftRight: 1 } } })],
];

describe('the identity of a model', () => {
  it.each(changes)('changes with %s', (_, change) => {
    expect(modelSha256(change(manifest()))).not.toBe(modelSha256(manifest()));
  });

  it('does not change with the order of the keys', () => {
    const reversed = Object.fromEntries(Object.entries(read('tiny/manifest.json')).reverse());
    expect(modelSha256(parseManifest(reversed))).toBe(modelSha256(manifest()));
  });

  it('is the SHA-256 of the manifest as JSON without spaces, its keys sorted', () => {
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value
        : value && typeof value === 'object'
          ? Object.fromEntries(
              Object.keys(value)
                .sort()
                .map(key => [key, sorted((value as Record<string, unknown>)[key])])
            )
          : value;
    const json = JSON.stringify(sorted(manifest()));
    expect(modelSha256(manifest())).toBe(createHash('sha256').update(json).digest('hex'));
  });
});

describe('the self-test of a shipped model', () => {
  it.each(shipped)('%s: knows P(malignant), and refuses the classifier inverted or absent in part', (_, path) => {
    const model = parseManifest(read(path));
    const test = parseSelfTest(read(join(path, '..', model.files.selfTest.path)));
    expect(test.malignancyProbability).toBeGreaterThan(0);
    expect(() => checkClassifier(test, model.classifier)).not.toThrow();
    expect(() => checkClassifier(test, inverted(model).classifier)).toThrow(InputError);
    expect(() => checkClassifier(test, { ...model.classifier, coef: [] })).toThrow(/code: has/);
  });
});
