/** What can be wrong with a model, its files and the computation. */
import { list, scientific, size } from './words';

/** Where a network runs, and what a self-test or a device said; `reason` is technical English. */
interface Failed {
  readonly reason: string;
}
interface Fetched extends Failed {
  readonly url: string;
}

export const modelErrors = {
  configuration: ({ problems }: { readonly problems: readonly string[] }) =>
    `The configuration of the vertebra-metastasis extension is wrong: ${problems.join('; ')}. Ask the administrator of this viewer to correct it.`,
  'no-model': () => 'No model is loaded; load one before analysing.',
  'model-index': ({ url, reason }: Fetched) =>
    `The list of models ${url} could not be read (${reason}). Check that the models are served there.`,
  'wrong-model-index': ({ problems }: { readonly problems: readonly string[] }) =>
    `The list of models is not valid. ${problems.join('; ')}. Correct models/index.json.`,
  'default-model': ({ id, known }: { readonly id: string; readonly known: readonly string[] }) =>
    `The default model “${id}” is not among ${list(known)}. Correct the configuration.`,
  'model-manifest': ({ problems }: { readonly problems: readonly string[] }) =>
    `The model's manifest is not valid. ${problems.join('; ')}. Convert the model again, or copy its folder again.`,
  'model-json': ({ url, reason }: Fetched) => `${url} is no JSON (${reason}). Is the address right?`,
  'model-download': ({ url, reason }: Fetched) =>
    `${url} could not be loaded: ${reason}. Check the connection and try again.`,
  'model-hash': ({
    url,
    found,
    expected,
  }: {
    readonly url: string;
    readonly found: string;
    readonly expected: string;
  }) =>
    `${url} has SHA-256 ${found}; the model's manifest says ${expected}. The file is damaged or of another model: copy the model folder again.`,
  'model-missing': ({ path, reason }: Failed & { readonly path: string }) =>
    `${path} cannot be read: ${reason}. Give the folder of a model.`,
  'model-file': ({ path, reason }: Failed & { readonly path: string }) =>
    `The network ${path} does not open: ${reason}. Copy the model folder again, or use a current browser.`,
  'model-outputs': ({ name, found }: { readonly name: string; readonly found: readonly string[] }) =>
    `The model has no output “${name}” (it has ${list(found)}). Convert it again.`,
  'model-shape': ({
    name,
    found,
    expected,
  }: {
    readonly name: string;
    readonly found: string;
    readonly expected: readonly number[];
  }) =>
    `The model's output “${name}” is ${found}; expected float32 ${size(expected)}. The file does not belong to its manifest; convert the model again.`,
  'screening-network': ({ reason }: Failed) =>
    `The model's screening network does not do what its manifest promises: ${reason}. Copy the model folder again, or add the network again (docs/screening.md).`,
  'self-test': ({ error, tolerance }: { readonly error: number; readonly tolerance: number }) =>
    `The model does not reproduce its self-test here: it is off by ${scientific(error)} (allowed ${tolerance}). Try another browser or computer, or copy the model folder again.`,
  'model-fails': ({ reason }: Failed) =>
    `The model does not run in this browser: ${reason}. Try another browser or computer.`,
  'wasm-forbidden': ({ by }: { readonly by: 'policy' | 'browser' }) =>
    by === 'policy'
      ? `The viewer's content security policy forbids WebAssembly, which the networks need. The server's administrator can allow it by adding 'wasm-unsafe-eval' to script-src.`
      : `This browser's security settings switch WebAssembly off, which the networks need. Allow it for this site, or use another browser.`,
  'self-test-file': ({ problems }: { readonly problems: readonly string[] }) =>
    `The model's self-test file is not valid. ${problems.join('; ')}. Convert the model again.`,
  'worker-lost': ({ reason }: Failed) =>
    `The inference worker stopped (${reason}). Load the model again; reload the page if it happens again.`,
  'body-worker-lost': ({ reason }: Failed) =>
    `The segmentation worker stopped (${reason}). Try again; reload the page if it happens again.`,
  'tensor-size': ({
    what,
    found,
    expected,
  }: {
    readonly what: string;
    readonly found: number;
    readonly expected: number;
  }) => `The ${what} hold ${found} numbers; this batch needs ${expected}.`,
  'patch-spec': ({ wanted, known }: { readonly wanted: number; readonly known: number }) =>
    `The model wants patches of ${wanted} pixels; this software knows ${known}.`,
  'patch-size': ({ found, expected }: { readonly found: number; readonly expected: number }) =>
    `The patch has ${found} pixels; the network takes ${expected} (64 x 64).`,
  'patch-not-finite': ({ pixel, value }: { readonly pixel: number; readonly value: number }) =>
    `Pixel ${pixel} of the patch is ${value}.`,
  'flat-patch': () => 'The patch has no contrast (minimum equals its 99.5th percentile); it may lie outside the scan.',
  'unknown-sampler': ({ id, known }: { readonly id: string; readonly known: readonly string[] }) =>
    `There is no sampler “${id}”; choose one of: ${list(known)}.`,
  'bad-slices': ({ every }: { readonly every: number }) =>
    `Every ${every}-th slice cannot be analysed; give a whole number of at least 1.`,
} as const;
