/**
 * `npm run bench:cohort`: what a cohort costs and how it grows. Ratios within one run; the machine's own figures are printed
 * beside them. Workers beyond the machine's cores are simulated.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, parseOptions, runCommand, UsageError, wholeNumber } from '@spine/headless/cli';
import { startPostgres, type TestPostgres } from '../src/testing/postgres';
import { ctStudyWithMasks } from '../src/testing/studies';
import { benchArchive } from './archive';
import { benchModels } from './models';
import { onPaper } from './paper';
import { benchQueue } from './queue';
import { benchWorkers, tellWorkers, type WorkersRow } from './workers';

const USAGE = `npm run bench:cohort -- [--jobs 10000] [--studies 200] [--models tiny,default] [--only queue,archive,models,workers] [--json <file>]
The queue with up to 20 simulated workers (--jobs for the most of them); Orthanc with up to 20; one and two real
workers, the first over --studies phantom studies for its memory; processor time by model; 100,000 studies a day on paper.
Half an hour on two cores. Exit code 1 when a job was run twice or costs more than 20 ms in the queue.`;

const PARTS = ['queue', 'archive', 'models', 'workers'] as const;
const MOST_QUEUE_MS = 20;
/** For the throughput of two workers. */
const FEW = 16;
const ROUNDS = 2;

void runCommand('bench:cohort', USAGE, async argv => {
  const options = parseOptions(
    {
      jobs: { type: 'string', default: '10000' },
      studies: { type: 'string', default: '200' },
      models: { type: 'string', default: 'tiny,default' },
      only: { type: 'string', default: PARTS.join(',') },
      json: { type: 'string' },
    },
    argv
  );
  const jobs = wholeNumber(options.jobs, 'jobs', 200);
  const studies = wholeNumber(options.studies, 'studies', FEW);
  const only = options.only.split(',');
  const unknown = only.filter(part => !(PARTS as readonly string[]).includes(part));
  if (unknown.length > 0) throw new UsageError(`--only ${unknown.join(',')}: one or more of ${PARTS.join(',')}`);
  const asked = (part: (typeof PARTS)[number]) => only.includes(part);
  const postgres = await startPostgres();
  try {
    const queue = asked('queue') ? await benchQueue(postgres, jobs) : [];
    const archive = asked('archive') ? await benchArchive() : [];
    const models = asked('models') ? await benchModels(options.models.split(',')) : [];
    const workers = asked('workers') ? await realWorkers(postgres, studies) : [];
    const figures = { queue, archive, models, workers };
    const paper = Object.values(figures).every(({ length }) => length > 0) ? onPaper(figures) : [];
    for (const line of paper) console.log(line);
    if (options.json) writeFileSync(options.json, `${JSON.stringify({ ...figures, paper }, null, 2)}\n`);
    const slow = queue.some(row => row.workMilliseconds > 0 && row.queueMillisecondsPerJob > MOST_QUEUE_MS);
    return slow || queue.some(row => row.doubleRuns > 0) ? EXIT.unexpected : EXIT.ok;
  } finally {
    await postgres.stop();
  }
});

/** One worker and two on a few studies, then one on many. */
async function realWorkers(postgres: TestPostgres, studies: number): Promise<WorkersRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cohort-bench-workers-'));
  try {
    for (const count of new Set([FEW, studies])) {
      for (let n = 1; n <= count; n++) ctStudyWithMasks(join(folder, `in-${count}`), n);
    }
    const rows: WorkersRow[] = [];
    // By turns: other work on the machine comes and goes.
    for (let round = 0; round < ROUNDS; round++) {
      for (const workers of [1, 2]) {
        rows.push(await benchWorkers(postgres, folder, { workers, studies: FEW }, round));
        tellWorkers(rows.at(-1)!, rows[0]);
      }
    }
    rows.push(await benchWorkers(postgres, folder, { workers: 1, studies }));
    tellWorkers(rows.at(-1)!, rows[0]);
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
