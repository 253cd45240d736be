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
const hostile = json('test/hostile/manifests.json') as Record<'model' | 'body', [string, Replacement][]>;

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

describe.each([
  ['model', 'models/tiny/manifest.json', parseManifest],
  ['body', 'models/body/manifest.json', parseBodyManifest],
] as const)('%s', (kind, file, parse) => {
  it('is accepted as it is', () => expect(() => parse(json(file))).not.toThrow());

  it.each(hostile[kind])('%s %j is refused by name', (path, replacement) => {
    const text = replaced(json(file), path, textOf(replacement));
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
