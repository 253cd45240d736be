/** The odd inputs of ../shared/cases (not in the repository), each against the plain run of the same voxels. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeFile, numbers } from '@spine/dicom';
import { ROOT, sharedFolder, skipLine } from '../support/shared';
import type { Job, JobResult } from './support/analyseMany';
import { findPython, readBytes } from './support/readers';
import { SHARED_CASES } from './support/sharedCases';
import { makeFolder, removeFolder, skip } from './support/tools';

const scripts = sharedFolder('cases');
const python = findPython('pydicom, highdicom, nibabel, scipy, pylibjpeg, imagecodecs, gdcm');
const folder = makeFolder();
afterAll(() => removeFolder(folder));
const at = (...path: string[]) => join(folder, ...path);
const LEVELS = ['--only', 'L1,L2,L3'];

/** The input a script wrote; what it lacks is that of base. */
function inputs(name: string): string[] {
  const first = (paths: string[]) => paths.find(path => existsSync(path))!;
  const ct = first([at(name, 'ct'), at(name, 'ct.nii.gz')]);
  const own = ['seg.dcm', 'labels.nii.gz', 'labels'].map(file => at(name, file));
  const masks = first([...own, at('base', ct.endsWith('.gz') ? 'labels.nii.gz' : 'seg.dcm')]);
  return ['--ct', ct, '--vertebrae', masks];
}

if (!scripts) test('odd inputs', () => skipLine('the odd inputs of shared/cases'));
else if (!python)
  test('odd inputs', () => skip('a Python with the packages of test/python-readers.txt, which makes the odd inputs,'));
else {
  const names = Object.keys(SHARED_CASES);
  const results = new Map<string, JobResult>();

  beforeAll(() => {
    const make = [join(__dirname, 'support/run_cases.py'), scripts, folder, 'base', ...names];
    execFileSync(python, make, { stdio: 'pipe' });
    const jobs = new Map<string, string[]>([
      ['base', [...inputs('base'), ...LEVELS]],
      ['nifti', ['--ct', at('base/ct.nii.gz'), '--vertebrae', at('base/labels.nii.gz'), ...LEVELS]],
      ['mixed', ['--ct', at('base/ct'), '--vertebrae', at('base/labels.nii.gz'), ...LEVELS]],
      ['ties', ['--ct', at('cut_ties_1mm/ctn.nii.gz'), '--vertebrae', at('cut_ties_1mm/labels.nii.gz'), ...LEVELS]],
    ]);
    for (const [name, { only, options = [], same }] of Object.entries(SHARED_CASES)) {
      const plain = [...inputs(name), ...(only ? ['--only', only] : LEVELS), ...options];
      jobs.set(name, plain);
      if (same) jobs.set(`${name} chosen`, [...plain, ...same]);
    }
    const list = [...jobs].map(([name, options]): Job => ({ out: at(`out ${name}`), options }));
    writeFileSync(at('jobs.json'), JSON.stringify(list));
    const run = ['--import', 'tsx', join(__dirname, 'support/analyseMany.ts'), at('jobs.json'), at('results.json')];
    const said = execFileSync(process.execPath, run, { cwd: ROOT, stdio: 'pipe', encoding: 'utf8' });
    // Libraries must not print between the results that a script reads.
    expect(said).toBe('');
    const done = JSON.parse(readFileSync(at('results.json'), 'utf8')) as JobResult[];
    [...jobs.keys()].forEach((name, n) => results.set(name, done[n]));
  }, 300_000);

  const expectSame = (name: string, plain = 'base', only = '') => {
    const [run, yardstick] = [results.get(name)!, results.get(plain)!];
    expect(run).toMatchObject({ status: 0 });
    const chosen = (all: object) => Object.fromEntries(Object.entries(all).filter(([level]) => level.startsWith(only)));
    expect(run.probabilities).toEqual(chosen(yardstick.probabilities!));
    expect(run.bodies).toEqual(chosen(yardstick.bodies!));
  };

  test('every script has its expectation, and ran', () => {
    const found = readdirSync(scripts).filter(file => file.endsWith('.py') && !/^(lib|base|segvox)\.py$/.test(file));
    expect(found.map(file => file.slice(0, -3)).sort()).toEqual([...names].sort());
    expect(readdirSync(folder).filter(file => file.endsWith('.failed'))).toEqual([]);
  });

  test('DICOM and NIfTI of the same voxels give the same bodies and P, at any spacing', () => {
    expectSame('nifti');
    expectSame('mixed');
    expectSame('ties', 'cut_ties_1mm');
  });

  test.each(Object.entries(SHARED_CASES))('%s', (name, expected) => {
    const run = results.get(name)!;
    // Progress aside, stderr holds what this program says and nothing of its libraries.
    expect(run.stderr.split('\n').filter(line => line && !/^(analyse: |\d+ % )/.test(line))).toEqual([]);
    for (const pattern of expected.says ?? []) expect(run.stderr).toMatch(pattern);
    if (expected.gives === 'same') expectSame(name, 'base', expected.only);
    if (expected.gives === 'read') expect(run).toMatchObject({ status: 0 });
    if (expected.gives !== 'refuse') return;
    expect(run).toMatchObject({ status: 3, stdout: '', wrote: false });
    expect(run.stderr).toContain(`analyse: ${expected.code}: `);
    if (expected.same) expectSame(`${name} chosen`);
  });

  test('the centres of an oblique stack turn along', () => {
    const [first] = readdirSync(at('base/ct')).sort();
    const origin = numbers(decodeFile(readBytes(at('base/ct', first))), 'ImagePositionPatient');
    const [c, s] = [Math.cos(Math.PI / 18), Math.sin(Math.PI / 18)];
    const turned = ([x, y, z]: readonly number[]) => {
      const [dy, dz] = [y - origin[1], z - origin[2]];
      return [x, origin[1] + c * dy - s * dz, origin[2] + s * dy + c * dz];
    };
    for (const [level, centre] of Object.entries(results.get('base')!.centres!)) {
      const found = results.get('oblique')!.centres![level];
      turned(centre).forEach((mm, axis) => expect(Math.abs(found[axis] - mm)).toBeLessThan(0.3));
    }
  });
}
