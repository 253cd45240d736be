/** What arrives: by Orthanc's feed of stable studies where it is Orthanc, else by asking again. */
import { setTimeout as wait } from 'node:timers/promises';
import { DicomwebArchive } from '../archive/dicomweb';
import type { CohortOptions } from '../options';
import { planArrived, planStudies } from '../plan';
import { messageOf } from '../queue/database';
import type { Cohort } from '../setup';
import { orthancOf, stableStudies } from './orthanc';

/** Goes on until cancelled; an archive that is away is asked again later. */
export async function watch(options: CohortOptions, cohort: Cohort, cancel: AbortSignal): Promise<void> {
  const { source, log, plan } = cohort;
  const orthanc = source instanceof DicomwebArchive ? await orthancOf(source.name, options.authorization) : undefined;
  log.info('watching', { by: orthanc ? 'orthanc changes' : 'asking again', seconds: options.intervalSeconds });
  let since = orthanc?.last ?? 0;
  while (!cancel.aborted) {
    await wait(options.intervalSeconds * 1000, undefined, { signal: cancel }).catch(() => undefined);
    if (cancel.aborted) return;
    try {
      if (orthanc && source instanceof DicomwebArchive) {
        const { studies, last } = await stableStudies(orthanc, since);
        for (const study of studies) {
          if (await source.chooses(study)) await planArrived(plan, await source.study(study));
        }
        since = last;
      } else {
        const planned = await planStudies(plan, 'arrived');
        if (planned.queued > 0) log.info('planned', { ...planned });
      }
      await cohort.queue.recovery.releaseLost();
    } catch (error) {
      log.warn('watching', { reason: messageOf(error) });
    }
  }
}
