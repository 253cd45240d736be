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
import { type Database, messageOf } from './database';
import { createTables } from './schema';
import { jobUuid } from './key';

export const QUEUE = 'analyse';
export const DEAD_LETTERS = 'analyse-dead';

/** Larger comes first. */
export const PRIORITY = { backlog: 0, prior: 10, arrived: 20, opened: 100 } as const;
export type Priority = keyof typeof PRIORITY;

export interface QueueOptions {
  /** A worker that is silent for longer has lost its job. */
  readonly leaseSeconds?: number;
  /** Tries after the first, for faults that may pass (archive away, process killed). */
  readonly retries?: number;
  /** Before the first retry; doubled each time. */
  readonly retryDelaySeconds?: number;
  readonly onError?: (error: unknown) => void;
}

/** What a job carries; the rest is in cohort.series. */
export interface JobData {
  readonly key: string;
  readonly study: string;
  readonly series: string;
  /** SEG series of the study that may hold vertebra masks; the first that does is used instead of searching the CT. */
  readonly masks: readonly string[];
  /** Arguments of `npm run analyse` that are part of the key: whoever computes uses these, not its own. */
  readonly options: readonly string[];
}

export interface Lease extends JobData {
  readonly job: string;
  readonly lease: string;
  /** Tries before this one. */
  readonly attempt: number;
}

