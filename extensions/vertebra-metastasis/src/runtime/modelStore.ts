import { InputError } from '../core';
import { authorizedFetch } from './authorizedFetch';
import type { ModelFileEntry } from './manifest';
import { sha256Hex } from './sha256';

/** The Cache API store for weights. Its keys hold nothing but hashes. */
export const MODEL_CACHE = 'vertebra-metastasis-models';

/** What every manifest has: the files beside it. */
interface WithFiles {
  readonly files: Readonly<Record<string, ModelFileEntry>>;
}

/** A downloaded, verified model. */
export interface ModelFiles<M extends WithFiles> {
  readonly manifest: M;
  readonly bytes: Readonly<Record<keyof M['files'], Uint8Array<ArrayBuffer>>>;
  /** True when every file came from the cache. */
  readonly fromCache: boolean;
  /** Why the weights could not be kept for the next time, if so (they still load). */
  readonly cacheProblem?: string;
}

export interface DownloadProgress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

export interface ModelStoreOptions {
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** The viewer's Authorization header. */
  readonly authorization?: string;
}

interface StoredFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fromCache: boolean;
  readonly cacheProblem?: string;
}

/**
 * Fetches a model: the manifest always anew, the files from the Cache API when an entry of that hash is there and intact.
 * @param manifestUrl absolute URL of manifest.json; the files lie beside it
 * @param parse checks the manifest and throws InputError for a wrong one
 * @throws InputError 'model-download', 'model-manifest', 'model-hash'
 */
export async function fetchModel<M extends WithFiles>(
  manifestUrl: string,
  parse: (json: unknown) => M,
  { onProgress, authorization }: ModelStoreOptions = {}
): Promise<ModelFiles<M>> {
  const manifest = parse(await fetchJson(manifestUrl, authorization));
  const keys = Object.keys(manifest.files);
  const totalBytes = keys.reduce((sum, key) => sum + manifest.files[key].bytes, 0);
  const cache = await openCache();

  let finishedBytes = 0;
  const stored: Record<string, StoredFile> = {};
  for (const key of keys) {
    const entry = manifest.files[key];
    const url = new URL(entry.path, manifestUrl).href;
    stored[key] = await storedFile({ url, authorization }, entry, cache, loaded =>
      onProgress?.({ loadedBytes: Math.min(finishedBytes + loaded, totalBytes), totalBytes })
    );
    finishedBytes += entry.bytes;
    onProgress?.({ loadedBytes: finishedBytes, totalBytes });
  }

  const files = Object.values(stored);
  return {
    manifest,
    bytes: Object.fromEntries(keys.map(key => [key, stored[key].bytes])) as ModelFiles<M>['bytes'],
    fromCache: files.every(file => file.fromCache),
    cacheProblem: files.find(file => file.cacheProblem)?.cacheProblem,
  };
}

/** URL under which a file of this hash is cached: no name, no origin of the study, no patient. */
export function cacheKey(sha256: string, base: string = globalThis.location.origin): string {
  return new URL(`/vertebra-metastasis-model/sha256-${sha256}`, base).href;
}

interface Source {
  readonly url: string;
  readonly authorization?: string;
}

async function storedFile(
  { url, authorization }: Source,
  entry: ModelFileEntry,
  cache: Cache | undefined,
  onLoaded: (bytes: number) => void
): Promise<StoredFile> {
  if (cache) {
    const hit = await cache.match(cacheKey(entry.sha256));
    if (hit) {
      const bytes = new Uint8Array(await hit.arrayBuffer());
      if ((await sha256Hex(bytes)) === entry.sha256) return { bytes, fromCache: true };
      // Damaged on disk: fetched again below, which replaces it.
      await cache.delete(cacheKey(entry.sha256));
    }
  }
  const bytes = await download({ url, authorization }, entry.bytes, onLoaded);
  const found = await sha256Hex(bytes);
  if (found !== entry.sha256) {
    throw new InputError('model-hash', { url, found, expected: entry.sha256 });
  }
  return { bytes, fromCache: false, cacheProblem: await keep(cache, entry.sha256, bytes) };
}

/** @returns why it could not be kept: a full disk must not stop the analysis, but is told */
async function keep(
  cache: Cache | undefined,
  sha256: string,
  bytes: Uint8Array<ArrayBuffer>
): Promise<string | undefined> {
  if (!cache) return 'This page is not a secure context (https or localhost), so the browser offers no cache.';
  try {
    await cache.put(cacheKey(sha256), new Response(bytes, { headers: { 'content-length': String(bytes.length) } }));
    return undefined;
  } catch (error) {
    return `The browser did not keep the weights: ${String(error)}`;
  }
}

async function openCache(): Promise<Cache | undefined> {
  const storage: CacheStorage | undefined = globalThis.caches;
  return storage?.open(MODEL_CACHE);
}

/** Reads a response as it streams in, so that progress can be shown. */
async function download(
  { url, authorization }: Source,
  expectedBytes: number,
  onLoaded: (bytes: number) => void
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetchOk(url, authorization);
  if (!response.body) throw new InputError('model-download', { url, reason: 'the server sent an empty answer' });
  let bytes = new Uint8Array(expectedBytes);
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (length + value.length > bytes.length) {
      // Longer than the manifest says: the hash will not fit either, but the message should then name the file as it is.
      const longer = new Uint8Array(2 * (length + value.length));
      longer.set(bytes.subarray(0, length));
      bytes = longer;
    }
    bytes.set(value, length);
    length += value.length;
    onLoaded(length);
  }
  return length === bytes.length ? bytes : bytes.slice(0, length);
}

export async function fetchJson(url: string, authorization?: string): Promise<unknown> {
  const response = await fetchOk(url, authorization);
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError('model-json', { url, reason: String(error) });
  }
}

async function fetchOk(url: string, authorization?: string): Promise<Response> {
  let response: Response;
  try {
    response = await authorizedFetch(url, authorization, { cache: 'no-cache' });
  } catch (error) {
    throw new InputError('model-download', { url, reason: String(error) });
  }
  if (!response.ok) {
    throw new InputError('model-download', { url, reason: `HTTP ${response.status} ${response.statusText}` });
  }
  return response;
}
