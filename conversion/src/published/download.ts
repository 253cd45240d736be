/** One file over HTTP: goes on where it stopped, tries again, and says why it could not. */
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { CommandError } from '@spine/headless/cli';
import { type Dispatcher, EnvHttpProxyAgent, fetch, type Response } from 'undici';

export interface DownloadOptions {
  /** Bytes there and bytes in all, as far as the server says. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
  readonly signal?: AbortSignal;
  /** Waits before each further try; as many tries as waits and one. A try that brought something forward counts anew. */
  readonly waitsMs?: readonly number[];
  /** A connection that brings nothing for so long is given up. */
  readonly stallMs?: number;
}

const WAITS_MS = [1_000, 4_000, 15_000, 60_000];
const STALL_MS = 60_000;

const PROXY_LOGIN =
  'the proxy wants a user name and password: put them into https_proxy (http://user:password@host:port)';

/** Thrown inside for what may go better the next time. */
class Interrupted extends Error {}

/**
 * Downloads to `<target>.part` and renames it when it is whole. What is there already of an earlier try is kept, and only the
 * rest is asked for. Proxies as http_proxy, https_proxy and no_proxy say.
 * @throws CommandError 'download' naming the address, what happened and what to do
 */
export async function download(url: string, target: string, options: DownloadOptions = {}): Promise<void> {
  const { waitsMs = WAITS_MS, stallMs = STALL_MS } = options;
  mkdirSync(dirname(target), { recursive: true });
  const agent = new EnvHttpProxyAgent({ headersTimeout: stallMs, bodyTimeout: stallMs, connectTimeout: stallMs });
  const part = `${target}.part`;
  try {
    for (let failures = 0; ; ) {
      const before = sizeOf(part);
      try {
        await attempt(url, part, agent, options);
        renameSync(part, target);
        rmSync(`${part}.etag`, { force: true });
        return;
      } catch (error) {
        if (!(error instanceof Interrupted)) throw asDownloadError(error, url, target);
        if (sizeOf(part) > before) failures = 0;
        if (failures === waitsMs.length) throw gaveUp(url, part, error);
        await wait(waitsMs[failures++], undefined, { signal: options.signal });
      }
    }
  } finally {
    // An answer that was not read to its end would keep close() waiting.
    await agent.destroy();
  }
}

async function attempt(url: string, part: string, agent: Dispatcher, options: DownloadOptions): Promise<void> {
  const have = sizeOf(part);
  const etag = existsSync(`${part}.etag`) ? readFileSync(`${part}.etag`, 'utf8') : undefined;
  // Without the server's mark for this version, the rest could be of another file.
  const resume = have > 0 && etag ? { range: `bytes=${have}-`, 'if-range': etag } : {};
  let response: Response;
  try {
    response = await fetch(url, {
      dispatcher: agent,
      headers: { ...resume, 'accept-encoding': 'identity' },
      signal: options.signal,
    });
  } catch (error) {
    options.signal?.throwIfAborted();
    const cause = causeOf(error);
    if (/\b407\b|proxy authentication/i.test(cause)) throw failed(url, PROXY_LOGIN);
    throw new Interrupted(cause);
  }
  refuseUnlessFile(response, url);
  const resumed = response.status === 206 && resume.range !== undefined;
  if (response.status === 416) {
    // The part is longer than the file: another version.
    rmSync(part, { force: true });
    throw new Interrupted('the file has changed since the last try');
  }
  const start = resumed ? have : 0;
  const total = totalOf(response, start);
  const mark = response.headers.get('etag');
  if (mark && !mark.startsWith('W/')) writeFileSync(`${part}.etag`, mark);
  else rmSync(`${part}.etag`, { force: true });
  let received = start;
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      received += chunk.length;
      options.onProgress?.(received, total);
      done(null, chunk);
    },
  });
  const out = createWriteStream(part, { flags: resumed ? 'a' : 'w' });
  try {
    await pipeline(Readable.fromWeb(response.body as never), count, out, { signal: options.signal });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (DISK.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new Interrupted(`${causeOf(error)} after ${received} of ${total ?? 'unknown'} bytes`);
  }
  if (total !== undefined && received < total) throw new Interrupted(`it ended after ${received} of ${total} bytes`);
}

/** @throws Interrupted for answers that pass, CommandError for those that stay */
function refuseUnlessFile(response: Response, url: string): void {
  const { status, statusText } = response;
  const final = response.url || url;
  const from = final === url ? url : `${url} (redirected to ${final})`;
  if (status === 429 || status >= 500) throw new Interrupted(`the server answered ${status} ${statusText}`);
  if (status === 407) throw failed(from, PROXY_LOGIN);
  if (status === 401 || status === 403)
    throw failed(from, `the server refuses (${status}); is there a proxy that blocks it?`);
  if (status === 404 || status === 410)
    throw failed(from, `there is no such file (${status}); fetch it by hand and give its folder with --from`);
  if (!response.ok && status !== 416) throw failed(from, `the server answered ${status} ${statusText}`);
  if (/^text\/html/i.test(response.headers.get('content-type') ?? '')) {
    throw failed(
      from,
      'the answer is a web page instead of the file: a login or a notice of a proxy? Open the address in a browser'
    );
  }
}

function totalOf(response: Response, start: number): number | undefined {
  const range = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
  if (range) return Number(range[1]);
  const length = response.headers.get('content-length');
  return length === null ? undefined : start + Number(length);
}

function gaveUp(url: string, part: string, error: Error): CommandError {
  const kept = sizeOf(part) ? ` What is there of it (${part}) is kept: the same command goes on from it.` : '';
  return failed(
    url,
    `${error.message}. Is the network, or https_proxy, as it should be?${kept} Or fetch the files elsewhere and use --from`
  );
}

const DISK = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EIO']);

function asDownloadError(error: unknown, url: string, target: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return DISK.has(code) ? failed(url, `${target} cannot be written: ${(error as Error).message}`) : error;
}

function failed(url: string, why: string): CommandError {
  return new CommandError('download', `${url}: ${why}.`);
}

/** fetch says "fetch failed", and why in its cause, sometimes in the cause of that. */
function causeOf(error: unknown): string {
  const { message, code, cause } = error as NodeJS.ErrnoException;
  return cause === undefined || cause === error ? message || code || String(error) : causeOf(cause);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
