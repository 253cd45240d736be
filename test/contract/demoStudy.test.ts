/** The demo study as files: valid DICOM, readable by our own reader, the same every time, and true to its truth. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ctSeries, ctVolume, decodeFile, readVertebrae, storedPixels, text } from '@spine/dicom';
import { readDicom } from '@spine/headless/dicomFiles';
import { type DemoTruth, type DemoVolume, generateDemoVolume, writeDemoStudy } from '@spine/phantoms';
import { demoFollowUpForTests, demoStudyForTests } from '../support/demo';
import { dcentvfy, dciodvfy, hasTool, makeFolder, removeFolder, skip } from './support/tools';

jest.setTimeout(300_000);

/** As other tests have them: written by a process of its own. */
const folders = { baseline: '', followUp: '' };
let baseline: DemoTruth;
let followUp: DemoTruth;
/** Made here; the files were made by another process. */
let demo: DemoVolume;

beforeAll(async () => {
  demo = generateDemoVolume();
  const [one, two] = [await demoStudyForTests(), await demoFollowUpForTests()];
  Object.assign(folders, { baseline: dirname(one.study), followUp: dirname(two.study) });
  [baseline, followUp] = Object.values(folders).map(
    folder => JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as DemoTruth
  );
});

const filesOf = (folder: string) => {
  const ct = join(folder, 'study', 'ct');
  return [...readdirSync(ct).map(name => join(ct, name)), join(folder, 'study', 'vertebrae-seg.dcm')];
};
const segOf = (folder: string) =>
  decodeFile(new Uint8Array(readFileSync(join(folder, 'study', 'vertebrae-seg.dcm'))).buffer);

test('every kind of file passes dciodvfy without errors, and the files agree with each other', () => {
  if (!hasTool('dciodvfy') || !hasTool('dcentvfy')) return skip('dicom3tools (dciodvfy, dcentvfy)');
  for (const folder of Object.values(folders)) {
    const files = [...filesOf(folder), join(folder, 'lesions', 'vertebral-lesions.dcm')];
    for (const path of [files[0], files[60], files.at(-1)!])
      expect({ path, ...dciodvfy(path) }).toMatchObject({ errors: [] });
    expect(dcentvfy(files)).toEqual([]);
  }
});

test('the study holds a CT of fewer than 130 slices and the SEG, and nothing of the truth', () => {
  const files = filesOf(folders.baseline);
  expect(files.length).toBeLessThan(130);
  expect(readdirSync(join(folders.baseline, 'study')).sort()).toEqual(['ct', 'vertebrae-seg.dcm']);
  expect(readdirSync(folders.baseline).sort()).toEqual(['lesions', 'study', 'truth.json', 'truth.nii.gz']);
});

test('our reader gets the generated volume and vertebrae back', () => {
  const series = ctSeries(readDicom(join(folders.baseline, 'study', 'ct')));
  const volume = ctVolume(series, storedPixels);
  expect(volume.dims).toEqual(demo.volume.dims);
  volume.indexToLps.forEach((value, n) => expect(value).toBeCloseTo(demo.volume.indexToLps[n], 6));
  expect(Buffer.compare(Buffer.from(volume.hu.buffer), Buffer.from(demo.volume.hu.buffer))).toBe(0);
  const masks = readVertebrae(segOf(folders.baseline), series);
  expect(masks.vertebrae.map(({ level, region }) => `${level} ${region}`)).toEqual([
    'T11 vertebra',
    'T12 vertebra',
    'L1 vertebra',
    'L2 vertebra',
    'L3 vertebra',
  ]);
  expect(Buffer.compare(Buffer.from(masks.labelmap.labels.buffer), Buffer.from(demo.vertebrae.labels.buffer))).toBe(0);
  // The bodies lie inside the vertebrae and the truth inside the bodies.
  demo.bodies.labels.forEach((label, n) => {
    if (label > 0 && demo.vertebrae.labels[n] !== label) throw new Error(`voxel ${n}: body outside its vertebra`);
    if (demo.truth.labels[n] > 0 && label === 0) throw new Error(`voxel ${n}: lesion outside the bodies`);
  });
});

test('the same files come out every time', () => {
  const again = makeFolder();
  writeDemoStudy(again, demo);
  const digest = (folder: string) =>
    filesOf(folder).map(path => createHash('sha256').update(readFileSync(path)).digest('hex'));
  expect(digest(again)).toEqual(digest(folders.baseline));
  removeFolder(again);
});

test('two blastic and two lytic lesions in four vertebrae; the fifth has degenerative changes only', () => {
  const kinds = baseline.lesions.map(({ level, kind }) => `${level} ${kind}`);
  expect(kinds).toEqual(['T11 blastic', 'T12 lytic', 'L2 blastic', 'L3 lytic']);
  expect(baseline.mimicLevel).toBe('L1');
  for (const { millilitres } of baseline.lesions) expect(millilitres).toBeGreaterThan(0.4);
});

test('the follow-up: one increased, one new, one resolved, two unchanged; same patient, another study and frame', () => {
  const volumes = (truth: DemoTruth) => new Map(truth.lesions.map(({ name, millilitres }) => [name, millilitres]));
  const [before, after] = [volumes(baseline), volumes(followUp)];
  expect(after.get('T11 blastic')! / before.get('T11 blastic')!).toBeGreaterThan(1.6);
  expect(before.has('L1 lytic')).toBe(false);
  expect(after.get('L1 lytic')).toBeGreaterThan(0.4);
  expect(after.has('L3 lytic')).toBe(false);
  for (const name of ['T12 lytic', 'L2 blastic']) expect(after.get(name)! / before.get(name)!).toBeCloseTo(1, 1);
  const [one, two] = [segOf(folders.baseline), segOf(folders.followUp)];
  expect(text(two, 'PatientID')).toBe(text(one, 'PatientID'));
  for (const keyword of ['StudyInstanceUID', 'FrameOfReferenceUID', 'SeriesInstanceUID', 'SOPInstanceUID'])
    expect(text(two, keyword)).not.toBe(text(one, keyword));
  expect(Number(text(two, 'StudyDate'))).toBeGreaterThan(Number(text(one, 'StudyDate')));
});
