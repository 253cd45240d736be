/**
 * The largest study of the requirements, 512 x 512 x 600 with 40 lesions: saved in a process of its own within the limits, valid, and the
 * same voxels, contours and numbers in other programs.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGION } from '../bench/largestStudy';
import { difference } from './support/masks';
import { rasteriseBlock } from './support/plastimatch';
import { findPython, readWithItk } from './support/readers';
import { dciodvfy, EXPLAINED_WARNINGS, hasTool, makeFolder, removeFolder, run, skip } from './support/tools';

/** Of what reading the segmentation back takes in the same run: seconds of one machine say nothing about another. It is about 1. */
const MOST_READS = 6;
const MOST_MEGABYTES = 1024;

const folder = makeFolder();
const pathOf = (name: string) => join(folder, name);
const lesionLabels = () => readFileSync(pathOf('seg.raw'));
afterAll(() => removeFolder(folder));

interface File {
  readonly seconds: number;
  readonly megabytes: number;
}
const KINDS = ['seg', 'bodies', 'contours', 'report'] as const;
let figures: Record<(typeof KINDS)[number], File> & {
  frames: number;
  extraMegabytes: number;
  readSeconds: number;
  same: boolean;
};

beforeAll(() => {
  const root = join(__dirname, '../..');
  const command = [join(root, 'node_modules/tsx/dist/cli.mjs'), join(root, 'test/bench/saveSeg.ts'), folder];
  const output = execFileSync(process.execPath, command, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: root,
  });
  process.stdout.write(`save: ${output}`);
  figures = JSON.parse(output) as typeof figures;
}, 300_000);

test('saving each kind takes no more than some readings and all of them under 1 GB; our reader returns the voxels', () => {
  expect(figures.same).toBe(true);
  expect(figures.frames).toBeGreaterThan(1000);
  for (const kind of KINDS)
    expect([kind, figures[kind].seconds < MOST_READS * figures.readSeconds]).toEqual([kind, true]);
  expect(figures.extraMegabytes).toBeLessThan(MOST_MEGABYTES);
});

test.each(KINDS)('%s: dciodvfy finds no error and no warning but the explained ones', kind => {
  if (!hasTool('dciodvfy')) return skip('dciodvfy');
  const { errors, warnings } = dciodvfy(pathOf(`${kind}.dcm`));
  expect(errors).toEqual([]);
  expect(warnings.filter(line => !EXPLAINED_WARNINGS.some(known => known.test(line)))).toEqual([]);
});

test('highdicom returns the voxels of lesions and bodies', () => {
  const python = findPython();
  if (!python) return skip('a Python with pydicom and highdicom');
  const block = [...REGION.size, ...REGION.originLps, ...REGION.spacingMm].map(String);
  const files = ['seg', 'bodies'].flatMap(name => [pathOf(`${name}.dcm`), pathOf(`${name}.raw`)]);
  const output = run(python, join(__dirname, 'support/compare_seg_highdicom.py'), ...block, ...files);
  expect(JSON.parse(output)).toEqual([0, 0].map(() => ({ differing: 0, outside: 0 })));
});

test('ITK-Wasm returns the voxels and codes of every lesion', () => {
  const [{ dims, indexToLps: m, voxels, segments }] = readWithItk(folder, [pathOf('seg.dcm')]);
  expect([m[1], m[2], m[4], m[6], m[8], m[9]]).toEqual([0, 0, 0, 0, 0, 0]);
  const [columns, rows] = REGION.size;
  const block = new Uint8Array(lesionLabels().length);
  const place = (index: number, axis: number) =>
    Math.round((m[5 * axis] * index + m[4 * axis + 3] - REGION.originLps[axis]) / REGION.spacingMm[axis]);
  for (const [n, label] of voxels) {
    const [i, j] = [place(n % dims[0], 0), place(Math.floor(n / dims[0]) % dims[1], 1)];
    block[i + columns * (j + rows * place(Math.floor(n / (dims[0] * dims[1])), 2))] = label;
  }
  expect(difference(block, lesionLabels())).toBe('');
  expect(segments.map(({ modifier }) => modifier)).toEqual(segments.map((_, n) => (n % 2 ? 'BLASTIC' : 'LYTIC')));
  expect(segments).toHaveLength(40);
});

test('plastimatch fills the contours of all 40 lesions: the same voxels, first and last slice included', () => {
  if (!hasTool('plastimatch')) return skip('plastimatch');
  const labels = lesionLabels();
  expect(difference(rasteriseBlock(folder, pathOf('contours.dcm'), REGION), labels)).toBe('');
  const [columns, rows, slices] = REGION.size;
  for (const slice of [0, slices - 1]) {
    expect(labels.subarray(columns * rows * slice, columns * rows * (slice + 1)).some(label => label > 0)).toBe(true);
  }
});

test('dsrdump and highdicom read all 40 groups of the report', () => {
  if (!hasTool('dsrdump')) return skip('dsrdump');
  expect(run('dsrdump', pathOf('report.dcm')).match(/"Measurement Group"/g)).toHaveLength(40);
  const python = findPython();
  if (!python) return skip('a Python with pydicom and highdicom');
  const groups = run(python, join(__dirname, 'support/read_sr_highdicom.py'), pathOf('report.dcm'));
  expect(JSON.parse(groups)).toHaveLength(40);
});
