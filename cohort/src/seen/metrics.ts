/** Prometheus metrics of the queue, read from the database when they are asked for. */
import { Gauge, Registry } from 'prom-client';
import type { Database } from '../queue/database';

const STATES = ['queued', 'running', 'done', 'passed-over', 'failed', 'cancelled'];

export function cohortMetrics(database: Database): Registry {
  const registry = new Registry();
  new Gauge({
    name: 'spine_cohort_series',
    help: 'Series by state',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const rows = await database.query<{ state: string; count: number }>(
        'SELECT state, count(*)::int AS count FROM cohort.series GROUP BY state'
      );
      for (const state of STATES) this.set({ state }, rows.find(row => row.state === state)?.count ?? 0);
    },
  });
  new Gauge({
    name: 'spine_cohort_series_seconds_mean',
    help: 'Mean processing time of the last 100 series, in seconds',
    registers: [registry],
    async collect() {
      this.set((await recentPace(database)).secondsMean ?? 0);
    },
  });
  new Gauge({
    name: 'spine_cohort_series_per_hour',
    help: 'Series finished in the last hour',
    registers: [registry],
    async collect() {
      this.set((await recentPace(database)).perHour);
    },
  });
  new Gauge({
    name: 'spine_cohort_workers',
    help: 'Workers that hold a job',
    registers: [registry],
    async collect() {
      this.set((await recentPace(database)).workers);
    },
  });
  return registry;
}

export interface Pace {
  readonly secondsMean: number | null;
  readonly perHour: number;
  readonly workers: number;
  readonly waiting: number;
  /** Hours until the queue is empty at the pace so far; null when nothing has been finished yet. */
  readonly hoursLeft: number | null;
}

export async function recentPace(database: Database): Promise<Pace> {
  const [row] = await database.query<{ mean: number | null; hour: number; workers: number; waiting: number }>(`
    SELECT (SELECT avg(seconds) FROM (SELECT seconds FROM cohort.series WHERE state = 'done' AND seconds IS NOT NULL
              ORDER BY ended_at DESC LIMIT 100) recent)::float8 AS mean,
           (SELECT count(*)::int FROM cohort.series WHERE state = 'done' AND ended_at > now() - interval '1 hour') AS hour,
           (SELECT count(DISTINCT worker)::int FROM cohort.series WHERE state = 'running') AS workers,
           (SELECT count(*)::int FROM cohort.series WHERE state IN ('queued', 'running')) AS waiting`);
  const { mean, hour, workers, waiting } = row;
  const hoursLeft = waiting === 0 ? 0 : mean === null ? null : (waiting * mean) / Math.max(1, workers) / 3600;
  return { secondsMean: mean, perHour: hour, workers, waiting, hoursLeft };
}
