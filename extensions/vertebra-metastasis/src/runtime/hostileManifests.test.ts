/** Manifests that no reader or writer may accept; the same list is given to the Python writer (training/tests). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusalOf } from '../../../../test/support/refusal';
import { parseBodyManifest } from './bodyManifest';
import { parseManifest } from './manifest';
import { parseSelfTest } from './selfTest';

const root = join(__dirname, '../../../..');
const json = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>;

/** JSON text, or a recipe for text too long to write down. */
type Replacement = string | { repeat: string; times: number } | { list: string; times: number };
const list = json('test/hostile/manifests.json');
const hostile = list as Record<'model' | 'body' | 'screenedModel', [string, Replacement][]>;
const screenedModelIs = list.screenedModelIs as Record<string, unknown>;

function textOf(replacement: Replacement): string {
  if (typeof replacement === 'string') return replacement;
  if ('repeat' in replacement) return JSON.stringify(replacement.repeat.repeat(replacement.times));
  return `[${Array(replacement.times).fill(replacement.list).join()}]`;
}

/** The JSON text of `manifest` with the field at `path` replaced by a piece of text. */
function replaced(manifest: Record<string, unknown>, path: string, text: string): string {
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce((object, key) => object[key] as Record<string, unknown>, manifest);
  parent[last] = '<replaced>';
  return JSON.stringify(manifest).replace('"<replaced>"', () => text);
}

const bundled = { model: 'models/tiny/manifest.json', body: 'models/body/manifest.json' } as const;

/** The bundled model's manifest with the fields that a screening network needs beside. */
function screenedModel(): Record<string, unknown> {
  const manifest = json(bundled.model);
  return Object.entries(screenedModelIs).reduce<Record<string, unknown>>(
    (changed, [path, value]) => JSON.parse(replaced(changed, path, JSON.stringify(value))),
    manifest
  );
}

describe.each([
  ['model', () => json(bundled.model), parseManifest],
  ['screenedModel', screenedModel, parseManifest],
  ['body', () => json(bundled.body), parseBodyManifest],
] as const)('%s', (kind, manifest, parse) => {
  it('is accepted as it is', () => expect(() => parse(manifest())).not.toThrow());

  it.each(hostile[kind])('%s %j is refused by name', (path, replacement) => {
    const text = replaced(manifest(), path, textOf(replacement));
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      expect(text).toMatch(/NaN|Infinity/);
      return;
    }
    const refusal = refusalOf(() => parse(value));
    expect(refusal.code).toBe('model-manifest');
    expect(refusal.message).toContain(path.split('.')[0]);
    expect(refusal.message.length).toBeLessThan(2000);
  });
});

it('a self-test whose tolerance would pass anything is refused', () => {
  const test = { ...json('models/tiny/self-test.json'), tolerance: 1e9 };
  expect(refusalOf(() => parseSelfTest(test)).message).toMatch(/tolerance/);
});
