/**
 * Reviewed studies through every stage but the training of networks, with a toy network; nothing of a patient is anywhere but in
 * private. training/tests/test_learn.py does the same with training, on forty studies.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { parseModelIndex } from '@spine/runtime/manifest';
import { planted, writeReviewedArchive } from '../../../test/support/reviewedArchive';
import { searchSecrets } from '../../../test/support/secrets';
import { ROOT } from '../../../test/support/shared';
import { writeToyModel } from '../../../test/support/toyModel';
import type { Collection } from './collect';
import type { Comparison } from './comparison';
import { changeModel } from './modelFolder';
import { learn, type LearnOptions, type Stage, STAGES } from './stages';
import { folderSource } from './sources/folder';

/** All stages over 16 studies, three times: on a busy machine minutes. */
jest.setTimeout(600_000);

const STUDIES = 16;

let folder: string;
let out: string;
let options: LearnOptions;
let said: string[];
const json = <T>(name: string) => JSON.parse(readFileSync(join(out, name), 'utf8')) as T;
const run = (more: Partial<LearnOptions> = {}, only?: Stage) => {
  said = [];
  return learn({ ...options, ...more }, only);
};
const finished = () => said.filter(line => /^\w+: .*\(\d+ s\)$/.test(line)).map(line => line.split(':')[0]);
const partOf = () =>
  new Map(json<Collection>('collection.json').vertebrae.map(({ patient, split }) => [patient, split]));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'learn-all-'));
  writeReviewedArchive(join(folder, 'archive'), STUDIES, { kinds: ['blastic'] });
  await writeToyModel(join(folder, 'models/toy'));
  // Each of its many specks would be scored.
  await changeModel(join(folder, 'models/toy'), manifest => ({
    ...manifest,
    method: { ...manifest.method, minPixels: 80 },
  }));
  out = join(folder, 'out');
  // Pseudonyms, and with them the order in which patients are divided, follow from the key.
  mkdirSync(join(out, 'private'), { recursive: true });
  writeFileSync(join(out, 'private/key'), '7'.repeat(64));
  options = {
    source: folderSource(join(folder, 'archive')),
    out,
    models: join(folder, 'models'),
    id: 'learnt',
    seed: 1,
    from: join(folder, 'models/toy'),
    inUse: join(folder, 'models/toy'),
    refit: true,
    device: 'cpu',
    steps: 1,
    batch: 1,
    force: false,
    say: line => said.push(line),
  };
  await run();
});
afterAll(() => rmSync(folder, { recursive: true }));

it('goes through all stages and registers a model that is not worse on patients held out, with its card', async () => {
  expect(finished()).toEqual([...STAGES]);
  const { before, after, notWorse } = json<Comparison>('evaluation.json');
  expect(notWorse).toBe(true);
  expect([before.labels.auc, after.labels.auc]).toEqual([expect.any(Number), expect.any(Number)]);
  expect(after.labels.auc).toBeGreaterThan(before.labels.auc!);
  expect(after.labels.patients).toBeGreaterThanOrEqual(2);
  // Accepted regions are the truth.
  expect(after.regions.blastic.lesions).toBeGreaterThan(0);
  const index = parseModelIndex(JSON.parse(readFileSync(join(folder, 'models/index.json'), 'utf8')));
  expect(index.models).toContainEqual({ id: 'learnt', path: 'learnt/manifest.json' });
  // Its hashes and its self-test hold.
  const { manifest, network } = await loadModelFromFolder(join(folder, 'models/learnt'));
  await network.dispose();
  expect(manifest.description).toMatch(/^Classifier and score threshold learnt from 48 reviewed vertebrae/);
  const card = readFileSync(join(folder, 'models/learnt/MODEL_CARD.md'), 'utf8');
  expect(card).toMatch(/Research use only[\s\S]*\| lytic \| blastic \|/);
  expect(card).toContain(after.labels.auc!.toFixed(3));
  // Said of the calibration is what was done: it may have kept the threshold.
  const { attributionThreshold } = manifest.method;
  expect(card).toMatch(
    new RegExp(
      `threshold\\s\\(${attributionThreshold}\\) (${attributionThreshold === 0.5 ? 'is that of' : 'was chosen on'})`
    )
  );
});

