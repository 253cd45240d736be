import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Labelmap, StudyReport, Vec3 } from '@spine/core';
import { applyAffine, labelExtents } from '@spine/core';
import { ctSeries, decodeFile, readLesionSeg, readVertebrae } from '@spine/dicom';
import { encodeNiftiLabelmap, readNiftiLabelmap } from '@spine/headless/nifti';
import { ROOT, sharedFolder, skipLine } from '../support/shared';
import { addScreeningNetwork, writeToyModel } from '../support/toyModel';
import { analyseHere } from './support/analyseHere';
import { dciodvfy, hasTool, skip } from './support/tools';

jest.setTimeout(600_000);

const folder = mkdtempSync(join(tmpdir(), 'analyse-'));
beforeAll(() => writeToyModel(at('toy')));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...path: string[]) => join(folder, ...path);

function analyse(...options: string[]) {
  // What is asked here is what is written; the toy's evaluations take a thousandth of a real network's.
  const fixed = ['--model', at('toy'), '--threads', '1'];
  const command = ['--import', 'tsx', join(ROOT, 'headless/src/analyse.ts'), ...fixed, ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** Stored as P, I, R, as some NIfTI tools do: 1.5 x 2 x 1.5 mm. */
const DIMS = [44, 34, 44] as const;
const PIR = Float64Array.from([0, 0, -1.5, 40, 1.5, 0, 0, -20, 0, -2, 0, 130, 0, 0, 0, 1]);
const MIDDLE = applyAffine(PIR, [21, 16, 22]);

/** A body of 34 x 28 x 26 mm with a dense shell, a trabecular pattern and a dense spot, in soft tissue; VerSe label 21. */
function phantom(): { ct: Labelmap; bodies: Labelmap } {
  const voxels = DIMS[0] * DIMS[1] * DIMS[2];
  const [hu, labels] = [new Uint16Array(voxels), new Uint8Array(voxels)];
  for (let n = 0; n < voxels; n++) {
    const index: Vec3 = [n % DIMS[0], Math.floor(n / DIMS[0]) % DIMS[1], Math.floor(n / DIMS[0] / DIMS[1])];
    const [x, y, z] = applyAffine(PIR, index).map((value, axis) => value - MIDDLE[axis]);
    const radius = Math.max(Math.hypot(x / 17, y / 14), Math.abs(z) / 13);
    const spot = Math.hypot(x, y + 4, z - 3) < 5 ? 350 : 0;
    const texture = 30 * Math.sin(x) * Math.sin(1.3 * y) * Math.sin(0.9 * z);
    hu[n] = Math.round(1000 + (radius > 1 ? 40 + texture / 3 : radius > 0.88 ? 500 : 160 + texture + spot));
    labels[n] = radius <= 1 ? 21 : 0;
  }
  return {
    ct: { labels: hu, dims: DIMS, indexToLps: PIR },
    bodies: { labels, dims: DIMS, indexToLps: PIR },
  };
}

/** What the writers of the panel's export tab make. */
const OBJECTS = ['lesions.dcm', 'bodies.dcm', 'contours.dcm', 'measurements.dcm'];
const EVERY_EXPORT = ['--export', 'seg,rtstruct,sr,csv,json'];

const common = ['--vertebrae', at('bodies.nii.gz'), '--slices', 'central', '--screen-below', '0'];

describe('npm run analyse', () => {
  let report: StudyReport;

  beforeAll(() => {
    const { ct, bodies } = phantom();
    writeFileSync(at('ct.nii.gz'), encodeNiftiLabelmap(ct, 'phantom'));
    writeFileSync(at('bodies.nii.gz'), encodeNiftiLabelmap(bodies, 'phantom'));
    const run = analyse('--ct', at('ct.nii.gz'), ...common, ...EVERY_EXPORT, '--out', at('nifti'), '--json');
    expect(run).toMatchObject({ status: 0 });
    report = JSON.parse(readFileSync(at('nifti', 'report.json'), 'utf8')) as StudyReport;
    expect(JSON.parse(run.stdout)).toMatchObject({
      cancelled: false,
      lesions: report.lesions,
      failures: [],
      passedOver: [],
    });
    expect(run.stderr).toMatch(/100 %/);
  });

  test('writes the report of issue and contract', () => {
    expect(report).toMatchObject({
      researchUseOnly: true,
      provider: 'cpu',
      sampler: { id: 'fast' },
      slices: 'central',
    });
    expect(report.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    const [vertebra] = report.vertebrae;
    expect(report.vertebrae).toHaveLength(1);
    expect(vertebra.label).toBe('L2');
    vertebra.centreLps.forEach((mm, axis) => expect(mm).toBeCloseTo(MIDDLE[axis], 0));
    expect(vertebra.slices).toHaveLength(1);
    expect(vertebra.candidates.length).toBeGreaterThan(0);
    expect(report.lesions.length).toBeGreaterThan(0);
    expect(report.notAnalysed.map(({ part }) => part)).toContain('voxels');
  });

  test('measurements in the structured report and both tables are those of the report', () => {
    const { lesions } = JSON.parse(readFileSync(at('nifti', 'measurements.json'), 'utf8')) as { lesions: object[] };
    const voxels = report.lesions.map(lesion => lesion.voxels);
    expect(lesions).toMatchObject(voxels.map(count => ({ voxels: count })));
    const [header, ...rows] = readFileSync(at('nifti', 'measurements.csv'), 'utf8').trim().split('\r\n');
    const column = header.split(',').indexOf('voxels');
    expect(rows.map(row => Number(row.split(',')[column]))).toEqual(voxels);
    const [seg, sr] = ['lesions.dcm', 'measurements.dcm'].map(file => decodeFile(bytes(at('nifti', file))));
    expect(JSON.stringify(sr.CurrentRequestedProcedureEvidenceSequence)).toContain(seg.SOPInstanceUID);
  });

  test('writes a SEG on the CT it writes beside, equal to the NIfTI labels', async () => {
    const images = readdirSync(at('nifti', 'ct')).map(name => decodeFile(bytes(at('nifti', 'ct', name))));
    const series = ctSeries(images);
    expect(series.dims).toEqual([44, 44, 34]);
    const seg = readLesionSeg(decodeFile(bytes(at('nifti', 'lesions.dcm'))), series);
    const own = labelExtents(seg.labelmap);
    const nifti = await readNiftiLabelmap(at('nifti', 'lesions.nii.gz'));
    expect(nifti.dims).toEqual(DIMS);
    const labels = labelExtents(nifti);
    expect(seg.segments.map(({ index, level, kind, voxels }) => ({ segment: index, level, kind, voxels }))).toEqual(
      report.lesions.map(({ segment, level, kind, voxels }) => ({ segment, level, kind, voxels }))
    );
    for (const { segment, voxels } of report.lesions) {
      expect(labels.get(segment)!.voxels).toBe(voxels);
      labels
        .get(segment)!
        .centreLps.forEach((mm, axis) => expect(own.get(segment)!.centreLps[axis]).toBeCloseTo(mm, 2));
    }
  });

  test('writes DICOM that dciodvfy accepts', () => {
    for (const file of [...OBJECTS, join('ct', '0001.dcm')]) expectValid(at('nifti', file));
  });

  test('the bodies it wrote can be given back as vertebra masks', () => {
    const instances = readdirSync(at('nifti', 'ct')).map(file => decodeFile(bytes(at('nifti', 'ct', file))));
    const read = readVertebrae(decodeFile(bytes(at('nifti', 'bodies.dcm'))), ctSeries(instances));
    expect(read.vertebrae).toMatchObject([{ level: 'L2', region: 'body' }]);
  });

  test('every file says that slices were judged with a screening network, where the model has one', async () => {
    await writeToyModel(at('screened'));
    addScreeningNetwork(at('screened'));
    const model = ['--model', at('screened')];
    const run = analyse('--ct', at('ct.nii.gz'), ...common, ...EVERY_EXPORT, '--out', at('by-network'), ...model);
    expect(run).toMatchObject({ status: 0 });
    const own = JSON.parse(readFileSync(at('by-network', 'report.json'), 'utf8')) as StudyReport;
    expect(own.sampler).toMatchObject({ id: 'fast', screenedWithNetwork: true, leastKindLogit: -5 });
    expect(report.sampler).not.toHaveProperty('screenedWithNetwork');
    // The toy's network adds to P(malignant): twice the mean of bone, about one, in logits.
    expect(own.vertebrae[0].malignancyProbability).toBeGreaterThan(report.vertebrae[0].malignancyProbability);
    expect(own.lesions.length).toBe(report.lesions.length);
    const words = /slices judged with a screening network before they are searched; regions excluded where the/;
    for (const file of ['measurements.csv', 'measurements.json']) {
      expect(readFileSync(at('by-network', file), 'utf8')).toMatch(words);
      expect(readFileSync(at('nifti', file), 'utf8')).not.toMatch(/screening network/);
    }
    for (const file of ['lesions.dcm', 'measurements.dcm', 'contours.dcm']) {
      expect(JSON.stringify(decodeFile(bytes(at('by-network', file))))).toMatch(words);
      expectValid(at('by-network', file));
    }
  });

  test('gives the same lesions from the DICOM form of the same CT', () => {
    writeFileSync(at('nifti', 'ct', 'notes.txt'), 'no image');
    const run = analyse('--ct', at('nifti', 'ct'), ...common, '--out', at('dicom'));
    expect(run).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('passed over: 1 file(s) that are no DICOM'),
    });
    const again = JSON.parse(readFileSync(at('dicom', 'report.json'), 'utf8')) as StudyReport;
    expect(again.lesions.map(({ kind, voxels }) => [kind, voxels])).toEqual(
      report.lesions.map(({ kind, voxels }) => [kind, voxels])
    );
    expect(again.input).toEqual({ passedOver: ['1 file(s) that are no DICOM'], notes: [] });
    expect(readdirSync(at('dicom')).sort()).toEqual([
      ...['bodies.dcm', 'contours.dcm', 'lesions.dcm', 'lesions.nii.gz'],
      ...['measurements.dcm', 'measurements.json', 'report.json'],
    ]);
  });
});

const real = sharedFolder('ct', 'totalsegmentator-example');
if (!real) test('a real CT', () => skipLine('the exports of a real CT'));
else
  test('a real CT: segmentation, contours and report are valid', () => {
    const files = ['--ct', join(real, 'ct.nii.gz'), '--vertebrae', join(real, 'vertebrae.nii.gz')];
    // As low a threshold keeps a few of the regions.
    const quick = ['--only', 'L1', '--slices', 'central', '--screen-below', '0', '--threshold', '0.02'];
    const run = analyse(...files, ...quick, '--out', at('real'));
    expect(run).toMatchObject({ status: 0, stdout: expect.stringMatching(/1 vertebrae analysed, [1-9]/) });
    for (const file of OBJECTS) expectValid(at('real', file));
  });

const given = ['--ct', at('ct.nii.gz'), '--vertebrae', at('bodies.nii.gz')];
test.each<[string, number, RegExp, string[]]>([
  ['no arguments', 2, /analyse: usage: --ct is missing/, []],
  ['an unknown option', 2, /analyse: usage: .*--colour/, ['--colour', 'red']],
  ['an unknown vertebra', 2, /analyse: usage: --only T14/, [...given, '--only', 'T14']],
  ['an unknown export', 2, /analyse: usage: --export seg,pdf: .*rtstruct/, [...given, '--export', 'seg,pdf']],
  ['a vertebra without mask', 3, /analyse: vertebra-not-there: /, [...given, '--only', 'T1']],
  ['a folder without DICOM', 3, /analyse: no-dicom: /, ['--ct', join(ROOT, 'models/tiny')]],
  ['a wrong scheme', 3, /analyse: unknown-label: /, [...given, '--label-scheme', 'totalsegmentator']],
  ['results into the CT', 3, /analyse: out-in-input: /, ['--ct', folder]],
])('%s ends with exit code %i and its reason', async (_, status, message, options) => {
  const run = await analyseHere(at('x'), ...options);
  expect(run).toMatchObject({ status, stdout: '', stderr: expect.stringMatching(message) });
  expect(existsSync(at('x'))).toBe(false);
});

function expectValid(path: string): void {
  if (!hasTool('dciodvfy')) return skip('dciodvfy');
  expect(dciodvfy(path).errors).toEqual([]);
}

function bytes(path: string): ArrayBuffer {
  const file = readFileSync(path);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
}
