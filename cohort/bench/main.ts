/**
 * `npm run bench:cohort`: what the queue costs, and how it grows. Ratios within one run; the machine's own figures are
 * printed beside them. Workers beyond the machine's cores are simulated: they take, renew and finish jobs, and sleep.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { EXIT, parseOptions, runCommand, wholeNumber } from '@spine/headless/cli';
import { openDatabase } from '../src/queue/database';
import { jobKey } from '../src/queue/key';
import { LeaseLost } from '../src/queue/job';
import { CohortQueue } from '../src/queue/queue';
import { startPostgres } from '../src/testing/postgres';

const WORKERS = [1, 2, 5, 10, 20];
const USAGE = `npm run bench:cohort -- [--jobs 10000] [--json <file>]
What the queue costs with ${WORKERS.join(', ')} simulated workers on a PostgreSQL of its own: --jobs for the last of them, a tenth for the
others. Exit code 1 when a job was run twice or costs more than 20 ms in the queue.`;

interface Row {
  readonly workers: number;
  readonly jobs: number;
  readonly seconds: number;
  readonly jobsPerSecond: number;
  /** Time a worker spends in the queue for one job, without waiting for one. */
  readonly queueMillisecondsPerJob: number;
  readonly doubleRuns: number;
}

async function run(url: string, workers: number, jobs: number): Promise<Row> {
  const queues = await Promise.all(
    Array.from({ length: workers }, async () => CohortQueue.open(await openDatabase(url)))
  );
  await enqueue(queues[0], jobs, workers);
  const done = new Map<string, number>();
  let inQueue = 0;
  const started = performance.now();
  await Promise.all(
    queues.map(async (queue, n) => {
      for (;;) {
        const before = performance.now();
        const lease = await queue.take(`simulated/${n}`);
        if (!lease) break;
        try {
          await queue.renew(lease, { done: 1, planned: 1 });
          await queue.finish(lease, 'done', { seconds: 0 });
          done.set(lease.key, (done.get(lease.key) ?? 0) + 1);
        } catch (error) {
          if (!(error instanceof LeaseLost)) throw error;
        }
        inQueue += performance.now() - before;
        await wait(1);
      }
    })
  );
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(queues.map(queue => queue.close()));
  if (done.size !== jobs) throw new Error(`${done.size} of ${jobs} jobs were done`);
  const doubleRuns = [...done.values()].filter(count => count > 1).length;
  return { workers, jobs, seconds, jobsPerSecond: jobs / seconds, queueMillisecondsPerJob: inQueue / jobs, doubleRuns };
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

void runCommand('bench:cohort', USAGE, async argv => {
  const options = parseOptions({ jobs: { type: 'string', default: '10000' }, json: { type: 'string' } }, argv);
  const most = wholeNumber(options.jobs, 'jobs', 200);
  const postgres = await startPostgres();
  try {
    const rows: Row[] = [];
    for (const workers of WORKERS) {
      const jobs = workers === WORKERS.at(-1) ? most : Math.max(200, Math.round(most / 10));
      rows.push(await run(await postgres.database(`bench${workers}`), workers, jobs));
      const { seconds, jobsPerSecond, queueMillisecondsPerJob, doubleRuns } = rows.at(-1)!;
      console.log(
        `${workers} workers, ${jobs} jobs: ${seconds.toFixed(1)} s, ${jobsPerSecond.toFixed(0)} jobs/s, ` +
          `${queueMillisecondsPerJob.toFixed(2)} ms in the queue a job, ${doubleRuns} run twice, ` +
          `throughput ${(jobsPerSecond / rows[0].jobsPerSecond).toFixed(2)} times that of one worker`
      );
    }
    if (options.json) writeFileSync(options.json, `${JSON.stringify({ queue: rows }, null, 2)}\n`);
    const { doubleRuns, queueMillisecondsPerJob } = rows.at(-1)!;
    return doubleRuns > 0 || queueMillisecondsPerJob > 20 ? EXIT.unexpected : EXIT.ok;
  } finally {
    await postgres.stop();
  }
});
