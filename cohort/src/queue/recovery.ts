/** Brings jobs back that nobody works on: their worker went silent, failed, or ended between two statements. */
import type PgBoss from 'pg-boss';
import type { Database } from './database';
import { DEAD_LETTERS, type JobData, type Lease, PRIORITY, type Priority, QUEUE } from './job';

export class Recovery {
  /** When this process last looked for workers that have gone silent. */
  private looked = 0;

  constructor(
    private readonly database: Database,
    private readonly boss: PgBoss,
    private readonly leaseSeconds: number
  ) {}

  async send(id: string, data: JobData, priority: Priority): Promise<void> {
    await this.boss.insert([{ id, name: QUEUE, data, priority: PRIORITY[priority], deadLetter: DEAD_LETTERS }]);
  }

  /** Sends jobs that were noted but not sent, because the process ended in between or a crash of the database took it. */
  async reconcile(): Promise<void> {
    const rows = await this.database.query<JobData & { job: string }>(
      `SELECT s.key, s.study, s.series, s.masks, s.options, s.job FROM cohort.series s
       WHERE s.state IN ('queued', 'running') AND NOT EXISTS (SELECT 1 FROM pgboss.job j WHERE j.name = $1 AND j.id = s.job)`,
      [QUEUE]
    );
    for (const { job, ...data } of rows) await this.send(job, data, 'backlog');
  }

  /** Gives the job back after a fault that may pass; after the last try it is a dead letter with its reason. */
  async giveBack({ key, job, lease }: Lease, code: string, reason: string): Promise<'retry' | 'dead'> {
    return (await this.fail({ key, job, lease }, code, reason)) ?? 'retry';
  }

  private async fail({ key, job, lease }: Pick<Lease, 'key' | 'job' | 'lease'>, code: string, reason: string) {
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

  /** Looks for silent workers if nobody in this process has for a while. */
  async releaseLostNow(): Promise<void> {
    if (Date.now() - this.looked > (this.leaseSeconds * 1000) / 4) await this.releaseLost();
  }

  /** Takes jobs away from workers that have gone silent, and brings back what was lost. */
  async releaseLost(): Promise<number> {
    this.looked = Date.now();
    const rows = await this.database.query<{ key: string; job: string; lease: string; worker: string }>(
      `SELECT key, job, lease, worker FROM cohort.series
       WHERE state = 'running' AND seen_at < now() - make_interval(secs => $1)`,
      [this.leaseSeconds]
    );
    for (const { key, job, lease, worker } of rows) {
      await this.fail({ key, job, lease }, 'worker-lost', `Worker ${worker} went silent while it had this job.`);
    }
    await this.releaseHalfTaken();
    await this.reconcile();
    return rows.length;
  }

  /** A worker that was killed between two statements leaves pg-boss's job active without a lease, or after its end. */
  private async releaseHalfTaken(): Promise<void> {
    const rows = await this.database.query<{ job: string; state: string }>(
      `SELECT s.job, s.state FROM cohort.series s JOIN pgboss.job j ON j.id = s.job AND j.name = $2
       WHERE j.state = 'active' AND s.state <> 'running' AND j.started_on < now() - make_interval(secs => $1)`,
      [this.leaseSeconds, QUEUE]
    );
    for (const { job, state } of rows) {
      if (state === 'queued') await this.boss.fail(QUEUE, job, { code: 'worker-lost' });
      else await this.boss.complete(QUEUE, job);
    }
  }
}