export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export class CohortQueue {
  /** When this process last looked for workers that have gone silent. */
  private lookedForLost = 0;

  private constructor(
    readonly database: Database,
    private readonly boss: PgBoss,
    private readonly options: Required<Omit<QueueOptions, 'onError'>>
  ) {}

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
    return new CohortQueue(database, boss, { leaseSeconds, retries, retryDelaySeconds });
  }

  /** @returns whether the job is new; one that is queued, running or done already stays what it is */
  async add({ key, study, series, masks, options }: JobData, priority: Priority = 'backlog'): Promise<boolean> {
    const job = jobUuid(key);
    const added = await this.database.query(
      `INSERT INTO cohort.series (key, job, study, series, masks, options, state) VALUES ($1, $2, $3, $4, $5, $6, 'queued')
       ON CONFLICT (key) DO NOTHING RETURNING key`,
      [key, job, study, series, JSON.stringify(masks), JSON.stringify(options)]
    );
    await this.send(job, { key, study, series, masks, options }, priority);
    return added.length > 0;
  }

  /** Sends jobs that were noted but not sent, because the process ended in between. */
  async reconcile(): Promise<void> {
    const rows = await this.database.query<JobData & { job: string }>(
      `SELECT s.key, s.study, s.series, s.masks, s.options, s.job FROM cohort.series s
       WHERE s.state IN ('queued', 'running') AND NOT EXISTS (SELECT 1 FROM pgboss.job j WHERE j.name = $1 AND j.id = s.job)`,
      [QUEUE]
    );
    for (const { job, ...data } of rows) await this.send(job, data, 'backlog');
  }

  private async send(id: string, data: JobData, priority: Priority): Promise<void> {
    await this.boss.insert([{ id, name: QUEUE, data, priority: PRIORITY[priority], deadLetter: DEAD_LETTERS }]);
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
    if (Date.now() - this.lookedForLost > (this.options.leaseSeconds * 1000) / 4) await this.releaseLost();
    const [job] = await this.boss.fetch<JobData>(QUEUE, { includeMetadata: true });
    if (!job) return undefined;
    const lease = randomUUID();
    const held = await this.database.query(
      `UPDATE cohort.series SET state = 'running', lease = $2, worker = $3, seen_at = now(),
         started_at = COALESCE(started_at, now()), code = NULL, reason = NULL
       WHERE key = $1 AND state IN ('queued', 'running') RETURNING key`,
      [job.data.key, lease, worker]
    );
    if (held.length === 0) {
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
    if (rows.length === 0) throw new LeaseLost('Another worker has this job, or it was cancelled.');
  }

  /** Ends a job for good. @throws LeaseLost */
  async finish(
    lease: Lease,
    state: 'done' | 'passed-over' | 'failed',
    about: { code?: string; reason?: string; summary?: unknown; seconds?: number } = {}
  ): Promise<void> {
    const rows = await this.database.query(
      `UPDATE cohort.series SET state = $3, code = $4, reason = $5, summary = $6, seconds = $7, lease = NULL,
         vertebra = NULL, ended_at = now()
       WHERE key = $1 AND lease = $2 AND state = 'running' RETURNING key`,
      [
        ...[lease.key, lease.lease, state, about.code ?? null, about.reason ?? null],
        ...[about.summary === undefined ? null : JSON.stringify(about.summary), about.seconds ?? null],
      ]
    );
    if (rows.length === 0) throw new LeaseLost('Another worker has this job, or it was cancelled.');
    if (state === 'failed') {
      await this.boss.insert([
        { name: DEAD_LETTERS, data: { key: lease.key, code: about.code, reason: about.reason } },
      ]);
    }
    await this.boss.complete(QUEUE, lease.job);
    if (state === 'done' || state === 'passed-over') await this.forgetParts(lease.key);
  }

  /** Gives the job back after a fault that may pass; after the last try it is a dead letter with its reason. */
  async giveBack(lease: Lease, code: string, reason: string): Promise<'retry' | 'dead'> {
    return (await this.fail(lease.key, lease.job, lease.lease, code, reason)) ?? 'retry';
  }

  private async fail(key: string, job: string, lease: string, code: string, reason: string) {
    const rows = await this.database.query(
      `UPDATE cohort.series SET state = 'queued', lease = NULL, code = $3, reason = $4 WHERE key = $1 AND lease = $2
         AND state = 'running' RETURNING key`,
      [key, lease, code, reason]
    );
    if (rows.length === 0) return undefined;
    await this.boss.fail(QUEUE, job, { code, reason });
    const after = await this.boss.getJobById(QUEUE, job);
    if (after?.state !== 'failed') return 'retry';
    await this.database.query(`UPDATE cohort.series SET state = 'failed', ended_at = now() WHERE key = $1`, [key]);
    return 'dead';
  }

  /** Takes jobs away from workers that have gone silent. */
  async releaseLost(): Promise<number> {
    this.lookedForLost = Date.now();
    const rows = await this.database.query<{ key: string; job: string; lease: string; worker: string }>(
      `SELECT key, job, lease, worker FROM cohort.series
       WHERE state = 'running' AND seen_at < now() - make_interval(secs => $1)`,
      [this.options.leaseSeconds]
    );
    for (const { key, job, lease, worker } of rows) {
      await this.fail(key, job, lease, 'worker-lost', `Worker ${worker} went silent while it had this job.`);
    }
    await this.releaseHalfTaken();
    return rows.length;
  }

  /** A worker that was killed between two statements leaves pg-boss's job active without a lease, or after its end. */
  private async releaseHalfTaken(): Promise<void> {
    const rows = await this.database.query<{ job: string; state: string }>(
      `SELECT s.job, s.state FROM cohort.series s JOIN pgboss.job j ON j.id = s.job AND j.name = $2
       WHERE j.state = 'active' AND s.state <> 'running' AND j.started_on < now() - make_interval(secs => $1)`,
      [this.options.leaseSeconds, QUEUE]
    );
    for (const { job, state } of rows) {
      if (state === 'queued') await this.boss.fail(QUEUE, job, { code: 'worker-lost' });
      else await this.boss.complete(QUEUE, job);
    }
  }

  /** Puts failed jobs (or one of them) back into the queue. @returns how many */
  async retry(key?: string): Promise<number> {
    const rows = await this.database.query<JobData & { job: string }>(
      `UPDATE cohort.series SET state = 'queued', code = NULL, reason = NULL, ended_at = NULL
       WHERE state IN ('failed', 'cancelled') AND ($1::text IS NULL OR key = $1) RETURNING key, study, series, masks, options, job`,
      [key ?? null]
    );
    for (const { job, ...data } of rows) {
      await this.boss.deleteJob(QUEUE, job);
      await this.send(job, data, 'backlog');
    }
    return rows.length;
  }

  /** Cancels what is queued or running (all, or one). A running worker notices when it renews its lease. */
  async cancel(key?: string): Promise<number> {
    const rows = await this.database.query<{ job: string }>(
      `UPDATE cohort.series SET state = 'cancelled', lease = NULL, ended_at = now()
       WHERE state IN ('queued', 'running') AND ($1::text IS NULL OR key = $1) RETURNING job`,
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

  // What a worker finished of a job, kept until the job is done.

  async finishedVertebrae(key: string): Promise<{ label: number; analysis: Uint8Array }[]> {
    return this.database.query(`SELECT label, analysis FROM cohort.vertebra WHERE key = $1 ORDER BY label`, [key]);
  }

  async keepVertebra(lease: Lease, label: number, analysis: Uint8Array): Promise<void> {
    await this.renew(lease);
    await this.database.query(
      `INSERT INTO cohort.vertebra (key, label, analysis) VALUES ($1, $2, $3) ON CONFLICT (key, label) DO NOTHING`,
      [lease.key, label, analysis]
    );
  }

  /** Outputs are kept before they are stored, so that a second try stores the same bytes. */
  async keepOutputs(lease: Lease, outputs: readonly { name: string; bytes: Uint8Array }[]): Promise<void> {
    await this.renew(lease);
    for (const { name, bytes } of outputs) {
      await this.database.query(
        `INSERT INTO cohort.output (key, name, bytes) VALUES ($1, $2, $3) ON CONFLICT (key, name) DO NOTHING`,
        [lease.key, name, bytes]
      );
    }
  }

  async outputs(key: string): Promise<{ name: string; bytes: Uint8Array }[]> {
    return this.database.query(`SELECT name, bytes FROM cohort.output WHERE key = $1 ORDER BY name`, [key]);
  }

  private async forgetParts(key: string): Promise<void> {
    await this.database.query(
      'WITH parts AS (DELETE FROM cohort.vertebra WHERE key = $1) DELETE FROM cohort.output WHERE key = $1',
      [key]
    );
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

export { messageOf };
