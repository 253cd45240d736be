/** Real folders, a real limit on the size of files, a real kill. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONVERTED_BY } from './ctDicom';
import { encodeNiftiLabelmap } from './nifti';
import { checkResultFolder, RESULT_NAMES, sha256, writeResults } from './resultFolder';

const ROOT = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'result-folder-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const fresh = () => join(folder, String(count++));
const report = (run: string) => JSON.stringify({ researchUseOnly: true, run });
const object = (run: string) => `Vertebra metastasis, Hide-and-Seek Attribution ${run}`;
const earlier = (run = 'first') =>
  new Map<string, string>([
    ['report.json', report(run)],
    ['lesions.dcm', object(run)],
    ['measurements.csv', `segment,label,level,kind,${run}`],
    ['ct/0001.dcm', `${CONVERTED_BY} ${run}`],
  ]);
const contents = (out: string) =>
  Object.fromEntries(
    readdirSync(out, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')])
  );
const check = (out: string, ...inputs: string[]) => checkResultFolder(out, inputs, RESULT_NAMES);

test('results of an earlier run go, also where the new one has none of the kind; files of others stay', () => {
  const out = fresh();
  writeResults(out, earlier());
  writeFileSync(join(out, 'notes.txt'), 'mine');
  check(out);
  writeResults(out, new Map([['report.json', report('second')]]));
  expect(contents(out)).toEqual({ 'report.json': report('second'), 'notes.txt': 'mine' });
});

test('what would be replaced and is of others is named before the analysis, and not replaced after it', () => {
  const out = fresh();
  mkdirSync(join(out, 'ct'), { recursive: true });
  writeFileSync(join(out, 'ct', '0001.dcm'), 'a CT of the user');
  writeFileSync(join(out, 'lesions.dcm'), 'a SEG of the user');
  const refused = expect.objectContaining({ code: 'foreign-result', params: { names: ['lesions.dcm', 'ct'] } });
  expect(() => check(out)).toThrow(refused);
  const before = contents(out);
  expect(() => writeResults(out, earlier())).toThrow(expect.objectContaining({ code: 'foreign-result' }));
  expect(contents(out)).toEqual(before);
  // What this run does not write is nobody's hindrance.
  checkResultFolder(out, [], ['report.json']);
  writeResults(out, new Map([['report.json', report('second')]]));
  expect(contents(out)).toEqual({ ...before, 'report.json': report('second') });
});

test('masks found that were corrected since are the user’s; untouched ones are ours', () => {
  const out = fresh();
  const labelmap = {
    labels: new Uint8Array(8),
    dims: [2, 2, 2] as const,
    indexToLps: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
  };
  const masks = encodeNiftiLabelmap(labelmap, 'Vertebral bodies found automatically. Research use only.');
  const note = 'Vertebral bodies found automatically. Research use only.';
  const found = new Map<string, Uint8Array | string>([
    ['vertebrae-found.nii.gz', masks],
    ['vertebrae-found.json', JSON.stringify({ note, masksSha256: sha256(masks) })],
  ]);
  writeResults(out, found);
  writeResults(out, found);
  writeFileSync(join(out, 'vertebrae-found.nii.gz'), 'corrected');
  expect(() => check(out)).toThrow(/vertebrae-found.nii.gz/);
  // Given back as masks, they stay where they are.
  writeResults(out, new Map([['report.json', report('second')]]), [join(out, 'vertebrae-found.nii.gz')]);
  expect(readFileSync(join(out, 'vertebrae-found.nii.gz'), 'utf8')).toBe('corrected');
});

test('what is read is not replaced', () => {
  const out = fresh();
  writeResults(out, earlier());
  expect(() => check(out, join(out, 'lesions.dcm'))).toThrow(/lesions.dcm there is/);
  writeResults(out, new Map([['report.json', report('second')]]), [join(out, 'ct')]);
  expect(Object.keys(contents(out)).sort()).toEqual(['0001.dcm', 'report.json']);
});

test('a place where nothing can be written is told at once, and nothing is left behind', () => {
  const out = fresh();
  mkdirSync(out);
  const file = join(out, 'file');
  writeFileSync(file, '');
  expect(() => check(file)).toThrow(expect.objectContaining({ code: 'out-is-file' }));
  expect(() => check(join(file, 'below'))).toThrow(expect.objectContaining({ code: 'out-is-file' }));
  symlinkSync(join(out, 'nowhere'), join(out, 'link'));
  expect(() => check(join(out, 'link'))).toThrow(/leads nowhere/);
  // Not even root makes folders there.
  expect(() => check('/proc/results')).toThrow(expect.objectContaining({ code: 'not-writable' }));
  expect(() => check(out, out)).toThrow(expect.objectContaining({ code: 'out-in-input' }));
  expect(() => check(join(out, 'a/b'), out)).toThrow(expect.objectContaining({ code: 'out-in-input' }));
  symlinkSync(out, join(folder, 'other-name'));
  expect(() => check(join(folder, 'other-name/a'), out)).toThrow(expect.objectContaining({ code: 'out-in-input' }));
  // A neighbour whose name begins alike is no inside.
  check(`${out}-results`, out);
  expect(readdirSync(out).sort()).toEqual(['file', 'link']);
  expect(existsSync(`${out}-results`)).toBe(false);
});

/** In a process of its own, which may be limited or die. */
function elsewhere(script: string, limit = '') {
  const code = `const { writeResults } = require('./headless/src/resultFolder.ts'); const { report, object } = ${JSON.stringify({ report: report('second'), object: object('second') })}; ${script}`;
  const run = ['--import', 'tsx', '-e', code];
  return spawnSync('bash', ['-c', `${limit} exec "$0" "$@"`, process.execPath, ...run], {
    cwd: ROOT,
    encoding: 'utf8',
  });
}

test('a disk that is full leaves what was there, and no folder that was not', () => {
  const out = fresh();
  writeResults(out, earlier());
  const before = contents(out);
  const script = (to: string) =>
    `try { writeResults(${JSON.stringify(to)}, new Map([['report.json', report], ['lesions.dcm', new Uint8Array(3e6)]])) } catch (error) { console.log(error.code, error.message) }`;
  const { stdout } = elsewhere(script(out), 'ulimit -f 1024;');
  expect(stdout).toMatch(/^not-written .*EFBIG/);
  expect(contents(out)).toEqual(before);
  expect(readdirSync(out).filter(name => name.startsWith('.'))).toEqual([]);
  expect(elsewhere(script(join(folder, 'new/below')), 'ulimit -f 1024;').stdout).toMatch(/^not-written/);
  expect(existsSync(join(folder, 'new'))).toBe(false);
});

test('a kill while files are written leaves what was there', () => {
  const out = fresh();
  writeResults(out, earlier());
  const before = contents(out);
  const { signal } = elsewhere(
    `writeResults(${JSON.stringify(out)}, new Map([['report.json', report], ['lesions.dcm', () => process.kill(process.pid, 'SIGKILL')]]))`
  );
  expect(signal).toBe('SIGKILL');
  const staging = readdirSync(out).filter(name => name.startsWith('.'));
  expect(staging).toHaveLength(1);
  rmSync(join(out, staging[0]), { recursive: true });
  expect(contents(out)).toEqual(before);
});
