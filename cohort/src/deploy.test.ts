/**
 * The files in deploy/: their commands are handed to a real shell and read by the program's own options, secrets and volumes that
 * they name are there, the scaler's question is put to the real tables, compose.yaml is valid, and systemd is asked where it is
 * installed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { composeProblems } from '../../test/support/compose';
import { skipLine } from '../../test/support/shared';
import { type CohortOptions, cohortOptions } from './options';
import { openDatabase } from './queue/database';
import { CohortQueue } from './queue/queue';
import { startPostgres } from './testing/postgres';

const DEPLOY = join(__dirname, '../deploy');
const read = (name: string) => readFileSync(join(DEPLOY, name), 'utf8');
const SECRETS = ['authorization', 'archive_authorization', 'token', 'page_token', 'queue_password'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cohort-deploy-'));
  mkdirSync(join(folder, 'bin'));
  for (const name of SECRETS) writeFileSync(join(folder, name), `the-${name}\n`);
  // Tells what it was called with.
  const told = `process.stdout.write(JSON.stringify(process.argv.slice(1)))`;
  writeFileSync(join(folder, 'bin/npm'), `#!/bin/sh\nexec "${process.execPath}" -e '${told}' -- "$@"\n`);
  chmodSync(join(folder, 'bin/npm'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the program makes of a command of these files. */
function optionsOf(command: string, env: Record<string, string> = {}): CohortOptions & { readonly script: string } {
  const here = command
    .replace(/\/run\/secrets|\/secrets\b|\/etc\/spine-cohort/g, folder)
    .replace('/usr/bin/npm', 'npm');
  const said = execFileSync('sh', ['-c', here], {
    env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, ...env },
    encoding: 'utf8',
  });
  const [run, silent, script, dashes, ...argv] = JSON.parse(said) as string[];
  expect([run, silent, dashes]).toEqual(['run', '-s', '--']);
  return { script, ...cohortOptions(argv, folder) };
}

interface Service {
  readonly command?: string;
  readonly environment?: Record<string, string>;
  readonly secrets?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly depends_on?: Record<string, unknown>;
}

describe('compose.yaml', () => {
  const ARCHIVE = 'http://archive.example/dicom web'; // quoted all the way

  test('planner and worker are the program with options it takes; secrets, images and services that are named are there', () => {
    const [{ services, secrets }] = loadAll(read('compose.yaml')) as [
      { services: Record<string, Service>; secrets: Record<string, { file: string }> },
    ];
    for (const [name, { command, secrets: own = [], build, depends_on: after = {} }] of Object.entries(services)) {
      expect([name, own.filter(secret => !(secret in secrets))]).toEqual([name, []]);
      expect(Object.keys(after).every(other => other in services)).toBe(true);
      if (!command || !build) continue;
      expect(existsSync(join(DEPLOY, build.context, build.dockerfile))).toBe(true);
      const used = [...command.matchAll(/\/run\/secrets\/(\w+)/g)].map(([, secret]) => secret);
      expect([name, [...used].sort()]).toEqual([name, [...own].sort()]);
      // Compose turns $$ into $ and fills in everything else.
      const filled = command.replace(/(?<!\$)\$\{?ARCHIVE[^ ]*/g, ARCHIVE).replaceAll('$$', '$');
      const options = optionsOf(filled, { ARCHIVE });
      expect(options).toMatchObject({
        script: name === 'planner' ? 'cohort' : 'cohort:worker',
        source: { dicomweb: ARCHIVE },
        queue: 'postgres://postgres:the-queue_password@queue/cohort',
        authorization: 'the-archive_authorization',
        ...(name === 'planner' ? { workers: 0, watch: true, token: 'the-page_token' } : { threads: 2 }),
      });
    }
    expect(Object.keys(services)).toEqual(['queue', 'planner', 'worker']);
  });

  test('Compose takes it', () => {
    expect(composeProblems(join(DEPLOY, 'compose.yaml'), { ...process.env, ARCHIVE })).toEqual([]);
  });
});

describe('kubernetes.yaml', () => {
  interface Manifest {
    readonly kind: string;
    readonly metadata: { readonly name: string };
    readonly spec: Record<string, unknown>;
  }
  const [deployment, authentication, scaled] = loadAll(read('kubernetes.yaml')) as Manifest[];

  test('the worker is the program with options it takes; names that refer to one another agree', () => {
    const { template, selector } = deployment.spec as {
      selector: { matchLabels: object };
      template: {
        metadata: { labels: object };
        spec: {
          containers: readonly {
            command: string[];
            args: string[];
            volumeMounts: { name: string }[];
            env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
          }[];
          volumes: { name: string; secret: { secretName: string } }[];
        };
      };
    };
    const [{ command, args, env, volumeMounts }] = template.spec.containers;
    expect(command).toEqual(['sh', '-c']);
    const queue = 'postgres://user:password@host/cohort';
    const values = Object.fromEntries(env.map(({ name, value }) => [name, value ?? queue]));
    expect(optionsOf(args.join(' '), values)).toMatchObject({
      script: 'cohort:worker',
      queue,
      threads: 2,
      memoryMegabytes: 4096,
      authorization: 'the-authorization',
    });
    expect(template.metadata.labels).toEqual(selector.matchLabels);
    expect(volumeMounts.map(({ name }) => name)).toEqual(template.spec.volumes.map(({ name }) => name));
    const secret = template.spec.volumes[0].secret.secretName;
    expect(env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef.name ?? [])).toEqual([secret]);
    expect(authentication.spec).toEqual({
      secretTargetRef: [{ parameter: 'connection', name: secret, key: 'queue' }],
    });
    expect(scaled.spec).toMatchObject({
      scaleTargetRef: { name: deployment.metadata.name },
      triggers: [{ authenticationRef: { name: authentication.metadata.name } }],
    });
  });

  test('the scaler counts what waits and runs', async () => {
    const [{ metadata }] = scaled.spec.triggers as { metadata: { query: string; targetQueryValue: string } }[];
    const postgres = await startPostgres();
    try {
      const queue = await CohortQueue.open(await openDatabase(await postgres.database('cohort')));
      const job = (n: number) => ({ key: `${n}`.repeat(64), study: '1.2', series: `1.2.${n}`, masks: [], options: [] });
      for (const n of [1, 2, 3]) await queue.add(job(n));
      const lease = (await queue.take('worker'))!;
      await queue.finish(lease, 'done');
      await queue.take('worker');
      expect(await queue.database.query(metadata.query)).toEqual([{ count: expect.anything() }]);
      const [{ count }] = await queue.database.query<{ count: string }>(metadata.query);
      expect(Number(count)).toBe(2);
      await queue.close();
    } finally {
      await postgres.stop();
    }
  });
});

describe('spine-cohort.service', () => {
  const unit = read('spine-cohort.service');
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? '';

  test('starts the program with options it takes, and keeps its state where it may write', () => {
    const options = optionsOf(value('ExecStart'));
    expect(options).toMatchObject({
      script: 'cohort',
      watch: true,
      authorization: 'the-authorization',
      token: 'the-token',
    });
    expect(options.queue).toBe(`/var/lib/${value('StateDirectory')}`);
  });

  test('systemd itself takes it', () => {
    const file = join(folder, 'spine-cohort.service');
    copyFileSync(join(DEPLOY, 'spine-cohort.service'), file);
    const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    if (verified.error) return skipLine('the check of spine-cohort.service', 'systemd-analyze is not installed');
    expect([verified.status, verified.stderr]).toEqual([0, '']);
  });
});
