/**
 * What the queue costs a job. Workers are simulated: they take, renew and finish jobs, and sleep where others compute. Without the
 * sleep they measure what the queue can do at most: each then waits for all the others.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '../src/queue/database';
import { LeaseLost } from '../src/queue/job';
import { jobKey } from '../src/queue/key';
import { CohortQueue } from '../src/queue/queue';
import type { TestPostgres } from '../src/testing/postgres';

const WORKERS = [1, 2, 5, 10, 20];
/** A tenth of the quickest study that a real worker was seen to do. */
const WORK_MS = 200;
/** For fewer workers than the most. */
const JOBS_EACH = 50;

export interface QueueRow {
  readonly workers: number;
  /** Of a job, beside the queue. */
  readonly workMilliseconds: number;
  readonly jobs: number;
  readonly seconds: number;
  readonly jobsPerSecond: number;
  /** Time a worker spends in the queue for one job, without waiting for one. */
  readonly queueMillisecondsPerJob: number;
  /** Of a bare SELECT of one row at the same time: how busy the machine is. */
  readonly selectMilliseconds: number;
  readonly doubleRuns: number;
  /** Of the database, at once. */
  readonly connections: number;
}

/** @param most jobs for the most workers */
export async function benchQueue(postgres: TestPostgres, most: number): Promise<QueueRow[]> {
  const plans = [
    ...WORKERS.map(workers => ({
      workers,
      jobs: workers === WORKERS.at(-1) ? most : JOBS_EACH * workers,
      work: WORK_MS,
    })),
    { workers: WORKERS.at(-1)!, jobs: Math.round(most / 5), work: 0 },
  ];
  const rows: QueueRow[] = [];
  for (const [n, plan] of plans.entries()) {
    const row = await run(await postgres.database(`queue${n}`), plan);
    rows.push(row);
    console.log(
      `queue: ${row.workers} workers, ${row.jobs} jobs of ${row.workMilliseconds} ms: ${row.seconds.toFixed(1)} s, ` +
        `${row.jobsPerSecond.toFixed(0)} jobs/s (${(row.jobsPerSecond / rows[0].jobsPerSecond).toFixed(2)} times one worker), ` +
        `${row.queueMillisecondsPerJob.toFixed(2)} ms in the queue a job (${(row.queueMillisecondsPerJob / row.selectMilliseconds).toFixed(1)} times a bare SELECT beside it), ${row.doubleRuns} run twice, ${row.connections} connections`
    );
  }
  return rows;
}

interface Plan {
  readonly workers: number;
  readonly jobs: number;
  readonly work: number;
}

async function run(url: string, { workers, jobs, work }: Plan): Promise<QueueRow> {
  const queues = await Promise.all(
    Array.from({ length: workers }, async () => CohortQueue.open(await openDatabase(url)))
  );
  await enqueue(queues[0], jobs, workers);
  const done = new Map<string, number>();
  let inQueue = 0;
  const select = await openDatabase(url);
  const selects: number[] = [];
  let busy = true;
  const beside = (async () => {
    while (busy) {
      const before = performance.now();
      await select.query('SELECT state FROM cohort.series LIMIT 1');
      selects.push(performance.now() - before);
      await wait(20);
    }
  })();
  const started = performance.now();
  await Promise.all(
    queues.map(async (queue, n) => {
      for (;;) {
        const before = performance.now();
        const lease = await queue.take(`simulated/${n}`);
        if (!lease) break;
        inQueue += performance.now() - before;
        await wait(work);
        const after = performance.now();
        try {
          await queue.renew(lease, { done: 1, planned: 1 });
          await queue.finish(lease, 'done', { seconds: 0 });
          done.set(lease.key, (done.get(lease.key) ?? 0) + 1);
        } catch (error) {
          if (!(error instanceof LeaseLost)) throw error;
        }
        inQueue += performance.now() - after;
      }
    })
  );
  const seconds = (performance.now() - started) / 1000;
  busy = false;
  await beside;
  const [{ connections }] = await queues[0].database.query<{ connections: number }>(
    `SELECT count(*)::int AS connections FROM pg_stat_activity WHERE application_name = 'spine-cohort'`
  );
  await Promise.all([select, ...queues].map(one => one.close()));
  if (done.size !== jobs) throw new Error(`${done.size} of ${jobs} jobs were done`);
  const doubleRuns = [...done.values()].filter(count => count > 1).length;
  return {
    workers,
    workMilliseconds: work,
    jobs,
    seconds,
    jobsPerSecond: jobs / seconds,
    queueMillisecondsPerJob: inQueue / jobs,
    selectMilliseconds: selects.reduce((sum, one) => sum + one, 0) / selects.length,
    doubleRuns,
    connections,
  };
}

async function enqueue(queue: CohortQueue, jobs: number, round: number): Promise<void> {
  const model = { id: 'bench', version: '1', sha256: '0' };
  const planned = Array.from({ length: jobs }, (_, n) => {
    const [study, series] = [`1.2.${round}.${n}`, `1.2.${round}.${n}.1`];
    const key = jobKey({ study, series, instances: [series], model, settings: {} });
    return { key, study, series, masks: [], options: [] };
  });
  for (let n = 0; n < jobs; n += 50) await Promise.all(planned.slice(n, n + 50).map(job => queue.add(job)));
}
