import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const workerImport =
  /new Worker\(new URL\(\/\* worker import \*\/__webpack_require__\.p \+ __webpack_require__\.u\((\d+)\)/g;

/**
 * The host's worker that decodes images.
 * @param bundle text of the host's main bundle, which starts it
 * @param files names in the host's folder
 * @throws Error when there is not exactly one worker with codecs in it
 */
export function decoderWorker(hostDist: string, bundle: string, files: string[]): string {
  const ids = new Set([...bundle.matchAll(workerImport)].map(([, id]) => id));
  const workers = files.filter(file => ids.has(file.split('.')[0]) && /^\d+\.bundle\.[0-9a-f]+\.js$/.test(file));
  const decoders = workers.filter(file => readFileSync(join(hostDist, file), 'utf8').includes('createNamedFunction'));
  if (decoders.length !== 1) {
    throw new Error(`OHIF's workers have changed: ${decoders.length} of them decode images, expected one.`);
  }
  return decoders[0];
}
