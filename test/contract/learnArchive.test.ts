/** Reviewed studies out of a real archive, Debian's Orthanc, over QIDO-RS and WADO-RS. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { collect, readingCounts } from '@spine/datasets/learn/collect';
import { dicomwebSource } from '@spine/datasets/learn/sources/dicomweb';
import { folderSource } from '@spine/datasets/learn/sources/folder';
import { upload } from '../browser/support/pacsFiles';
import { type Orthanc, startOrthanc } from '../support/orthanc';
import { planted, reviewedStudy } from '../support/reviewedArchive';
import { writeReviewedStudy } from '../support/reviewedStudy';
import { searchSecrets } from '../support/secrets';

let folder: string;
let archive: string;
let orthanc: Orthanc;
const source = (out: string, more: object = {}) => dicomwebSource(`${orthanc.url.origin}/dicom-web`, out, more);
/** Two collections with one key have the same pseudonyms. */
function outFolder(name: string): string {
  const out = join(folder, name);
  mkdirSync(join(out, 'private'), { recursive: true });
  writeFileSync(join(out, 'private/key'), '7'.repeat(64));
  return out;
}
const filesIn = (out: string) =>
  readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(name => /\.(gz|csv)$/.test(name));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'learn-archive-'));
  archive = join(folder, 'archive');
  // A second save of the same reader counts; another reader differs on one vertebra; one study was never reviewed.
  const [first, second, third] = [0, 1, 3].map(i => reviewedStudy(i));
  const [reading] = first.readings;
  writeReviewedStudy(archive, { ...first, readings: [{ ...reading, says: [true, undefined, undefined] }, reading] });
  const other = { reader: 'Readerius^Otto', says: [false, false, false] };
  writeReviewedStudy(archive, { ...second, readings: [...second.readings, other] });
  writeReviewedStudy(archive, { ...third, readings: [] });
  orthanc = await startOrthanc();
  for (const study of readdirSync(archive)) await upload(orthanc, join(archive, study));
});
afterAll(async () => {
  await orthanc?.stop();
  rmSync(folder, { recursive: true });
});

it('collects what a folder of the same studies gives: the newest save of each reader, and who differs', async () => {
  const [direct, remote] = [outFolder('direct'), outFolder('remote')];
  const expected = await collect(folderSource(archive), direct, 1);
  const progress: string[] = [];
  const collection = await collect(source(remote), remote, 1, (done, total) => progress.push(`${done}/${total}`));
  const sorted = <T>(list: readonly T[]) => [...list].map(one => JSON.stringify(one)).sort();
  expect(collection.vertebrae).toHaveLength(5);
  expect(sorted(collection.vertebrae)).toEqual(sorted(expected.vertebrae));
  expect(collection.leftOut.map(({ why }) => why)).toEqual(['2 readers differ']);
  expect(sorted(collection.readings)).toEqual(sorted(expected.readings));
  // Three studies hold segmentations, two of them results of ours.
  expect(progress).toEqual(['1/3', '2/3', '3/3']);
  for (const name of filesIn(direct).filter(one => one.endsWith('.gz'))) {
    const [a, b] = [remote, direct].map(out => gunzipSync(readFileSync(join(out, name))));
    expect([name, a.length, a.findIndex((v, i) => v !== b[i])]).toEqual([name, b.length, -1]);
  }
});

it('leaves no image behind, and no name outside private', () => {
  expect(existsSync(join(folder, 'remote/private/fetched'))).toBe(false);
  const found = searchSecrets(join(folder, 'remote'), planted(5));
  expect(found.filter(place => !place.startsWith('private/'))).toEqual([]);
});

it('counts what readers did from the segmentations alone', async () => {
  const { readings: counts } = await readingCounts(source(join(folder, 'report')));
  const { readings: expected } = await readingCounts(folderSource(archive));
  const sorted = (list: readonly object[]) => list.map(one => JSON.stringify(one)).sort();
  expect(sorted(counts)).toEqual(sorted(expected));
  expect(counts).toHaveLength(3);
  expect(readdirSync(join(folder, 'report'), { recursive: true })).toEqual(['private']);
});

it('says that the archive is away or refuses, without the UIDs that it was asked for', async () => {
  const away = dicomwebSource('http://127.0.0.1:9/dicom-web', join(folder, 'away'), { patienceMs: 1 });
  await expect(collect(away, join(folder, 'away'), 1)).rejects.toMatchObject({
    code: 'archive',
    message: expect.stringMatching(/127\.0\.0\.1:9\/dicom-web does not answer.*tries again/),
  });
  const elsewhere = dicomwebSource(`${orthanc.url.origin}/nowhere`, join(folder, 'away'), { patienceMs: 1 });
  await expect(collect(elsewhere, join(folder, 'away'), 1)).rejects.toThrow(/nowhere\/studies answers 404/);
  expect(() => dicomwebSource('pacs', folder)).toThrow(/pacs/);
});
