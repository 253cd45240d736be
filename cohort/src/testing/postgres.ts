/** A PostgreSQL server of its own for tests: a new cluster in a temporary folder, on a free port of 127.0.0.1. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';

const VERSIONS = '/usr/lib/postgresql';

/** Folder of initdb and postgres; undefined where PostgreSQL is not installed. */
export function postgresFolder(): string | undefined {
  const folders = existsSync(VERSIONS) ? readdirSync(VERSIONS).map(version => join(VERSIONS, version, 'bin')) : [];
  return folders.filter(folder => existsSync(join(folder, 'initdb'))).at(-1);
}

function install(): string {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error('These tests need PostgreSQL: sudo apt-get install postgresql (Debian or Ubuntu).');
  }
  process.stdout.write('No PostgreSQL found: installing the Debian package.\n');
  // RUNLEVEL=1 keeps it from starting as a service.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'], { stdio: 'inherit', env });
  const folder = postgresFolder();
  if (!folder) throw new Error('PostgreSQL was installed, but there is no initdb below /usr/lib/postgresql.');
  return folder;
}

export interface TestPostgres {
  readonly url: string;
  /** A new, empty database. */
  database(name: string): Promise<string>;
  /** Stops at once, as when the machine loses power, and starts again. */
  restart(downMs: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<TestPostgres> {
  const binaries = postgresFolder() ?? install();
  const folder = mkdtempSync(join(tmpdir(), 'cohort-postgres-'));
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  // PostgreSQL refuses to run as root; Debian's package brings the user postgres.
  const as =
    process.getuid?.() === 0 ? ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'] : [];
  const [command, ...rest] = [
    ...as,
    join(binaries, 'initdb'),
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '--no-sync',
  ];
  execFileSync(command, rest, { cwd: folder, stdio: 'pipe' });
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;
  const start = async () => {
    const options = [
      '-D',
      data,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `unix_socket_directories=${folder}`,
    ];
    const [program, ...args] = [...as, join(binaries, 'postgres'), ...options];
    server = spawn(program, args, { cwd: folder, stdio: 'ignore' });
    await answering(url);
  };
  const end = async (signal: NodeJS.Signals) => {
    const running = server;
    server = undefined;
    if (!running || running.exitCode !== null) return;
    const exited = new Promise(resolve => running.once('exit', resolve));
    running.kill(signal);
    await exited;
  };
  await start();
  return {
    url,
    database: async name => {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return url.replace(/postgres$/, name);
    },
    restart: async downMs => {
      await end('SIGQUIT');
      await wait(downMs);
      await start();
    },
    stop: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Recovery after a crash takes a busy machine most of a minute. */
const ANSWERS_WITHIN_MS = 100_000;

async function answering(url: string): Promise<void> {
  const deadline = Date.now() + ANSWERS_WITHIN_MS;
  for (;;) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await wait(200);
    }
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
