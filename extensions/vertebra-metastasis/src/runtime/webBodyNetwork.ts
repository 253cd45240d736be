/** Opens the body network in a browser's worker, on WebAssembly: WebGPU has no convolutions in three dimensions here. */
import * as ort from 'onnxruntime-web/webgpu';
import { type BodyNetwork, InputError } from '../core';
import { parseBodyManifest, parseBodySelfTest } from './bodyManifest';
import type { BodyNetworkPlace } from './bodyCalls';
import { checkBodyNetwork, createBodyNetwork } from './bodyNetwork';
import { parseModelIndex } from './manifest';
import { fetchJson, fetchModel } from './modelStore';
import { prepareWasm } from './webAssembly';

/**
 * @returns undefined when the site lists none: bodies are then segmented by their edges alone
 * @throws InputError of fetchModel; 'model-index', 'model-file', 'self-test'
 */
export async function openWebBodyNetwork(place: BodyNetworkPlace): Promise<BodyNetwork | undefined> {
  const { modelsUrl, assetBase, authorization } = place;
  const { bodyOutline } = parseModelIndex(await fetchJson(modelsUrl, authorization));
  if (bodyOutline === undefined) return undefined;
  const { manifest, read } = await fetchModel(new URL(bodyOutline, modelsUrl).href, parseBodyManifest, {
    authorization,
  });
  const test = parseBodySelfTest(JSON.parse(new TextDecoder().decode(await read('selfTest'))));
  await prepareWasm(assetBase, authorization);
  const session = await ort.InferenceSession.create(await read('network'), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  }).catch((error: unknown) => {
    throw new InputError('model-file', { path: 'outline', reason: String(error) });
  });
  const network = createBodyNetwork(session, manifest, (data, dims) => new ort.Tensor('float32', data, dims));
  await checkBodyNetwork(network, test);
  return network;
}
