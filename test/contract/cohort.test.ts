/**
 * A cohort between a real archive and a real database, with the faults of real life: a worker killed in the middle of a
 * vertebra, the archive away, a STOW refused, the database restarted, a study that cannot be analysed. `npm run test:cohort`
 * is the same with 30 studies and an outage of 20 seconds.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { decodeFile, type NaturalizedInstance, text } from '@spine/dicom';
import { Client } from 'pg';
import { DicomwebArchive } from '../../cohort/src/archive/dicomweb';
import { type FlakyArchive, startFlakyArchive } from '../../cohort/src/testing/flakyArchive';
import { startPostgres, type TestPostgres } from '../../cohort/src/testing/postgres';
import { ctStudyWithMasks, type StudyFiles } from '../../cohort/src/testing/studies';
import { type Orthanc, startOrthanc } from '../support/orthanc';
import { open, until } from '../session/support/panelDriver';
import { ctSet, memoryPorts, segSet } from '../session/support/panelPorts';

const STUDIES = Number(process.env.SPINE_COHORT_STUDIES ?? 3);
const OUTAGE_MS = Number(process.env.SPINE_COHORT_OUTAGE_MS ?? 2000);
/** Three vertebrae, of which the middle one is searched: half a second, some seconds, half a second. */
const ANALYSIS = ['--slices', 'central', '--screen-below', '0.3', '--threshold', '0.02'];
const ROOT = join(__dirname, '../..');

let folder: string;
let orthanc: Orthanc;
let postgres: TestPostgres;
let archive: FlakyArchive;
let queueUrl: string;
const children = new Set<ChildProcess>();
/** What the programs said. */
let log = '';
const lately = () => log.slice(-20_000);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cohort-archive-'));
  [orthanc, postgres] = await Promise.all([startOrthanc(), startPostgres()]);
  archive = await startFlakyArchive(orthanc.url);
  queueUrl = await postgres.database('cohort');
}, 120_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await archive?.close();
  await Promise.all([orthanc?.stop(), postgres?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

test('every study has exactly one result or a named failure, whatever fails on the way; what a reader saved is left alone', async () => {
  const started = Date.now();
  const studies = Array.from({ length: STUDIES }, (_, n) => ctStudyWithMasks(folder, n + 1));
  const broken = ctStudyWithMasks(folder, STUDIES + 1);
  rmSync(join(folder, `study-${STUDIES + 1}/ct/0020.dcm`));
  const direct = new DicomwebArchive(`${orthanc.url.origin}/dicom-web`);
  for (const [n, { study, series }] of [...studies, broken].entries())
    await direct.store(study, series, filesOf(n + 1));

  await keepsToItsQuery(studies);

  archive.refuseNextStow = true;
  const planner = program('main.ts', ['--workers', '0', '--watch', '--interval', '1']);
  const workers = [1, 2, 3].map(() => program('workerMain.ts', []));
  const killed = await killInMidVertebra(workers);
  await archive.away(OUTAGE_MS);
  await postgres.restart(500);
  await untilEnded(STUDIES + 1);

  const ended = await rows<{ study: string; state: string; code: string; reason: string; seconds: number }>(
    'SELECT study, state, code, reason, seconds FROM cohort.series'
  );
  expect(
    ended
      .filter(({ state }) => state === 'done')
      .map(({ study }) => study)
      .sort()
  ).toEqual(studies.map(({ study }) => study).sort());
  expect(ended.filter(({ state }) => state !== 'done')).toEqual([
    expect.objectContaining({
      study: broken.study,
      state: 'failed',
      code: 'missing-slices',
      reason: expect.any(String),
    }),
  ]);
  for (const { study, series } of studies) {
    const results = await direct.existing(study);
    const kinds = results.map(({ modality, referencedSeries }) => [modality, modality === 'SR' || referencedSeries[0]]);
    // Lesions, bodies, report: each once, in a series of its own.
    expect(kinds.sort()).toEqual([...[1, 2].map(() => ['SEG', series]), ['SR', true]]);
    expect(new Set(results.map(one => one.series)).size).toBe(3);
    expect(results.every(({ reviewed }) => !reviewed)).toBe(true);
    expect((await direct.study(study)).series.filter(({ modality }) => modality === 'CT')).toHaveLength(1);
  }
  expect(await direct.existing(broken.study)).toEqual([]);
  expect(archive.refused).toBe(1);
  // The killed worker's series went on elsewhere, after the vertebra that was finished.
  expect(log).toMatch(new RegExp(`"event":"goes on","job":"${killed.job}","vertebrae":[12]`));
  const lost = (log.match(/"event":"again"/g) ?? []).length;
  process.stdout.write(
    `${STUDIES} studies and a broken one, 3 workers: ${((Date.now() - started) / 1000).toFixed(0)} s; ` +
      `${lost} tries given back and made again; each study has one result\n`
  );

  // A reader opens a result, decides, and saves version 2; neither a rerun nor another setting touches it.
  const before = await direct.existing(studies[0].study);
  await reviewInPanel(direct, studies[0]);
  end(planner);
  const said = log.length;
  const rerun = program('main.ts', ['--sampler', 'thorough', '--query', 'PatientID=COHORT-1', '--workers', '1']);
  expect(await exited(rerun)).toBe(3); // The broken study is still in the queue's table.
  expect(log.slice(said)).toContain(`failed: study ${broken.study}`);
  const after = await rows<{ state: string; code: string }>(
    `SELECT state, code FROM cohort.series WHERE study = '${studies[0].study}' AND state <> 'done'`
  );
  expect(after).toEqual([{ state: 'passed-over', code: 'reviewed' }]);
  const kept = await direct.existing(studies[0].study);
  expect(kept).toEqual(expect.arrayContaining(before));
  expect(kept.filter(({ reviewed }) => reviewed)).toHaveLength(1);
  expect(kept).toHaveLength(before.length + 1);
}, 1_800_000);

function program(file: string, options: readonly string[]): ChildProcess {
  const fixed = ['--dicomweb', `${archive.url}/dicom-web`, '--queue', queueUrl, '--model', join(ROOT, 'models/tiny')];
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      join(ROOT, 'cohort/src', file),
      ...fixed,
      ...ANALYSIS,
      '--threads',
      '1',
      '--lease',
      '10',
      ...options,
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] }
  );
  child.stderr!.on('data', chunk => (log += String(chunk)));
  child.stdout!.on('data', chunk => (log += String(chunk)));
  children.add(child);
  return child;
}

