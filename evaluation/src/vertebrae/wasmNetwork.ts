/** The network in onnxruntime's WebAssembly, on one thread, as the browser's segmentation worker runs it without isolation. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { restoreStoredModel } from '@spine/conversion/storedModel';
import type { BodyNetwork } from '@spine/core';
import { bodyNetworkFolder } from '@spine/headless/defaultModel';
import { parseBodyManifest, parseBodySelfTest } from '@spine/runtime/bodyManifest';
import { checkBodyNetwork, createBodyNetwork } from '@spine/runtime/bodyNetwork';
import { env, InferenceSession, Tensor } from 'onnxruntime-web';

export async function wasmNetwork(folder = bodyNetworkFolder()!): Promise<BodyNetwork> {
  env.wasm.numThreads = 1;
  await restoreStoredModel(folder);
  const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const manifest = parseBodyManifest(json('manifest.json'));
  const graph = new Uint8Array(readFileSync(join(folder, manifest.files.network.path)));
  const session = await InferenceSession.create(graph, { executionProviders: ['wasm'] });
  const network = createBodyNetwork(session, manifest, (data, dims) => new Tensor('float32', data, dims));
  await checkBodyNetwork(network, parseBodySelfTest(json(manifest.files.selfTest.path)));
  return network;
}
