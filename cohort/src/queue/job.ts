/** Jobs, and the lease that a worker has on one. */

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

/** @throws LeaseLost unless a row was changed */
export function held(rows: readonly unknown[]): void {
  if (rows.length === 0) throw new LeaseLost('Another worker has this job, or it was cancelled.');
}
