/** What a worker finished of a job, kept until the job is done: another goes on from there. */
import { type Database, DURABLE } from './database';
import type { Lease } from './job';

/**
 * SQL that forgets the parts of the jobs in the expression `ended` unless they failed ($3 is their state): a failed one goes on
 * from them when it is put back into the queue.
 */
export const PARTS_OF_ENDED = `vertebrae AS (
  DELETE FROM cohort.vertebra WHERE key IN (SELECT key FROM ended) AND $3 <> 'failed'
), outputs AS (DELETE FROM cohort.output WHERE key IN (SELECT key FROM ended) AND $3 <> 'failed')`;

export class JobParts {
  /** @param renew throws LeaseLost for a worker that has lost the job: it may keep nothing any more */
  constructor(
    private readonly database: Database,
    private readonly renew: (lease: Lease) => Promise<void>
  ) {}

  async vertebrae(key: string): Promise<{ label: number; analysis: Uint8Array }[]> {
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
        `${DURABLE} INSERT INTO cohort.output (key, name, bytes) SELECT $1, $2, $3::bytea FROM durable WHERE set = 'on'
         ON CONFLICT (key, name) DO NOTHING`,
        [lease.key, name, bytes]
      );
    }
  }

  async outputs(key: string): Promise<{ name: string; bytes: Uint8Array }[]> {
    return this.database.query(`SELECT name, bytes FROM cohort.output WHERE key = $1 ORDER BY name`, [key]);
  }
}
