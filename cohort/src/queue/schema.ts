/** Tables beside pg-boss's own: what is known of each series, whose work it is, and what a killed worker had finished. */
import type { Database } from './database';

export const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS cohort;
CREATE TABLE IF NOT EXISTS cohort.series (
  key text PRIMARY KEY,
  job uuid NOT NULL UNIQUE,
  study text NOT NULL,
  series text NOT NULL,
  masks jsonb NOT NULL DEFAULT '[]',
  options jsonb NOT NULL DEFAULT '[]',
  state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'passed-over', 'failed', 'cancelled')),
  code text,
  reason text,
  lease uuid,
  worker text,
  seen_at timestamptz,
  vertebra text,
  vertebrae_done integer NOT NULL DEFAULT 0,
  vertebrae_planned integer NOT NULL DEFAULT 0,
  summary jsonb,
  seconds double precision,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  ended_at timestamptz
);
CREATE INDEX IF NOT EXISTS series_state ON cohort.series (state);
CREATE INDEX IF NOT EXISTS series_study ON cohort.series (study);
CREATE TABLE IF NOT EXISTS cohort.vertebra (
  key text NOT NULL REFERENCES cohort.series ON DELETE CASCADE,
  label integer NOT NULL,
  analysis bytea NOT NULL,
  PRIMARY KEY (key, label)
);
CREATE TABLE IF NOT EXISTS cohort.output (
  key text NOT NULL REFERENCES cohort.series ON DELETE CASCADE,
  name text NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (key, name)
);
CREATE TABLE IF NOT EXISTS cohort.passed_over (
  study text NOT NULL,
  series text NOT NULL,
  code text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (study, series)
);
-- In the order in which pg-boss hands out jobs: without it every take sorts all that wait. Asked for before it is made, as making it
-- waits for whoever writes.
DO $$ BEGIN
  IF to_regclass('pgboss.cohort_next') IS NULL THEN
    CREATE INDEX cohort_next ON pgboss.job (priority DESC, created_on, id) WHERE state < 'active';
  END IF;
END $$;`;

/** Arbitrary: PostgreSQL's advisory lock that lets one process at a time create the tables. */
const SETUP_LOCK = 7_340_231;

export async function createTables(database: Database): Promise<void> {
  await database.query(`BEGIN; SELECT pg_advisory_xact_lock(${SETUP_LOCK}); ${SCHEMA} COMMIT;`);
}
