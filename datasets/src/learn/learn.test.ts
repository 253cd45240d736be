/** Reviewed studies of a generated archive become a table without a name in it; a model that is worse is not registered. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNiftiLabelmap } from '@spine/headless/nifti';
import { type ReviewedStudy, writeReviewedStudy } from '../../../test/support/reviewedStudy';
import { calibratedIntercept } from './calibration';
import { type Collection, collect } from './collect';
import { driftPage } from './driftPage';
import { openPseudonyms } from './pseudonyms';
import { folderSource } from './sources/folder';

const PLANTED = ['Musterfrau', 'Erika', 'SECRET-4711', 'Readerius'];
const study = (id: string, more: Partial<ReviewedStudy>): ReviewedStudy => ({
  id,
  patientId: `SECRET-4711-${id}`,
  patientName: 'Musterfrau^Erika',
  lesions: ['lytic', undefined, 'blastic'],
  readings: [],
  ...more,
});
const both = { reader: 'Readerius^A', says: [true, false, true] };

let folder: string;
let out: string;
let collection: Collection;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'learn-'));
  const archive = join(folder, 'archive');
  out = join(folder, 'out');
  writeReviewedStudy(archive, study('100', { readings: [{ ...both, says: [true, undefined, undefined] }, both] }));
  writeReviewedStudy(
    archive,
    study('101', {
      lesions: [undefined, undefined, undefined],
      readings: [{ ...both, says: [false, false, undefined], rejected: 3 }],
    })
  );
  const other = { reader: 'Readerius^B', says: [true, false, false] };
  writeReviewedStudy(
    archive,
    study('102', { readings: [{ ...both, answers: [{ level: 'L1', answer: 'uncertain' }] }, other] })
  );
  writeReviewedStudy(archive, study('103', {}));
  writeFileSync(join(archive, '103', 'notes.txt'), 'no DICOM');
  collection = await collect(folderSource(archive), out, 1);
});
afterAll(() => rmSync(folder, { recursive: true }));

it('labels what was reviewed, by the newest save of each reader', () => {
  const shown = collection.vertebrae.map(({ level, malignant, kinds }) => `${level} ${malignant} ${kinds.join('+')}`);
  expect(shown).toEqual([
    ...['T12 true lytic', 'L1 false ', 'L2 true blastic'], // 100: the second save
    ...['T12 false ', 'L1 false '], // 101: L2 was not reviewed
    'T12 true lytic', // 102: on the others a reader was uncertain, or they differ
  ]);
  expect(collection.leftOut.map(({ vertebra, why }) => `${vertebra}: ${why}`).sort()).toEqual([
    'L1: a reader was uncertain',
    'L2: 2 readers differ',
  ]);
});

it("keeps the readers' regions as truth for the evaluation", async () => {
  const id = collection.vertebrae.find(({ level, malignant }) => level === 'T12' && malignant)!.id;
  const { labels } = await readNiftiLabelmap(join(out, `truth/${id}.nii.gz`));
  const millilitres = (labels.filter(label => label === 1).length * 0.8 * 0.675 * 0.8) / 1000;
  // A ball of 6.5 mm.
  expect(millilitres).toBeGreaterThan(0.8);
  expect(millilitres).toBeLessThan(1.4);
});

it('writes no name, number or UID outside private, whose files are for their owner alone', () => {
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  const read = (entry: (typeof files)[number]) => readFileSync(join(entry.parentPath, entry.name), 'latin1');
  const open = files.filter(({ parentPath }) => !parentPath.includes('private'));
  expect(open.length).toBeGreaterThan(15);
  for (const entry of open) {
    for (const secret of PLANTED) expect(entry.name + read(entry)).not.toContain(secret);
    expect(entry.name + (entry.name.endsWith('.gz') ? '' : read(entry))).not.toMatch(/\b[0-2]\.\d+\.\d{4,}/);
  }
  expect(read(files.find(({ name }) => name === 'patients.json')!)).toContain('SECRET-4711');
  expect(statSync(join(out, 'private/key')).mode & 0o077).toBe(0);
});

it('leaves patients in their part in later runs, under the same pseudonyms', async () => {
  const [first] = collection.vertebrae;
  const again = await collect(folderSource(join(folder, 'archive/100/')), out, 99);
  expect(again.vertebrae).toEqual(collection.vertebrae.filter(({ patient }) => patient === first.patient));
  expect(openPseudonyms(out).patient('SECRET-4711-100|')).toBe(first.patient);
  expect(openPseudonyms(join(folder, 'elsewhere')).patient('SECRET-4711-100|')).not.toBe(first.patient);
});

it('says when nothing was reviewed', async () => {
  await expect(collect(folderSource(join(folder, 'archive/103')), join(folder, 'none'), 1)).rejects.toThrow(
    /no vertebra whose review was completed/
  );
  expect(() => folderSource(join(folder, 'absent'))).toThrow(/no such folder/);
});

it('shows what readers did by model version and month', () => {
  const page = driftPage({ readings: collection.readings, unread: [] });
  expect(page).toContain('<h2>default 0.4.0</h2>');
  expect(page).toMatch(/<td>2026-01<\/td><td>4<\/td><td>5<\/td><td>3<\/td><td>38 %<\/td>/);
  expect(page).toContain('degenerative 3');
  for (const secret of PLANTED) expect(page).not.toContain(secret);
});

it('says what the drift page could not count, draws every month apart, and says when there is nothing', () => {
  const [reading] = collection.readings;
  const months = Array.from(
    { length: 36 },
    (_, i) => `${2024 + Math.floor(i / 12)}-${String(1 + (i % 12)).padStart(2, '0')}`
  );
  const page = driftPage({
    readings: months.map(month => ({ ...reading, month })),
    unread: [{ name: 'folder 3', why: 'not-readable' }],
  });
  expect(page).toContain('could not be read: folder 3 (not-readable)');
  const places = [...page.matchAll(/<text x="(\d+)" y="196">/g)].map(match => Number(match[1]));
  expect(places).toHaveLength(36);
  expect(places.slice(1).every((x, i) => x - places[i] >= 60)).toBe(true);
  expect(driftPage({ readings: [], unread: [] })).toContain('No result that a reader has saved was found');
});

it('calibrates the share of malignant vertebrae', () => {
  const vertebrae = Array.from({ length: 200 }, (_, i) => ({ logit: 3 + Math.sin(i), malignant: i % 4 === 0 }));
  const shift = calibratedIntercept(vertebrae)!;
  const mean = vertebrae.reduce((sum, { logit }) => sum + 1 / (1 + Math.exp(-logit - shift)), 0) / 200;
  expect(mean).toBeCloseTo(0.25, 6);
  expect(calibratedIntercept(vertebrae.filter(({ malignant }) => malignant))).toBeUndefined();
});
