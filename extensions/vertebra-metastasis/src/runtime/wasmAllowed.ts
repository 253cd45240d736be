import { InputError } from '../core';

/** The smallest module: its magic number and version. */
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/**
 * Asks before anything is downloaded: onnxruntime, with WebGPU as well, would only say that no backend is available.
 * @throws InputError 'wasm-forbidden' by a content security policy, or by the browser's own settings
 */
export function requireWasm(): void {
  if (typeof WebAssembly === 'undefined') throw new InputError('wasm-forbidden', { by: 'browser' });
  try {
    new WebAssembly.Module(EMPTY);
  } catch {
    throw new InputError('wasm-forbidden', { by: 'policy' });
  }
}
