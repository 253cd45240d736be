/**
 * A cohort between a real archive and a real database, with the faults of real life: a worker killed in the middle of a
 * vertebra, the archive away, a STOW refused, the database restarted. `npm run test:cohort` is the same with 30 studies
 * and an outage of 20 seconds.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { decodeFile, encodeDataset } from '@spine/dicom';
import { Client } from 'pg';
import { DicomwebArchive } from '../../cohort/src/archive/dicomweb';
import { startPostgres, type TestPostgres } from '../../cohort/src/testing/postgres';
import { ctStudyWithMasks, type StudyFiles } from '../../cohort/src/testing/studies';
import { type Orthanc, startOrthanc } from '../support/orthanc';

const STUDIES = Number(process.env.SPINE_COHORT_STUDIES ?? 4);
const OUTAGE_MS = Number(process.env.SPINE_COHORT_OUTAGE_MS ?? 2000);
const ROOT = join(__dirname, '../..');

let folder: string;
let orthanc: Orthanc;
let postgres: TestPostgres;
let archive: Flaky;
let queueUrl: string;
const children = new Set<ChildProcess>();
/** What the programs said lately. */
let log = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cohort-archive-'));
  [orthanc, postgres] = await Promise.all([startOrthanc(), startPostgres()]);
  archive = await flaky(orthanc.url);
  queueUrl = await postgres.database('cohort');
}, 120_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await archive?.close();
  await Promise.all([orthanc?.stop(), postgres?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

test('every study has exactly one result, whatever fails on the way', async () => {
  const studies = Array.from({ length: STUDIES }, (_, n) => ctStudyWithMasks(folder, n + 1));
  const direct = new DicomwebArchive(`${orthanc.url.origin}/dicom-web`);
  for (const [n, { study, series }] of studies.entries()) await direct.store(study, series, filesOf(n + 1));

  archive.refuseNextStow = true;
  const planner = program('main.ts', ['--workers', '0', '--watch', '--interval', '1']);
  const workers = [1, 2, 3].map(() => program('workerMain.ts', []));
  const { killed } = await untilRunning(workers);
  await archive.away(OUTAGE_MS);
  await postgres.restart(500);
  await untilDone(STUDIES);
  workers.push(killed);

  for (const { study, series } of studies) {
    const results = await direct.existing(study);
    const segs = results.filter(({ modality }) => modality === 'SEG');
    expect(segs.map(({ sop }) => sop)).toHaveLength(new Set(segs.map(({ sop }) => sop)).size);
    expect(segs.filter(({ referencedSeries }) => referencedSeries.includes(series))).not.toHaveLength(0);
    expect(segs.every(({ reviewed }) => !reviewed)).toBe(true);
    const made = await direct.study(study);
    // One series for each object, made once: CT, masks by the other program, ours.
    expect(made.series.filter(({ modality }) => modality === 'CT')).toHaveLength(1);
  }
  const counted = await rows<{ key: string }>('SELECT key FROM cohort.series');
  expect(counted).toHaveLength(STUDIES);
  expect(archive.refused).toBe(1);

  // A reader saves version 2; neither a rerun nor another setting touches it.
  const before = await direct.existing(studies[0].study);
  await saveReviewed(direct, studies[0]);
  end(planner);
  const rerun = program('main.ts', ['--sampler', 'thorough', '--workers', '1']);
  expect(await exited(rerun)).toBe(0);
  const reviewed = await rows<{ state: string; code: string }>(
    `SELECT state, code FROM cohort.series WHERE study = '${studies[0].study}' AND state = 'passed-over'`
  );
  expect(reviewed).toEqual([{ state: 'passed-over', code: 'reviewed' }]);
  expect((await direct.existing(studies[0].study)).length).toBe(before.length + 1);
}, 900_000);

function program(file: string, options: readonly string[]): ChildProcess {
  const fixed = ['--dicomweb', `${archive.url}/dicom-web`, '--queue', queueUrl, '--model', join(ROOT, 'models/tiny')];
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(ROOT, 'cohort/src', file), ...fixed, '--slices', 'central', '--threads', '1', ...options],
    { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] }
  );
  child.stderr!.on('data', chunk => (log = `${log}${String(chunk)}`.slice(-20_000)));
  children.add(child);
  return child;
}

