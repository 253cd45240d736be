/**
 * The queue: pg-boss hands out jobs (SKIP LOCKED, retries with backoff, priorities, dead letters); the table
 * cohort.series is what is true of each series. A job is a series; its id follows from its key, so sending it twice is
 * sending it once.
 *
 * A worker holds a lease and renews it. A lease that was not renewed for `leaseSeconds` is taken away: the job is
 * given out again, and whatever the old worker still tries is refused, because it no longer holds the lease.
 */
import { randomUUID } from 'node:crypto';
import PgBoss from 'pg-boss';
import { type Database, DURABLE } from './database';
import { DEAD_LETTERS, held, type JobData, type Lease, PRIORITY, type Priority, QUEUE, type QueueOptions } from './job';
import { jobUuid } from './key';
import { JobParts, PARTS_OF_ENDED } from './parts';
import { Recovery } from './recovery';
import { createTables } from './schema';

export class CohortQueue {
  readonly parts: JobParts;
  readonly recovery: Recovery;

  private constructor(
    readonly database: Database,
    private readonly boss: PgBoss,
    /** A worker that is silent for longer has lost its job. */
    readonly leaseSeconds: number
  ) {
    this.parts = new JobParts(database, lease => this.renew(lease));
    this.recovery = new Recovery(database, boss, leaseSeconds);
  }

  static async open(database: Database, options: QueueOptions = {}): Promise<CohortQueue> {
    const { leaseSeconds = 60, retries = 5, retryDelaySeconds = 5, onError = () => undefined } = options;
    const executeSql = async (text: string, values: unknown[]) => ({ rows: await database.query(text, values) });
    const boss = new PgBoss({ db: { executeSql }, schedule: false, supervise: false });
    boss.on('error', onError);
    await boss.start();
    await createTables(database);
    await boss.createQueue(DEAD_LETTERS, { name: DEAD_LETTERS, policy: 'standard', retryLimit: 0 });
    const rules = {
      name: QUEUE,
      policy: 'standard' as const,
      deadLetter: DEAD_LETTERS,
      retryLimit: retries,
      retryDelay: retryDelaySeconds,
      retryBackoff: retryDelaySeconds > 0,
      // Leases end lost jobs long before; this is pg-boss's own limit for one whole study.
      expireInHours: 23,
    };
    await boss.createQueue(QUEUE, rules);
    await boss.updateQueue(QUEUE, rules);
    return new CohortQueue(database, boss, leaseSeconds);
  }

  /** @returns whether the job is new; one that is queued, running or done already stays what it is */
  async add({ key, study, series, masks, options }: JobData, priority: Priority = 'backlog'): Promise<boolean> {
    const job = jobUuid(key);
    const added = await this.database.query(
      `${DURABLE} INSERT INTO cohort.series (key, job, study, series, masks, options, state)
       SELECT $1, $2::uuid, $3, $4, $5::jsonb, $6::jsonb, 'queued' FROM durable WHERE set = 'on'
       ON CONFLICT (key) DO NOTHING RETURNING key`,
      [key, job, study, series, JSON.stringify(masks), JSON.stringify(options)]
    );
    await this.recovery.send(job, { key, study, series, masks, options }, priority);
    return added.length > 0;
  }

  /** Brings waiting jobs of a study to the front, as when somebody opens it. @returns how many were waiting */
  async hurry(study: string, priority: Priority = 'opened'): Promise<number> {
    const rows = await this.database.query(
      `UPDATE pgboss.job j SET priority = GREATEST(j.priority, $2) FROM cohort.series s
       WHERE s.study = $1 AND j.id = s.job AND j.name = $3 AND j.state IN ('created', 'retry') RETURNING j.id`,
      [study, PRIORITY[priority], QUEUE]
    );
    return rows.length;
  }

  /** The next job with a fresh lease on it; undefined when none is waiting. */
  async take(worker: string): Promise<Lease | undefined> {
    await this.recovery.releaseLostNow();
    const [job] = await this.boss.fetch<JobData>(QUEUE, { includeMetadata: true });
    if (!job) return undefined;
    const lease = randomUUID();
    const taken = await this.database.query(
      `UPDATE cohort.series SET state = 'running', lease = $2, worker = $3, seen_at = now(),
         started_at = COALESCE(started_at, now()), code = NULL, reason = NULL
       WHERE key = $1 AND state IN ('queued', 'running') RETURNING key`,
      [job.data.key, lease, worker]
    );
    if (taken.length === 0) {
      await this.boss.complete(QUEUE, job.id);
      return this.take(worker);
    }
    return { ...job.data, job: job.id, lease, attempt: job.retryCount };
  }

