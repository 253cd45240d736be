/** What a real archive gives: Orthanc on this machine, asked by simulated workers that fetch CTs and store objects, and compute nothing. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOrthanc } from '../../test/support/orthanc';
import { DicomwebArchive } from '../src/archive/dicomweb';
import { ctStudy, type StudyFiles } from '../src/testing/studies';

const WORKERS = [1, 2, 5, 10, 20];
const STUDIES = 20;

export interface ArchiveRow {
  readonly workers: number;
  readonly objectsPerSecond: { readonly fetched: number; readonly stored: number };
}

export async function benchArchive(): Promise<ArchiveRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cohort-bench-archive-'));
  const orthanc = await startOrthanc();
  const archive = new DicomwebArchive(`${orthanc.url.origin}/dicom-web`);
  try {
    const rows: ArchiveRow[] = [];
    let number = 0;
    for (const workers of WORKERS) {
      const studies = Array.from({ length: STUDIES }, () => ctStudy(folder, ++number));
      const first = number - STUDIES + 1;
      const objects = studies.map((_, n) => objectsOf(join(folder, `study-${first + n}`, 'ct')));
      const count = objects.flat().length;
      const stored = await timed(workers, STUDIES, n => store(archive, studies[n], objects[n]));
      const fetched = await timed(workers, STUDIES, n =>
        archive.fetch(studies[n].study, studies[n].series, join(folder, 'fetched', String(first + n)))
      );
      rows.push({ workers, objectsPerSecond: { fetched: count / fetched, stored: count / stored } });
      const { objectsPerSecond: now } = rows.at(-1)!;
      console.log(
        `archive: ${workers} workers: ${now.fetched.toFixed(0)} objects/s fetched, ${now.stored.toFixed(0)} stored; ` +
          `${(now.fetched / rows[0].objectsPerSecond.fetched).toFixed(2)} and ` +
          `${(now.stored / rows[0].objectsPerSecond.stored).toFixed(2)} times those of one worker`
      );
    }
    return rows;
  } finally {
    await orthanc.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const objectsOf = (folder: string) =>
  readdirSync(folder).map(name => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }));

const store = (archive: DicomwebArchive, { study, series }: StudyFiles, files: ReturnType<typeof objectsOf>) =>
  archive.store(study, series, files);

/** Seconds that so many workers need for all of it. */
async function timed(workers: number, count: number, work: (n: number) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (next < count) await work(next++);
    })
  );
  return (performance.now() - started) / 1000;
}
