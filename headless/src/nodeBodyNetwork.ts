import { join } from 'node:path';
import { restoreStoredModel } from '@spine/conversion/storedModel';
import type { BodyNetwork } from '@spine/core';
import { parseBodyManifest, parseBodySelfTest } from '@spine/runtime/bodyManifest';
import { checkBodyNetwork, createBodyNetwork } from '@spine/runtime/bodyNetwork';
import { Tensor } from 'onnxruntime-node';
import { bodyNetworkFolder } from './defaultModel';
import { openSession, parseJson, readModelFile, verifiedFile } from './nodeModel';

/**
 * Opens the folder of a network that outlines vertebral bodies with onnxruntime-node: hashes checked, self-test run.
 * @param folder the one that models/index.json names when absent
 * @returns undefined when there is none
 * @throws InputError 'model-missing', 'model-manifest', 'model-hash', 'model-file', 'model-shape', 'self-test'
 */
export async function loadBodyNetwork(threads = 1, folder = bodyNetworkFolder()): Promise<BodyNetwork | undefined> {
  if (folder === undefined) return undefined;
  const path = join(folder, 'manifest.json');
  const manifest = parseBodyManifest(parseJson(await readModelFile(folder, 'manifest.json'), path));
  await restoreStoredModel(folder);
  const { network: file, selfTest } = manifest.files;
  const test = parseBodySelfTest(parseJson(await verifiedFile(folder, selfTest), selfTest.path));
  const session = await openSession(folder, file, threads);
  const network = createBodyNetwork(session, manifest, (data, dims) => new Tensor('float32', data, dims));
  await checkBodyNetwork(network, test);
  return network;
}
