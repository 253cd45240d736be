/** `npm run cohort:worker`: takes jobs from a shared queue until it is interrupted. */
import { resolve } from 'node:path';
import { EXIT, runCommand, UsageError } from '@spine/headless/cli';
import { cohortOptions, WORKER_USAGE } from './options';
import { startPage } from './seen/page';
import { checkProviders, openCohort, startWorkers } from './setup';

void runCommand('cohort:worker', WORKER_USAGE, async argv => {
  const options = cohortOptions(argv, resolve(__dirname, '../..'));
  if (!options.queue.startsWith('postgres')) {
    throw new UsageError('--queue postgres://... is missing: only that queue can be shared');
  }
  const cohort = await openCohort(options);
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  const page = await startPage(options, cohort);
  try {
    await checkProviders(options);
    await startWorkers(options, cohort, interrupt.signal).ended;
    return EXIT.ok;
  } finally {
    await page?.close();
    await cohort.queue.close();
  }
});
