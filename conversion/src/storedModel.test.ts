import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBodyNetwork } from '@spine/headless/nodeBodyNetwork';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { ROOT } from '../../test/support/shared';
import { addScreeningNetwork, writeToyModel } from '../../test/support/toyModel';
import { packFile, restoreStoredModel, STORED, storeModel } from './storedModel';

const CHECKPOINT = 'tiny-dae.ckpt.planes.gz';
const KEPT = ['MODEL_CARD.md', 'manifest.json', 'self-test.json', CHECKPOINT];
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
});

test('a stored checkpoint of other content is refused and leaves nothing behind', async () => {
  writeFileSync(join(folder, CHECKPOINT), packFile(Buffer.from('something else')));
  await expect(restoreStoredModel(folder)).rejects.toThrow(/tiny-dae\.ckpt .* not the file that the manifest names/);
  expect(readdirSync(folder).sort()).toEqual([...KEPT].sort());
});

test('other folders are left alone', async () => {
  rmSync(join(folder, CHECKPOINT));
  await restoreStoredModel(folder);
  await restoreStoredModel(join(folder, 'absent'));
  expect(existsSync(join(folder, 'encoder.onnx'))).toBe(false);
});

test('a screening network is stored and made with the other networks', async () => {
  rmSync(join(folder, CHECKPOINT));
  await writeToyModel(folder);
  addScreeningNetwork(folder);
  expect(storeModel(folder)).toContain(join(folder, `screening.onnx${STORED}`));
  for (const name of readdirSync(folder)) if (name.endsWith('.onnx')) rmSync(join(folder, name));
  const { network } = await loadModelFromFolder(folder);
  expect(network.screening).toBeDefined();
  await network.dispose();
});

describe('a model kept as compressed networks', () => {
  const original = join(ROOT, 'models/body');
  const network = 'body_outline.onnx';
  const at = (name: string) => join(folder, name);
  beforeEach(() => {
    for (const name of readdirSync(folder)) rmSync(at(name));
    for (const name of ['manifest.json', 'self-test.json', network + STORED]) cpSync(join(original, name), at(name));
  });

  it('opens from them alone', async () => {
    await loadBodyNetwork(1, folder);
    expect(readFileSync(at(network))).toEqual(readFileSync(join(original, network)));
    expect(readdirSync(folder).some(name => name.startsWith('.restoring'))).toBe(false);
  });

  it('is stored as it was, of whatever length', async () => {
    await restoreStoredModel(folder);
    rmSync(at(network + STORED));
    expect(storeModel(folder)).toEqual([at(network + STORED)]);
    rmSync(at(network));
    await restoreStoredModel(folder);
    expect(readFileSync(at(network)).length % 4).not.toBe(0);
    expect(readFileSync(at(network))).toEqual(readFileSync(join(original, network)));
  });

  it('of a former version is replaced when asked to, and refused when opened', async () => {
    writeFileSync(at(network), 'of a former version');
    await expect(loadBodyNetwork(1, folder)).rejects.toMatchObject({ code: 'model-hash' });
    await restoreStoredModel(folder, { replace: true });
    await loadBodyNetwork(1, folder);
  });
});
