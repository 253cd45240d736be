/** Real workers, as processes of their own, on phantom studies in a folder: throughput, memory, size of the results. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '../src/queue/database';
import type { TestPostgres } from '../src/testing/postgres';

const ROOT = join(__dirname, '../..');

export interface WorkersRow {
  readonly workers: number;
  readonly studies: number;
  readonly studiesPerSecond: number;
  /** Of the processor, workers and their computing processes together: what a busy machine does not change. */
  readonly cpuSecondsPerStudy: number;
  /** Largest resident memory of a worker and its computing process, MiB, over the studies. */
  readonly memoryMegabytes: { readonly early: number; readonly late: number };
  /** Of the files of one study, 10^6 bytes. */
  readonly resultMegabytes: number;
}

interface Sample {
  readonly done: number;
  /** Of the largest worker, and of all together. */
  readonly megabytes: number;
  readonly cpuSeconds: number;
}

/** @param folder holds in-<studies> with that many studies; results go beside it */
export async function benchWorkers(
  postgres: TestPostgres,
  folder: string,
  { workers, studies }: Pick<WorkersRow, 'workers' | 'studies'>,
  round = 0
): Promise<WorkersRow> {
  const url = await postgres.database(`workers${workers}of${studies}round${round}`);
  const out = join(folder, `out-${workers}-${studies}-${round}`);
  const shared = [
    ...['--dicom', join(folder, `in-${studies}`), '--to', out, '--queue', url],
    ...['--model', join(ROOT, 'models/tiny'), '--slices', 'central', '--threads', '1'],
  ];
  const run = (file: string, ...options: string[]) =>
    spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'cohort/src', file), ...shared, ...options], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'ignore'],
    });
  const planner = run('main.ts', '--workers', '0', '--watch');
  const running = Array.from({ length: workers }, () => run('workerMain.ts'));
  const database = await openDatabase(url);
  const samples: Sample[] = [];
  try {
    for (let done = 0; done < studies; await wait(250)) {
      done = await countDone(() => database.query(`SELECT state FROM cohort.series WHERE state = 'done'`));
      const used = running.map(({ pid }) => usedBy(pid!));
      const cpuSeconds = used.reduce((sum, one) => sum + one.cpuSeconds, 0);
      samples.push({ done, megabytes: Math.max(...used.map(({ megabytes }) => megabytes)), cpuSeconds });
    }
    const ended = await database.query<{ at: Date }>('SELECT ended_at AS at FROM cohort.series ORDER BY ended_at');
    const times = ended.map(({ at }) => at.getTime());
    // The first of each worker opens model and process.
    const seconds = (times[studies - 1] - times[workers - 1]) / 1000;
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
    const bytes = files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
    return {
      workers,
      studies,
      studiesPerSecond: (studies - workers) / seconds,
      cpuSecondsPerStudy: samples.at(-1)!.cpuSeconds / studies,
      memoryMegabytes: {
        early: largest(samples, workers, studies / 4),
        late: largest(samples, (3 * studies) / 4, studies),
      },
      resultMegabytes: bytes / studies / 1e6,
    };
  } finally {
    for (const child of [planner, ...running]) child.kill('SIGKILL');
    await database.close();
  }
}

/** The planner makes the tables. */
const countDone = (ask: () => Promise<unknown[]>) =>
  ask().then(
    rows => rows.length,
    () => 0
  );

function largest(samples: readonly Sample[], from: number, to: number): number {
  return Math.max(...samples.filter(({ done }) => done >= from && done <= to).map(({ megabytes }) => megabytes));
}

/** Linux counts processor time in hundredths of a second. */
const TICKS = 100;

/** Resident memory and processor time of a process and those it started. */
function usedBy(pid: number): { readonly megabytes: number; readonly cpuSeconds: number } {
  try {
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    // After the name in brackets: state, then utime and stime as the 12th and 13th.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    const inner = children.map(child => usedBy(Number(child)));
    return {
      megabytes: kilobytes / 1024 + inner.reduce((sum, one) => sum + one.megabytes, 0),
      cpuSeconds: (Number(stat[11]) + Number(stat[12])) / TICKS + inner.reduce((sum, one) => sum + one.cpuSeconds, 0),
    };
  } catch {
    return { megabytes: 0, cpuSeconds: 0 }; // it has just ended
  }
}

export function tellWorkers(row: WorkersRow, first: WorkersRow): void {
  const { workers, studies, studiesPerSecond, memoryMegabytes: memory, resultMegabytes } = row;
  console.log(
    `workers: ${workers}, ${studies} studies: ${studiesPerSecond.toFixed(3)} studies/s, ` +
      `${(studiesPerSecond / first.studiesPerSecond).toFixed(2)} times the first row, ` +
      `${row.cpuSecondsPerStudy.toFixed(2)} s of a core each; memory of a worker ${memory.early.toFixed(0)} MiB in the first ` +
      `quarter, ${memory.late.toFixed(0)} MiB in the last (${(memory.late / memory.early).toFixed(2)} times); ` +
      `results ${resultMegabytes.toFixed(2)} MB a study`
  );
}
