/** Where onnxruntime finds its own files, the same for every network. */
import * as ort from 'onnxruntime-web/webgpu';
import { InputError } from '../core';
import { authorizedFetch } from './authorizedFetch';
import { wasmThreads } from './provider';
import { requireWasm } from './wasmAllowed';

/** One build serves WebGPU and WASM. The script has the ending .js because web servers commonly do not know .mjs as JavaScript. */
const NAME = 'ort-wasm-simd-threaded.asyncify';

/**
 * @param assetBase absolute URL of the folder that holds ort/
 * @returns the number of threads
 * @throws InputError 'wasm-forbidden'; 'model-download' when a site with sign-in does not give the file out
 */
export async function prepareWasm(assetBase: string, authorization: string | undefined): Promise<number> {
  requireWasm();
  const threads = wasmThreads(globalThis.crossOriginIsolated, navigator.hardwareConcurrency);
  const file = (ending: string) => new URL(`ort/${NAME}.${ending}`, assetBase).href;
  ort.env.wasm.wasmPaths = { mjs: file('js'), wasm: file('wasm') };
  ort.env.wasm.numThreads = threads;
  // onnxruntime sends no headers, so what is behind a sign-in is fetched for it. Otherwise it compiles while it downloads.
  if (authorization) ort.env.wasm.wasmBinary ??= await binary(file('wasm'), authorization);
  return threads;
}

async function binary(url: string, authorization: string): Promise<ArrayBuffer> {
  const response = await authorizedFetch(url, authorization);
  if (response.ok) return response.arrayBuffer();
  throw new InputError('model-download', { url, reason: `HTTP ${response.status} ${response.statusText}` });
}