async function exited(child: ChildProcess): Promise<number> {
  for (const deadline = Date.now() + 120_000; child.exitCode === null; await wait(200)) {
    if (Date.now() > deadline)
      throw new Error(`still running: ${JSON.stringify(await rows('TABLE cohort.series'))}\n${log}`);
  }
  return child.exitCode;
}

function end(child: ChildProcess): void {
  child.kill('SIGTERM');
}

/** Kills, as the kernel would, the worker that holds the first job. */
async function untilRunning(workers: ChildProcess[]): Promise<{ killed: ChildProcess }> {
  for (const deadline = Date.now() + 90_000; ; ) {
    if (Date.now() > deadline) throw new Error(`no worker has taken a job\n${log}`);
    const [row] = await rows<{ worker: string }>(`SELECT worker FROM cohort.series WHERE state = 'running' LIMIT 1`);
    const killed = workers.find(({ pid }) => row?.worker.split('/')[1] === String(pid));
    if (killed) {
      killed.kill('SIGKILL');
      return { killed };
    }
    await wait(100);
  }
}

async function untilDone(count: number): Promise<void> {
  for (const deadline = Date.now() + 60_000 + 20_000 * count; ; ) {
    const states = await rows<{ state: string; reason: string }>('SELECT state, reason FROM cohort.series').catch(
      () => []
    );
    const failed = states.find(({ state }) => state === 'failed');
    if (failed) throw new Error(failed.reason);
    if (states.filter(({ state }) => state === 'done').length === count) return;
    if (Date.now() > deadline) throw new Error(`not done: ${JSON.stringify(states)}\n${log}`);
    await wait(500);
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

function filesOf(number: number) {
  const path = join(folder, `study-${number}`);
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map((entry, n) => ({ name: `${n}.dcm`, bytes: readFileSync(join(entry.parentPath, entry.name)) }));
}

/** The bodies' SEG as a reader would save it again. */
async function saveReviewed(direct: DicomwebArchive, { study, series }: StudyFiles): Promise<void> {
  const [first] = (await direct.existing(study)).filter(({ modality }) => modality === 'SEG');
  const into = join(folder, 'saved');
  await direct.fetch(study, first.series, into);
  const bytes = readFileSync(join(into, readdirSync(into)[0]));
  const dataset = decodeFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
  const pixels = [dataset.PixelData].flat()[0] as Uint8Array;
  const saved = encodeDataset({
    ...dataset,
    PixelData: Uint8Array.from(pixels).buffer,
    ...{ SOPInstanceUID: `${first.sop}.2`.slice(0, 64), SeriesInstanceUID: `${first.series}.2`.slice(0, 64) },
    ContentCreatorName: 'Reader^One',
  });
  await direct.store(study, series, [{ name: 'saved.dcm', bytes: new Uint8Array(saved) }]);
}

interface Flaky {
  readonly url: string;
  refuseNextStow: boolean;
  readonly refused: number;
  away(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** The archive behind a door that can be shut. */
async function flaky(target: URL): Promise<Flaky> {
  let open = true;
  let refused = 0;
  const server: Server = createServer((incoming, outgoing) => {
    if (!open) return void incoming.destroy();
    if (incoming.method === 'POST' && door.refuseNextStow) {
      door.refuseNextStow = false;
      refused++;
      incoming.resume();
      return void outgoing.writeHead(503).end();
    }
    const headers = { ...incoming.headers, host: target.host };
    const upstream = request(
      { host: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers },
      answer => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }
    );
    upstream.on('error', () => outgoing.destroy());
    incoming.pipe(upstream);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const door: Flaky = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuseNextStow: false,
    get refused() {
      return refused;
    },
    away: async ms => {
      open = false;
      server.closeAllConnections();
      await wait(ms);
      open = true;
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return door;
}