it('leaves nothing of a patient outside private: not in tables, crops, cards, models or what it says', () => {
  const secrets = planted(STUDIES);
  const uids = /\b[0-2](\.(0|[1-9]\d*)){6,}\b/;
  writeFileSync(join(folder, 'models/said.txt'), said.join('\n'));
  const found = [...searchSecrets(out, secrets), ...searchSecrets(join(folder, 'models'), secrets)];
  expect(found.filter(place => !place.startsWith('private/'))).toEqual([]);
  // The search does find: the list of patients is in private.
  expect(found.filter(place => place.startsWith('private/')).length).toBeGreaterThanOrEqual(STUDIES);
  for (const root of [out, join(folder, 'models')]) {
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      const text = entry.isFile() && /\.(json|csv|md|txt)$/.test(entry.name);
      if (!text || entry.parentPath.includes('private')) continue;
      expect(`${entry.name} ${readFileSync(join(entry.parentPath, entry.name), 'utf8')}`).not.toMatch(uids);
    }
  }
});

it('begins a new run with what was reviewed since, and leaves patients held out where they were', async () => {
  const before = partOf();
  const version = () => JSON.parse(readFileSync(join(folder, 'models/learnt/manifest.json'), 'utf8')).version as string;
  writeReviewedArchive(join(folder, 'archive'), STUDIES + 2, { kinds: ['blastic'], first: STUDIES });
  const old = version();
  await run({ seed: 99, force: true });
  expect(said[0]).toMatch(/a new one begins/);
  expect(finished()).toEqual([...STAGES]);
  const after = partOf();
  expect(after.size).toBe(STUDIES + 2);
  for (const [patient, part] of before) expect(after.get(patient)).toBe(part);
  // Runs of one minute have one version; a former one is kept.
  if (version() !== old) expect(existsSync(join(out, 'former', old, 'manifest.json'))).toBe(true);
});

it('does one stage again on demand, and then what follows', async () => {
  await run({}, 'calibrate');
  expect(finished()).toEqual(['calibrate']);
  await run();
  expect(said.slice(0, 4).map(line => line.replace(/:.*/, ''))).toEqual(['collect', 'train', 'fit', 'calibrate']);
  expect(said.slice(0, 4).every(line => line.endsWith('done before'))).toBe(true);
  expect(finished()).toEqual(['evaluate', 'register']);
  await expect(learn({ ...options, out: join(folder, 'other') }, 'fit')).rejects.toThrow(
    /collect has not been done yet/
  );
});

it('does not register a model that is worse, unless it is told to; nor over a model of another origin', async () => {
  const comparison = json<Comparison>('evaluation.json');
  const { after } = comparison;
  rmSync(join(folder, 'models/learnt'), { recursive: true });
  const worse = { ...comparison, before: { ...after, labels: { ...after.labels, auc: 1.1 } }, notWorse: false };
  writeFileSync(join(out, 'evaluation.json'), JSON.stringify(worse));
  await expect(run({}, 'register')).rejects.toMatchObject({
    code: 'worse',
    message: expect.stringMatching(/not registered: its held-out AUC is .* that of the model in use 1\.100.*--force/),
  });
  expect(existsSync(join(folder, 'models/learnt'))).toBe(false);
  expect(existsSync(join(out, 'model/MODEL_CARD.md'))).toBe(true);
  await run({ force: true }, 'register');
  expect(existsSync(join(folder, 'models/learnt/manifest.json'))).toBe(true);
  await expect(run({ force: true, id: 'toy' }, 'register')).rejects.toThrow(/another model.*choose an --id/);
});

it('goes on after it was killed, in whatever stage', async () => {
  const other = join(folder, 'killed');
  writeReviewedArchive(join(folder, 'small'), 8, { kinds: ['blastic'] });
  const command = [
    ...['--import', 'tsx', join(ROOT, 'datasets/src/learn/main.ts'), '--dicom', join(folder, 'small'), '--out', other],
    ...[
      '--from',
      join(folder, 'models/toy'),
      '--in-use',
      join(folder, 'models/toy'),
      '--models',
      join(folder, 'models'),
    ],
    ...['--refit', '--force', '--id', 'killed'],
  ];
  const output = (child: ChildProcess, until?: RegExp) =>
    new Promise<string>(done => {
      let text = '';
      child.stderr!.on('data', chunk => {
        text += String(chunk);
        if (until?.test(text)) child.kill('SIGKILL');
      });
      child.once('close', () => done(text));
    });
  const start = () => spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  await output(start(), /collect: 5 of/);
  expect(existsSync(join(other, 'stages/collect'))).toBe(false);
  await output(start(), /calibrate: vertebra 2 of/);
  expect(readdirSync(join(other, 'stages')).sort()).toEqual(['collect', 'fit', 'train']);
  const last = await output(start());
  expect(last).toMatch(/^collect: done before\ntrain: done before\nfit: done before\ncalibrate: vertebra 1 of/);
  expect(last).toMatch(/register: .* lists killed/);
});
