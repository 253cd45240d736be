/** `npm run cohort`: plans, computes, watches, and tells. */
import { EXIT, runCommand } from '@spine/headless/cli';
import { join, resolve } from 'node:path';
import { ArchiveUnavailable } from './archive/archive';
import { DicomFolder } from './archive/folder';
import { cohortOptions, USAGE } from './options';
import { planEverything } from './plan';
import { startPage } from './seen/page';
import { printResult } from './seen/result';
import { checkProviders, openCohort, startWorkers } from './setup';
import { writeSummary } from './summary/write';
import { watch } from './watch/watch';

const ROOT = resolve(__dirname, '../..');

/** By convention 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

void runCommand('cohort', USAGE, async (argv, { stdout }) => {
  const options = cohortOptions(argv, ROOT);
  const cohort = await openCohort(options);
  const { queue, source, log, plan } = cohort;
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  try {
    if (options.summary !== undefined) {
      const files = await writeSummary(queue.database, resolve(options.summary));
      stdout.write(`${files.map(file => join(options.summary!, file)).join('\n')}\n`);
      return EXIT.ok;
    }
    if (options.cancel) {
      stdout.write(`${await queue.cancel()} series cancelled\n`);
      return EXIT.ok;
    }
    if (options.retry) stdout.write(`${await queue.retry()} series put back into the queue\n`);
    const page = await startPage(options, cohort);
    if (page) stdout.write(`page: ${page.url}\n`);
    await queue.recovery.reconcile();
    if (options.workers > 0) await checkProviders(options);
    const workers = startWorkers(options, cohort, interrupt.signal);
    try {
      const planned = await planEverything(plan, options.scheduled).catch((error: unknown) => {
        // A watch goes on asking; a single run has nothing else to do.
        if (options.watch && error instanceof ArchiveUnavailable) return undefined;
        throw error;
      });
      log.info('planned', { ...planned });
      if (planned && options.scheduled.length > 0) {
        stdout.write(
          `${options.scheduled.length} patients with an appointment, ${planned.withoutStudy} of them without a study in the archive\n`
        );
      }
      if (source instanceof DicomFolder) {
        for (const { reason } of source.notes.unreadable) log.warn('unreadable file', { reason });
      }
      if (options.watch) await watch(options, cohort, interrupt.signal);
      workers.finishWhenEmpty();
      await workers.ended;
    } finally {
      workers.stop();
      await workers.ended;
      await page?.close();
    }
    const failed = await printResult(queue.database, source, stdout);
    if (interrupt.signal.aborted && !options.watch) return EXIT_INTERRUPTED;
    return failed > 0 ? EXIT.input : EXIT.ok;
  } finally {
    await queue.close();
  }
});
