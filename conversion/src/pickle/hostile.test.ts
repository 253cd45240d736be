/** Object trees that exhaust a careless reader; the same list is given to the Python reader (training/tests/test_hostile.py). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoredZip } from '../../../test/support/checkpointFile';
import { effort } from '../../../test/support/effort';
import { ROOT } from '../../../test/support/shared';
import { openWeights } from '../checkpoint/weights';
import { classifierFromPickles } from '../model/classifier';

/** The dearest takes 7; a reader that is not bounded takes minutes or for ever. */
const MOST_EFFORT = 300;
const EXTRA_BYTES = 600 * 2 ** 20;

const { trees } = JSON.parse(readFileSync(join(ROOT, 'test/hostile/pickles.json'), 'utf8')) as {
  trees: Record<string, [string, number][]>;
};
const names = Object.keys(trees);
const tree = (name: string) =>
  Buffer.concat(trees[name].map(([text, times]) => Buffer.alloc(text.length * times, text, 'latin1')));

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'hostile-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function refusedSoon(read: () => unknown, code: string): Promise<void> {
  const before = process.memoryUsage().rss;
  let outcome: unknown;
  const taken = await effort(async () => {
    outcome = await Promise.resolve()
      .then(read)
      .catch((error: unknown) => error);
  });
  expect(outcome).toMatchObject({ code, message: expect.stringMatching(/^[\x20-\u{ffff}]{20,600}$/u) });
  expect(taken).toBeLessThan(MOST_EFFORT);
  expect(process.memoryUsage().rss - before).toBeLessThan(EXTRA_BYTES);
}

it.each(names)('%s is no classifier', async name => {
  const path = join(folder, 'x.pkl');
  writeFileSync(path, Buffer.concat([Buffer.from([0x80, 4]), tree(name), Buffer.from('.')]));
  await refusedSoon(() => classifierFromPickles(path, path), 'classifier-file');
});

it.each(names)('%s is no checkpoint', async name => {
  const path = join(folder, 'x.ckpt');
  const zip = new StoredZip(path);
  const start = Buffer.from('\x80\x04}X\x01\x00\x00\x00x', 'latin1');
  zip.add('archive/data.pkl', Buffer.concat([start, tree(name), Buffer.from('s.')]));
  zip.add('archive/data/0', Buffer.alloc(24));
  zip.close();
  await refusedSoon(() => openWeights(path), 'checkpoint-file');
});
