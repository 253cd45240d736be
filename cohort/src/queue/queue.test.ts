import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from './database';
import { jobKey, jobUuid, resultUid } from './key';
import { startPostgres, type TestPostgres } from '../testing/postgres';
import { type JobData, LeaseLost } from './job';
import { CohortQueue } from './queue';

const model = { id: 'm', version: '1', sha256: 'aa' };
const identity = { study: '1.2', series: '1.2.3', instances: ['1', '2'], model, settings: { slices: 'all' } };
const jobOf = (n: number): JobData => ({
  key: jobKey({ ...identity, series: `1.2.${n}` }),
  study: `1.2.${n % 7}`,
  series: `1.2.${n}`,
  masks: [],
  options: [],
});

let server: TestPostgres;
let database: string;
let queue: CohortQueue;
let count = 0;
const open = async () =>
  CohortQueue.open(await openDatabase(database), { leaseSeconds: 1, retries: 2, retryDelaySeconds: 0 });

beforeAll(async () => void (server = await startPostgres()));
afterAll(() => server.stop());
beforeEach(async () => {
  database = await server.database(`queue${count++}`);
  queue = await open();
});
afterEach(() => queue.close());

test('the key follows from images, model and settings, in any order', () => {
  const key = jobKey(identity);
  expect(jobKey({ ...identity, instances: ['2', '1'] })).toBe(key);
  for (const change of [
    { instances: ['1'] },
    { model: { ...model, sha256: 'bb' } },
    { settings: { slices: 'central' } },
  ]) {
    expect(jobKey({ ...identity, ...change })).not.toBe(key);
  }
  expect(jobUuid(key)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  const uid = resultUid(key, 'lesions.dcm');
  expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
  expect(resultUid(key, 'bodies.dcm')).not.toBe(uid);
});

test('a job is queued once, taken once, and done once', async () => {
  expect([await queue.add(jobOf(1)), await queue.add(jobOf(1))]).toEqual([true, false]);
  const lease = (await queue.take('a'))!;
  expect(lease).toMatchObject({ ...jobOf(1), attempt: 0 });
  expect(await queue.take('b')).toBeUndefined();
  await queue.finish(lease, 'done', { summary: { n: 1 }, seconds: 2 });
  expect(await queue.add(jobOf(1))).toBe(false);
  expect(await queue.take('b')).toBeUndefined();
  expect(await queue.pending()).toBe(0);
});

test('the next of many jobs is found by an index, not by sorting all that wait', async () => {
  const insert = `INSERT INTO pgboss.job (name, data) SELECT 'analyse', '{}' FROM generate_series(1, 2000)`;
  await queue.database.query(insert);
  await queue.database.query('ANALYZE pgboss.job');
  const plan = await queue.database.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT id FROM pgboss.job WHERE name = 'analyse' AND state < 'active' AND start_after < now()
     ORDER BY priority desc, created_on, id LIMIT 1 FOR UPDATE SKIP LOCKED`
  );
  const lines = plan.map(row => row['QUERY PLAN']).join('\n');
  expect(lines).toContain('Index Scan');
  expect(lines).not.toContain('Sort');
});

test('opened studies come first, then what arrived, then the backlog', async () => {
  await queue.add(jobOf(1));
  await queue.add(jobOf(2));
  await queue.add(jobOf(3), 'arrived');
  expect(await queue.hurry(jobOf(2).study)).toBe(1);
  const order = [await queue.take('a'), await queue.take('a'), await queue.take('a')];
  expect(order.map(lease => lease!.series)).toEqual(['1.2.2', '1.2.3', '1.2.1']);
});

test('a silent worker loses its job; the next goes on from the finished vertebrae, and the old one can store nothing', async () => {
  await queue.add(jobOf(1));
  const old = (await queue.take('old'))!;
  await queue.parts.keepVertebra(old, 21, Buffer.from('L2'));
  await wait(1500);
  const next = (await queue.take('new')) ?? (await wait(1100), await queue.take('new'));
  expect(next).toMatchObject({ key: old.key, attempt: 1 });
  const kept = await queue.parts.vertebrae(old.key);
  expect(kept.map(({ label, analysis }) => [label, Buffer.from(analysis).toString()])).toEqual([[21, 'L2']]);
  await expect(queue.renew(old)).rejects.toThrow(LeaseLost);
  await expect(queue.parts.keepOutputs(old, [])).rejects.toThrow(LeaseLost);
  await expect(queue.finish(old, 'done')).rejects.toThrow(LeaseLost);
  await queue.finish(next!, 'done');
  expect(await queue.parts.vertebrae(old.key)).toEqual([]);
});

test('what fails again and again is a dead letter with its reason, stops nothing, and can be retried', async () => {
  await queue.add(jobOf(1));
  await queue.add(jobOf(2));
  const outcomes: string[] = [];
  for (let n = 0; n < 100 && (await queue.pending()) > 0; n++) {
    const lease = await queue.take('a');
    if (!lease) await wait(50);
    else if (lease.series === '1.2.1')
      outcomes.push(await queue.recovery.giveBack(lease, 'archive-unavailable', 'away'));
    else await queue.finish(lease, 'done');
  }
  expect(outcomes).toEqual(['retry', 'retry', 'dead']);
  const rows = await queue.database.query('SELECT series, state, code, reason FROM cohort.series ORDER BY series');
  expect(rows).toEqual([
    { series: '1.2.1', state: 'failed', code: 'archive-unavailable', reason: 'away' },
    expect.objectContaining({ series: '1.2.2', state: 'done' }),
  ]);
  expect(await queue.retry()).toBe(1);
  expect(await queue.take('a')).toMatchObject({ series: '1.2.1', attempt: 0 });
});

test('a cancelled job is taken from its worker and from nobody else', async () => {
  await queue.add(jobOf(1));
  await queue.add(jobOf(2));
  const lease = (await queue.take('a'))!;
  expect(await queue.cancel(lease.key)).toBe(1);
  await expect(queue.renew(lease)).rejects.toThrow(LeaseLost);
  expect(await queue.take('a')).toMatchObject({ series: '1.2.2' });
});

test('the queue outlives its process; a job noted but not sent is sent', async () => {
  await queue.add(jobOf(1));
  await queue.add(jobOf(2));
  await queue.database.query(`DELETE FROM pgboss.job WHERE data->>'series' = '1.2.2'`);
  await queue.close();
  queue = await open();
  await queue.recovery.reconcile();
  const taken = [await queue.take('a'), await queue.take('a')].map(lease => lease?.series);
  expect(taken.sort()).toEqual(['1.2.1', '1.2.2']);
});

test('statements wait for a database that crashes; jobs that were noted and outputs that are to be stored survive', async () => {
  await queue.add(jobOf(1));
  const lease = (await queue.take('a'))!;
  await queue.parts.keepOutputs(lease, [{ name: 'lesions.dcm', bytes: Buffer.from('SEG') }]);
  await queue.add(jobOf(2));
  const [taken] = await Promise.all([wait(100).then(() => queue.take('a')), server.restart(500)]);
  // The first job's lease has run out meanwhile, so it may come before.
  const next = [taken, await queue.take('a'), await queue.take('a')].map(one => one?.series);
  expect(next).toContain('1.2.2');
  const kept = await queue.parts.outputs(lease.key);
  expect(kept.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([['lesions.dcm', 'SEG']]);
});

test('a database that is not there is named, without its password', async () => {
  await expect(openDatabase('postgres://me:secret@127.0.0.1:1/x')).rejects.toThrow(
    expect.objectContaining({ code: 'queue-unreachable', message: expect.not.stringContaining('secret') })
  );
});
