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

/** A model whose files are at hand: in the browser's cache, or in memory where that does not take them. */
export interface ModelFiles<M extends WithFiles> {
  readonly manifest: M;
  /**
   * A file, checked against its hash. Each call reads it anew from the cache, so that nobody holds weights that are in use already; one
   * that is damaged there is downloaded again.
   * @throws InputError 'model-download', 'model-hash'
   */
  read(key: keyof M['files']): Promise<Uint8Array<ArrayBuffer>>;
  /** True while nothing had to be downloaded. */
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

/**
 * Fetches a model: the manifest always anew, the files where the Cache API has no entry of their hash.
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
  const keys: (keyof M['files'] & string)[] = Object.keys(manifest.files);
  const totalBytes = keys.reduce((sum, key) => sum + manifest.files[key].bytes, 0);
  const cache = await openCache();
  /** What the cache did not take. */
  const held = new Map<string, Uint8Array<ArrayBuffer>>();
  let fromCache = true;
  let cacheProblem: string | undefined;

  async function fetchFile(entry: ModelFileEntry, onLoaded: (bytes: number) => void = () => {}) {
    fromCache = false;
    const { path, sha256 } = entry;
    const source = { url: new URL(path, manifestUrl).href, authorization };
    const checked = async (bytes: Uint8Array<ArrayBuffer>) => {
      const found = await sha256Hex(bytes);
      if (found === sha256) return bytes;
      await cache?.delete(cacheKey(sha256));
      throw new InputError('model-hash', { url: source.url, found, expected: sha256 });
    };
    const problem = cache ? await intoCache(cache, source, entry, onLoaded) : NO_CACHE;
    const stored = problem === undefined ? await cache?.match(cacheKey(sha256)) : undefined;
    if (stored) return checked(new Uint8Array(await stored.arrayBuffer()));
    cacheProblem ??= problem ?? 'The browser did not keep the weights.';
    const bytes = await checked(await download(source, entry.bytes, onLoaded));
    held.set(sha256, bytes);
    return bytes;
  }

  let finishedBytes = 0;
  for (const key of keys) {
    const entry = manifest.files[key];
    if (!(await cache?.match(cacheKey(entry.sha256)))) {
      await fetchFile(entry, loaded =>
        onProgress?.({ loadedBytes: Math.min(finishedBytes + loaded, totalBytes), totalBytes })
      );
    }
    finishedBytes += entry.bytes;
    onProgress?.({ loadedBytes: finishedBytes, totalBytes });
  }

  return {
    manifest,
    async read(key) {
      const entry: ModelFileEntry = manifest.files[key as string];
      const inMemory = held.get(entry.sha256);
      if (inMemory) return inMemory;
      const hit = await cache?.match(cacheKey(entry.sha256));
      if (hit) {
        const bytes = new Uint8Array(await hit.arrayBuffer());
        if ((await sha256Hex(bytes)) === entry.sha256) return bytes;
        // Damaged on disk: what is downloaded now replaces it.
        await cache?.delete(cacheKey(entry.sha256));
      }
      return fetchFile(entry);
    },
    get fromCache() {
      return fromCache;
    },
    get cacheProblem() {
      return cacheProblem;
    },
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

const NO_CACHE = 'This page is not a secure context (https or localhost), so the browser offers no cache.';

/**
 * Downloads a file straight into the cache, so that it need not be in memory at once; what reads it checks it.
 * @returns why it could not be kept: a full disk must not stop the analysis, but is told
 * @throws InputError 'model-download'
 */
async function intoCache(
  cache: Cache,
  { url, authorization }: Source,
  { sha256, bytes }: ModelFileEntry,
  onLoaded: (bytes: number) => void
): Promise<string | undefined> {
  const reader = await bodyOf(url, authorization);
  let loaded = 0;
  let broken: unknown;
  const counted = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        onLoaded((loaded += value.length));
        controller.enqueue(value);
      } catch (error) {
        broken = error ?? new Error('the connection broke');
        controller.error(error);
      }
    },
    cancel: why => reader.cancel(why),
  });
  try {
    await cache.put(cacheKey(sha256), new Response(counted, { headers: { 'content-length': String(bytes) } }));
    return undefined;
  } catch (error) {
    if (broken) throw new InputError('model-download', { url, reason: String(broken) });
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
  const reader = await bodyOf(url, authorization);
  let bytes = new Uint8Array(expectedBytes);
  let length = 0;
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

async function bodyOf(url: string, authorization?: string) {
  const { body } = await fetchOk(url, authorization);
  if (!body) throw new InputError('model-download', { url, reason: 'the server sent an empty answer' });
  return body.getReader();
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
