/** The odd inputs of support/ownCases/table.ts, each against the plain run of the same voxels, in one process. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/shared';
import { refusalsPage } from './support/ownCases/page';
import { BASE, type CaseResults, chosen, TRANSFER_SYNTAXES } from './support/ownCases/results';
import { OWN_CASES } from './support/ownCases/table';
import { makeFolder, removeFolder, skip } from './support/tools';

const folder = makeFolder();
afterAll(() => removeFolder(folder));
let results: CaseResults;

beforeAll(() => {
  const run = ['--import', 'tsx', join(__dirname, 'support/ownCases/runCases.ts'), join(folder, 'results.json')];
  const said = execFileSync(process.execPath, run, { cwd: ROOT, stdio: 'pipe', encoding: 'utf8' });
  // Libraries must not print between the results that a script reads.
  expect(said).toBe('');
  results = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as CaseResults;
}, 300_000);

function expectSame(name: string, only: readonly string[] = []): void {
  const plain = results[BASE.dicom];
  const chosenLevels = (all: object) =>
    Object.fromEntries(Object.entries(all).filter(([level]) => only.length === 0 || only.includes(level)));
  expect(results[name]).toMatchObject({ status: 0 });
  expect(chosenLevels(results[name].probabilities!)).toEqual(chosenLevels(plain.probabilities!));
  expect(chosenLevels(results[name].bodies!)).toEqual(chosenLevels(plain.bodies!));
}

test('the plain CT has its three vertebrae, as DICOM and as NIfTI', () => {
  expect(Object.keys(results[BASE.dicom].probabilities!)).toEqual(['L2', 'L3', 'L4']);
  for (const voxels of Object.values(results[BASE.dicom].bodies!)) expect(voxels.length).toBeGreaterThan(800);
  expectSame(BASE.nifti);
});

test('no two cases are called alike', () => {
  expect(new Set(OWN_CASES.map(({ what }) => what)).size).toBe(OWN_CASES.length);
  expect(OWN_CASES.length).toBeGreaterThan(40);
});

test.each(OWN_CASES.map(one => [`${one.kind}: ${one.what}`, one] as const))('%s', (_, one) => {
  const run = results[one.what];
  // Progress aside, stderr holds what this program says and nothing of its libraries.
  expect(run.stderr.split('\n').filter(line => line && !/^(analyse: |\d+ % )/.test(line))).toEqual([]);
  for (const words of one.says ?? []) expect(run.stderr).toContain(words);
  if (one.gives === 'same') {
    expectSame(one.what, one.only);
    if (one.name !== undefined) expect(run.name?.trim()).toBe(one.name);
    return;
  }
  expect(run).toMatchObject({ status: 3, wrote: false });
  expect(run.stderr).toContain(`analyse: ${one.code}: `);
  if (one.same) expectSame(chosen(one));
});

test.each(TRANSFER_SYNTAXES)('%s in four orientations: the same bodies and the same P, to the last digit', syntax => {
  const runs = Object.keys(results).filter(name => name.startsWith(`${syntax}, `) && !name.endsWith('chosen'));
  if (runs.length === 0) return skip('dcmtk');
  for (const name of runs) expectSame(name);
});

test('six transfer syntaxes were tried in all four orientations', () => {
  const runs = TRANSFER_SYNTAXES.filter(syntax => results[`${syntax}, left-handed`]);
  expect(runs).toHaveLength(6);
});

test('docs/refusals.md is made of these cases (npm run docs:refusals)', () => {
  expect(readFileSync(join(ROOT, 'docs/refusals.md'), 'utf8')).toBe(refusalsPage(results));
});
