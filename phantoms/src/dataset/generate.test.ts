import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { UsageError } from '@spine/headless/cli';
import { generatePart, partName } from './generate';
import { phantomOptions } from './options';
import { shareOut } from './plan';
import { MANIFEST_COLUMNS } from './write';

/** Phantoms are made here; a busy machine takes its time. */
jest.setTimeout(300_000);

const folder = mkdtempSync(join(tmpdir(), 'phantom-set-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a part of a dataset is written with a line per vertebra, its files beside it', async () => {
  const progress: number[] = [];
  const options = phantomOptions(['--out', folder, '--count', '4', '--seed', '2', '--split', 'test', '--jobs', '2']);
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
      phantomOptions(args);
    } catch (error) {
      return error instanceof UsageError ? error.message : error;
    }
    return 'accepted';
  };
  expect(code()).toBe('--out is missing: the folder to write to');
  expect(code('--out', 'x', '--split', 'half')).toBe('--split half: train, validation, test or all');
  expect(code('--out', 'x', '--count', '1.5')).toBe('--count 1.5: a whole number from 0 up');
  expect(code('--out', 'x', '--jobs', '0')).toBe('--jobs 0: a whole number from 1 up');
  expect(code('--out', 'x', '--nonsense')).toMatch(/Unknown option '--nonsense'/);
  expect(code('--out', 'x')).toBe('accepted');
});

test('both splits share a count out as four to one', () => {
  expect(shareOut(100, 'all')).toEqual([
    { split: 'train', count: 80 },
    { split: 'test', count: 20 },
  ]);
  expect(shareOut(100, 'test')).toEqual([{ split: 'test', count: 100 }]);
});