  /** Renews the lease and notes how far the job is. @throws LeaseLost */
  async renew(lease: Lease, at?: { vertebra?: string; done: number; planned: number }): Promise<void> {
    const rows = await this.database.query(
      `UPDATE cohort.series SET seen_at = now(), vertebra = COALESCE($3, vertebra),
         vertebrae_done = COALESCE($4, vertebrae_done), vertebrae_planned = COALESCE($5, vertebrae_planned)
       WHERE key = $1 AND lease = $2 AND state = 'running' RETURNING key`,
      [lease.key, lease.lease, at?.vertebra ?? null, at?.done ?? null, at?.planned ?? null]
    );
    held(rows);
  }

  /** Ends a job for good. @throws LeaseLost */
  async finish(
    lease: Lease,
    state: 'done' | 'passed-over' | 'failed',
    about: { code?: string; reason?: string; summary?: unknown; seconds?: number } = {}
  ): Promise<void> {
    const rows = await this.database.query(
      `WITH ended AS (
         UPDATE cohort.series SET state = $3, code = $4, reason = $5, summary = $6, seconds = $7, lease = NULL,
           vertebra = NULL, ended_at = now()
         WHERE key = $1 AND lease = $2 AND state = 'running' RETURNING key
       ), ${PARTS_OF_ENDED} SELECT key FROM ended`,
      [
        ...[lease.key, lease.lease, state, about.code ?? null, about.reason ?? null],
        ...[about.summary === undefined ? null : JSON.stringify(about.summary), about.seconds ?? null],
      ]
    );
    held(rows);
    if (state === 'failed') {
      await this.boss.insert([
        { name: DEAD_LETTERS, data: { key: lease.key, code: about.code, reason: about.reason } },
      ]);
    }
    await this.boss.complete(QUEUE, lease.job);
  }

  /** Puts failed jobs (or one of them) back into the queue. @returns how many */
  async retry(key?: string): Promise<number> {
    const rows = await this.database.query<JobData & { job: string }>(
      `${DURABLE} UPDATE cohort.series SET state = 'queued', code = NULL, reason = NULL, ended_at = NULL
       FROM durable WHERE set = 'on' AND state IN ('failed', 'cancelled') AND ($1::text IS NULL OR key = $1) RETURNING key, study, series, masks, options, job`,
      [key ?? null]
    );
    for (const { job, ...data } of rows) {
      await this.boss.deleteJob(QUEUE, job);
      await this.recovery.send(job, data, 'backlog');
    }
    return rows.length;
  }

  /** Cancels what is queued or running (all, or one). A running worker notices when it renews its lease. */
  async cancel(key?: string): Promise<number> {
    const rows = await this.database.query<{ job: string }>(
      `${DURABLE} UPDATE cohort.series SET state = 'cancelled', lease = NULL, ended_at = now()
       FROM durable WHERE set = 'on' AND state IN ('queued', 'running') AND ($1::text IS NULL OR key = $1) RETURNING job`,
      [key ?? null]
    );
    if (rows.length > 0)
      await this.boss.cancel(
        QUEUE,
        rows.map(({ job }) => job)
      );
    return rows.length;
  }

  /** How many jobs wait or run. */
  async pending(): Promise<number> {
    const [{ count }] = await this.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM cohort.series WHERE state IN ('queued', 'running')`
    );
    return count;
  }

  async notePassedOver(study: string, series: string, code: string, reason: string): Promise<void> {
    await this.database.query(
      `INSERT INTO cohort.passed_over (study, series, code, reason) VALUES ($1, $2, $3, $4)
       ON CONFLICT (study, series) DO UPDATE SET code = $3, reason = $4`,
      [study, series, code, reason]
    );
  }

  async close(): Promise<void> {
    await this.boss.stop({ graceful: false, close: false, wait: false });
    await this.database.close();
  }
}
