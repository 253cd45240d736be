/** 100,000 studies a day, on paper: what each part would have to do, from the figures of a run of this bench. */
import type { ArchiveRow } from './archive';
import type { ModelRow } from './models';
import type { QueueRow } from './queue';
import type { WorkersRow } from './workers';

const STUDIES_A_DAY = 100_000;
const SECONDS_A_DAY = 86_400;
/** A CT of chest and abdomen at 1 mm. Assumed, not measured. */
const CT = { images: 700, megabytes: 700 * 0.53 };
/** Of a worker's lease, and of its progress. */
const RENEWALS_PER_SECOND = 1 / 5;
/** PostgreSQL's own default. */
const MAX_CONNECTIONS = 100;

export interface Figures {
  readonly queue: readonly QueueRow[];
  readonly archive: readonly ArchiveRow[];
  readonly workers: readonly WorkersRow[];
  readonly models: readonly ModelRow[];
}

/** One line a part, the tightest first. */
export function onPaper({ queue, archive, workers, models }: Figures): string[] {
  const perSecond = STUDIES_A_DAY / SECONDS_A_DAY;
  const model = models.at(-1)!;
  const cores = (perSecond * model.coreHoursPer1000 * 3600) / 1000;
  const processes = cores / 2;
  const last = queue.at(-1)!;
  const connections = (processes * last.connections) / last.workers;
  const objects = perSecond * CT.images;
  const fastest = Math.max(...archive.map(({ objectsPerSecond }) => objectsPerSecond.fetched));
  const jobs = perSecond + (processes * RENEWALS_PER_SECOND) / 3;
  const writes = perSecond * workers[0].resultMegabytes;
  const share = (value: number) => `${(100 * value).toFixed(0)} %`;
  const parts = [
    {
      load: objects / fastest,
      text: `archive: ${objects.toFixed(0)} images/s of ${CT.megabytes.toFixed(0)} MB a study, ${(perSecond * CT.megabytes).toFixed(0)} MB/s; one Orthanc here gave ${fastest.toFixed(0)} small ones/s`,
    },
    {
      load: connections / MAX_CONNECTIONS,
      text: `database connections: ${connections.toFixed(0)} for ${processes.toFixed(0)} workers of 2 threads; PostgreSQL allows ${MAX_CONNECTIONS} unless told otherwise`,
    },
    {
      load: jobs / last.jobsPerSecond,
      text: `queue: ${jobs.toFixed(1)} takes, renewals and ends a second; it did ${last.jobsPerSecond.toFixed(0)} jobs/s (a take, a renewal, an end each)`,
    },
    {
      load: writes / 100,
      text: `database writes: results of ${writes.toFixed(1)} MB/s pass through it, against 100 MB/s of one disk`,
    },
  ];
  return [
    `paper: ${STUDIES_A_DAY} studies a day are ${perSecond.toFixed(2)} a second; with model ${model.model} on processors alone ${cores.toFixed(0)} cores`,
    ...parts.sort((a, b) => b.load - a.load).map(({ load, text }) => `paper: ${share(load)} used: ${text}`),
  ];
}
