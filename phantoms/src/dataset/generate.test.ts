import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError } from '@spine/core';
import { generatePart, partName } from './generate';
import { parseOptions } from './options';
import { shareOut } from './plan';
import { MANIFEST_COLUMNS } from './write';

/** Phantoms are made here; a busy machine takes its time. */
jest.setTimeout(300_000);

const folder = mkdtempSync(join(tmpdir(), 'phantom-set-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a part of a dataset is written with a line per vertebra, its files beside it', async () => {
  const progress: number[] = [];
  const options = parseOptions(['--out', folder, '--count', '4', '--seed', '2', '--split', 'test', '--jobs', '2']);
  await generatePart(options, 1, done => progress.push(done));
  expect(progress).toEqual([1, 2]);
  const [header, ...lines] = readFileSync(join(folder, partName(1)), 'utf8')
    .trim()
    .split('\n');
  expect(header).toBe(MANIFEST_COLUMNS.join(','));
  expect(lines.map(line => line.split(',')[0])).toEqual(['1', '3']);
  for (const line of lines) {
    const values = line.split(',').slice(1);
    const row = Object.fromEntries(MANIFEST_COLUMNS.map((column, n) => [column, values[n]]));
    expect(row.split).toBe('test');
    expect(row.patient).toMatch(/^syn-test-/);
    for (const column of ['image', 'seg_msk', 'truth']) {
      const bytes = gunzipSync(readFileSync(join(folder, row[column])));
      expect(bytes.readInt16LE(42)).toBe(64);
    }
  }
});

test('options name what is wrong', () => {
  const code = (...args: string[]) => {
    try {
      parseOptions(args);
    } catch (error) {
      return error instanceof InputError ? `${error.code} ${error.message.split(/; |\.\n/)[0]}` : error;
    }
    return 'accepted';
  };
  expect(code()).toBe('wrong-option --out is “”');
  expect(code('--out', 'x', '--split', 'half')).toBe('wrong-option --split is “half”');
  expect(code('--out', 'x', '--count', '1.5')).toBe('wrong-option --count is “1.5”');
  expect(code('--out', 'x', '--jobs', '0')).toBe('wrong-option --jobs is “0”');
  expect(code('--out', 'x')).toBe('accepted');
});

test('both splits share a count out as four to one', () => {
  expect(shareOut(100, 'all')).toEqual([
    { split: 'train', count: 80 },
    { split: 'test', count: 20 },
  ]);
  expect(shareOut(100, 'test')).toEqual([{ split: 'test', count: 100 }]);
});