async function exited(child: ChildProcess): Promise<number> {
  for (const deadline = Date.now() + 120_000; child.exitCode === null; await wait(200)) {
    if (Date.now() > deadline)
      throw new Error(`still running: ${JSON.stringify(await rows('TABLE cohort.series'))}\n${lately()}`);
  }
  return child.exitCode;
}

function end(child: ChildProcess): void {
  child.kill('SIGTERM');
}

/** Kills, as the kernel would, a worker that has finished one vertebra of its series and is at the next. */
async function killInMidVertebra(workers: ChildProcess[]): Promise<{ job: string }> {
  for (const deadline = Date.now() + 120_000; ; await wait(20)) {
    if (Date.now() > deadline) throw new Error(`no worker was seen between two vertebrae\n${lately()}`);
    const found = await rows<{ key: string; worker: string }>(
      `SELECT key, worker FROM cohort.series WHERE state = 'running' AND vertebrae_done BETWEEN 1 AND vertebrae_planned - 1`
    );
    for (const { key, worker } of found) {
      const killed = workers.find(({ pid }) => worker.split('/')[1] === String(pid));
      if (!killed) continue;
      killed.kill('SIGKILL');
      return { job: key.slice(0, 12) };
    }
  }
}

async function untilEnded(count: number): Promise<void> {
  for (const deadline = Date.now() + 120_000 + 40_000 * count; ; await wait(500)) {
    const states = await rows<{ state: string; reason: string }>('SELECT state, reason FROM cohort.series').catch(
      () => []
    );
    if (states.filter(({ state }) => state === 'done' || state === 'failed').length === count) return;
    if (Date.now() > deadline) throw new Error(`not done: ${JSON.stringify(states)}\n${lately()}`);
  }
}

async function rows<Row extends object>(text: string): Promise<Row[]> {
  const client = new Client({ connectionString: queueUrl });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(text)).rows;
  } catch (error) {
    // The planner makes the tables.
    if ((error as { code?: string }).code === '42P01' || (error as { code?: string }).code === '3F000') return [];
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What arrives and what came before is asked of the archive within the query that chooses studies. */
async function keepsToItsQuery([first, second]: readonly StudyFiles[]): Promise<void> {
  const archive = new DicomwebArchive(`${orthanc.url.origin}/dicom-web`, { query: { PatientID: 'COHORT-2' } });
  const studiesOf = async (patient: string) => {
    const found: string[] = [];
    for await (const { study } of archive.studiesOf(patient)) found.push(study);
    return found;
  };
  expect([await archive.chooses(first.study), await archive.chooses(second.study)]).toEqual([false, true]);
  expect([await studiesOf('COHORT-1'), await studiesOf('COHORT-2')]).toEqual([[], [second.study]]);
  expect((await archive.study(second.study)).patient).toBe('COHORT-2');
}

function filesOf(number: number) {
  const path = join(folder, `study-${number}`);
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map((entry, n) => ({ name: `${n}.dcm`, bytes: readFileSync(join(entry.parentPath, entry.name)) }));
}

/** The study as the panel's session opens it, from what the archive gives; every vertebra reviewed, and saved. */
async function reviewInPanel(direct: DicomwebArchive, { study, series }: StudyFiles): Promise<void> {
  const fetched = async (uid: string) => {
    const into = join(folder, 'fetched', uid);
    await direct.fetch(study, uid, into);
    return readdirSync(into).map((file): NaturalizedInstance => {
      const { buffer, byteOffset, byteLength } = readFileSync(join(into, file));
      return decodeFile(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
    });
  };
  const ct = { ...ctSet(await fetched(series)), StudyInstanceUID: study, SeriesInstanceUID: series };
  const segs = (await direct.existing(study)).filter(({ modality }) => modality === 'SEG');
  const sets = (await Promise.all(segs.map(seg => fetched(seg.series)))).map(([seg], n) => ({
    ...segSet(seg, `seg${n}`),
    StudyInstanceUID: study,
    referencedSeriesInstanceUID: series,
  }));
  const { controller, world } = await open(memoryPorts([ct, ...sets]));
  const { lesions, review } = await until(controller, s => s.review.present.findings.length === 3);
  expect(lesions).toMatchObject({ origin: 'stored', notReviewed: ['L2', 'L3', 'L4'] });
  expect(lesions!.rows.length).toBeGreaterThan(0);
  controller.actions.accept([lesions!.rows[0].id]);
  for (const { label } of review.present.findings) controller.actions.setReviewed(label, true);
  controller.actions.save();
  await until(controller, s => s.lesions?.saving.status === 'saved');
  const saved = world.archive[world.archive.length - 1];
  expect(text(decodeFile(saved), 'SeriesDescription')).toBe('Vertebral lesions v2 - Research use only');
  await direct.store(study, series, [{ name: 'saved.dcm', bytes: new Uint8Array(saved) }]);
  await controller.dispose();
}
