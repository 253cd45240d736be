/** The odd inputs of ../shared/cases (not in the repository), each against the plain run of the same voxels. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { decodeFile, numbers } from '@spine/dicom';
import { sharedFolder, skipLine } from '../support/shared';
import { analyseHere, type Run } from './support/analyseHere';
import { findPython, readBytes } from './support/readers';
import { segVoxels } from './support/segVoxels';
import { SHARED_CASES, type SharedCase } from './support/sharedCases';
import { makeFolder, removeFolder, skip } from './support/tools';

jest.setTimeout(300_000);

const scripts = sharedFolder('cases');
const python = findPython();
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

const analyseCase = (name: string, { only, options = [] }: SharedCase, ...more: readonly string[]) =>
  analyseHere(
    at(`out-${name}${more.length ? '-again' : ''}`),
    ...inputs(name),
    ...(only ? ['--only', only] : LEVELS),
    ...options,
    ...more
  );

const probabilities = (run: Run) =>
  Object.fromEntries(run.report!.vertebrae.map(one => [one.label, one.malignancyProbability]));
const centres = (run: Run) => Object.fromEntries(run.report!.vertebrae.map(one => [one.label, one.centreLps]));
const bodies = (run: Run) => segVoxels(join(run.out, 'bodies.dcm'));

if (!scripts) test('odd inputs', () => skipLine('the odd inputs of shared/cases'));
else if (!python) test('odd inputs', () => skip('Python with pydicom and highdicom, which makes the odd inputs,'));
else {
  const names = Object.keys(SHARED_CASES);
  let plain: Run;

  beforeAll(async () => {
    execFileSync(python, [join(__dirname, 'support/run_cases.py'), scripts, folder, 'base', ...names], {
      stdio: 'pipe',
    });
    plain = await analyseHere(at('out-base'), ...inputs('base'), ...LEVELS);
  });

  const expectSame = (run: Run, only?: string) => {
    expect(run).toMatchObject({ status: 0 });
    const chosen = <T>(all: Record<string, T>) =>
      only ? Object.fromEntries(Object.entries(all).filter(([level]) => level.startsWith(only))) : all;
    expect(probabilities(run)).toEqual(chosen(probabilities(plain)));
    expect(bodies(run)).toEqual(chosen(bodies(plain)));
  };
  /** Progress aside, stderr holds notes of this program and nothing of its libraries. */
  const expectQuiet = (run: Run) =>
    expect(run.stderr.split('\n').filter(line => line && !/^(analyse: |\d+ % )/.test(line))).toEqual([]);

  test('every script has its expectation', () => {
    const found = readdirSync(scripts).filter(file => file.endsWith('.py') && !/^(lib|base|segvox)\.py$/.test(file));
    expect(found.map(file => file.slice(0, -3)).sort()).toEqual([...names].sort());
  });

  test('DICOM and NIfTI of the same voxels give the same', async () => {
    const nifti = ['--ct', at('base/ct.nii.gz'), '--vertebrae', at('base/labels.nii.gz')];
    expectSame(await analyseHere(at('out-nifti'), ...nifti, ...LEVELS));
    const mixed = ['--ct', at('base/ct'), '--vertebrae', at('base/labels.nii.gz')];
    expectSame(await analyseHere(at('out-mixed'), ...mixed, ...LEVELS));
  });

  test.each(Object.entries(SHARED_CASES))('%s', async (name, expected) => {
    expect(existsSync(at(`${name}.failed`))).toBe(false);
    const run = await analyseCase(name, expected);
    expectQuiet(run);
    for (const pattern of expected.says ?? []) expect(run.stderr).toMatch(pattern);
    if (expected.gives === 'same') expectSame(run, expected.only);
    if (expected.gives === 'read') expect(run).toMatchObject({ status: 0 });
    if (expected.gives !== 'refuse') return;
    expect(run).toMatchObject({ status: 3, stdout: '' });
    expect(run.stderr).toContain(`analyse: ${expected.code}: `);
    expect(existsSync(run.out)).toBe(false);
    if (expected.same) expectSame(await analyseCase(name, expected, ...expected.same));
    rmSync(run.out, { recursive: true, force: true });
  });

  test('the centres of an oblique stack turn along', async () => {
    const [first] = readdirSync(at('base/ct')).sort();
    const origin = numbers(decodeFile(readBytes(at('base/ct', first))), 'ImagePositionPatient');
    const [c, s] = [Math.cos(Math.PI / 18), Math.sin(Math.PI / 18)];
    const turned = ([x, y, z]: readonly number[]) => {
      const [dy, dz] = [y - origin[1], z - origin[2]];
      return [x, origin[1] + c * dy - s * dz, origin[2] + s * dy + c * dz];
    };
    const report = JSON.parse(readFileSync(at('out-oblique', 'report.json'), 'utf8')) as NonNullable<Run['report']>;
    const found = Object.fromEntries(report.vertebrae.map(one => [one.label, one.centreLps]));
    for (const [level, centre] of Object.entries(centres(plain))) {
      turned(centre).forEach((mm, axis) => expect(Math.abs(found[level][axis] - mm)).toBeLessThan(0.3));
    }
  });
}
