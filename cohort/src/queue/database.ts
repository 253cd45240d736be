/** The database behind the queue: PostgreSQL, or PGlite (PostgreSQL inside this process) where none is given. */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { InputError } from '@spine/core';
import { type ClientBase, Pool, type PoolConfig } from 'pg';

export interface Database {
  readonly kind: 'embedded' | 'postgres';
  /** One statement with parameters, or several without. The rows of the last one. */
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** How long statements are tried again while the server is away (a restart, a failover), in milliseconds. */
const OUTAGE_MS = 120_000;
const RETRY_MS = 500;

/** SQLSTATEs and socket errors of a server that is away, and deadlocks: the statement was not executed or was rolled back. */
const AWAY = /^(08|57P0|40P01|40001)|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;
const AWAY_TEXT = /terminated|timeout|Connection ended|not queryable/i;

/**
 * @param url postgres://user:password@host/database, or a folder for the embedded database
 * @throws InputError 'queue-unreachable', 'queue-locked'
 */
export async function openDatabase(url: string): Promise<Database> {
  return /^postgres(ql)?:\/\//.test(url) ? openPostgres(url) : openEmbedded(url);
}

/** SQL for the beginning of a statement whose outcome must survive a crash of the server; of no use to anything else in it. */
export const DURABLE = `WITH durable AS MATERIALIZED (SELECT set_config('synchronous_commit', 'on', true) AS set)`;

async function openPostgres(url: string): Promise<Database> {
  const settings: PoolConfig & { readonly onConnect: (client: ClientBase) => Promise<unknown> } = {
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: 10_000,
    application_name: 'spine-cohort',
    // Takes, renewals and ends need not be on the disk at once: of what a crash of the server loses, less than a second, jobs are sent
    // and given out again. What must be there says so, see DURABLE.
    onConnect: client => client.query('SET synchronous_commit = off'),
  };
  const pool = new Pool(settings);
  // An idle connection that breaks is replaced at the next statement; without a listener it would end the process.
  pool.on('error', () => undefined);
  const run = async (text: string, values?: readonly unknown[]) => {
    const result = (await pool.query(text, values && values.length > 0 ? [...values] : undefined)) as unknown;
    const last = Array.isArray(result) ? result.at(-1) : result;
    return (last as { rows?: unknown[] }).rows ?? [];
  };
  try {
    await run('SELECT 1');
  } catch (error) {
    await pool.end();
    throw new InputError('queue-unreachable', { url: withoutPassword(url), reason: messageOf(error) });
  }
  return {
    kind: 'postgres',
    query: async <Row>(text: string, values?: readonly unknown[]) =>
      (await throughOutages(() => run(text, values))) as Row[],
    close: () => pool.end(),
  };
}

async function throughOutages<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + OUTAGE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || Date.now() > deadline) throw error;
      await wait(RETRY_MS);
    }
  }
}

/** Whether the error says that the database is away for the moment, not that the statement is wrong. */
export function isAway(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return (typeof code === 'string' && AWAY.test(code)) || AWAY_TEXT.test(messageOf(error));
}

async function openEmbedded(folder: string): Promise<Database> {
  mkdirSync(folder, { recursive: true });
  const unlock = lock(join(folder, 'cohort.lock'));
  const database = await PGlite.create(join(folder, 'queue'));
  return {
    kind: 'embedded',
    query: async <Row>(text: string, values?: readonly unknown[]) => {
      if (values && values.length > 0) return (await database.query<Row>(text, [...values])).rows;
      return ((await database.exec(text)).at(-1)?.rows ?? []) as Row[];
    },
    close: async () => {
      await database.close();
      unlock();
    },
  };
}

/** Two processes on one embedded database would damage it. A lock whose process is gone is taken over. */
function lock(file: string): () => void {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = openSync(file, 'wx');
      writeSync(handle, String(process.pid));
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number(readFileSync(file, 'utf8'));
      if (isRunning(owner)) {
        throw new InputError('queue-in-use', { file, process: owner });
      }
      rmSync(file, { force: true });
    }
  }
  throw new InputError('queue-locked', { file });
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function withoutPassword(url: string): string {
  return url.replace(/(\/\/[^:/@]*):[^@]*@/, '$1:***@');
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
