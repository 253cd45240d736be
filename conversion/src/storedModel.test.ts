import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { ROOT } from '../../test/support/shared';
import { restoreStoredModel, storeCheckpoint } from './storedModel';

const STORED = 'tiny-dae.ckpt.planes.gz';
const KEPT = ['MODEL_CARD.md', 'manifest.json', 'self-test.json', STORED];
const MADE = [
  'code_conditioning.onnx',
  'encoder.onnx',
  'noise_predictor.onnx',
  'tiny-dae.ckpt',
  'time_conditioning.onnx',
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stored-'));
  for (const name of KEPT) cpSync(join(ROOT, 'models/tiny', name), join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a model kept as a checkpoint opens: what is missing is made, with the hashes of the manifest', async () => {
  const { network } = await loadModelFromFolder(folder);
  await network.dispose();
  expect(readdirSync(folder).sort()).toEqual([...KEPT, ...MADE].sort());
  const checkpoint = readFileSync(join(folder, 'tiny-dae.ckpt'));
  expect(Buffer.compare(Buffer.from(storeCheckpoint(checkpoint)), readFileSync(join(folder, STORED)))).toBe(0);
});

test('a stored checkpoint of other content is refused and leaves nothing behind', async () => {
  writeFileSync(join(folder, STORED), storeCheckpoint(Buffer.from('something else')));
  await expect(restoreStoredModel(folder)).rejects.toThrow(/tiny-dae\.ckpt .* not the file that the manifest names/);
  expect(readdirSync(folder).sort()).toEqual([...KEPT].sort());
});

test('other folders are left alone', async () => {
  rmSync(join(folder, STORED));
  await restoreStoredModel(folder);
  await restoreStoredModel(join(folder, 'absent'));
  expect(existsSync(join(folder, 'encoder.onnx'))).toBe(false);
});
