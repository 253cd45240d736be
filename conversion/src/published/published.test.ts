/** `models:published` against a local server with each fault, and from a folder; the tiny checkpoint stands for the published one. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { writeNifti } from '@spine/phantoms/files/niftiWrite';
import { parseManifest, parseModelIndex } from '@spine/runtime/manifest';
import { NUMBERS, writeClassifierPickles } from '../../../test/support/classifierPickles';
import { randomTensors, writeCheckpoint } from '../../../test/support/checkpointFile';
import { answer, closedPort, cut, type Handler, serve, silent, throttle } from '../../../test/support/downloadFaults';
import { download } from './download';
import { fetchModel, type FetchOptions, removeDownloads } from './fetchModel';
import { CLASSIFIER, SAMPLE, SCALER } from './sources';
import * as sources from './sources';
import { analyseSample, type ExpectedAttribution, readSample, verifyModel } from './verify';

/** The architecture of the published model with few channels. */
const ARCHITECTURE = {
  ...({ image_size: 64, in_channels: 1, out_channels: 1, dropout: 0.1 } as const),
  model_channels: 4,
  channel_mult: [1, 1, 2],
  enc_channel_mult: [1, 2, 2],
  attention_resolutions: [16],
  embed_channels: 8,
  style_channels: NUMBERS,
  num_res_blocks: 1,
  enc_num_res_blocks: 1,
};

let folder: string;
let files: string;
let server: Server;
let base: string;
/** What the server does with the next requests for a path; then it serves. */
const faults = new Map<string, Handler[]>();
const requests: { url: string; range?: string }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'published-'));
  files = join(folder, 'files');
  mkdirSync(files);
  writeCheckpoint(join(files, 'last.ckpt'), randomTensors(ARCHITECTURE, 'published'));
  writeClassifierPickles(files);
  server = createServer((request, response) => {
    requests.push({ url: request.url!, range: request.headers.range });
    const path = join(files, request.url!.slice(1).replace('moved/', ''));
    if (!existsSync(path)) return void answer(404)(request, response, Buffer.alloc(0));
    (faults.get(request.url!)?.shift() ?? serve)(request, response, readFileSync(path));
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise(done => server.close(done));
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  faults.clear();
  requests.length = 0;
});

const quick = { waitsMs: [1, 1], stallMs: 700 };
const target = (name: string) => join(folder, 'downloads', name);

describe('a download', () => {
  const content = () => readFileSync(join(files, 'last.ckpt'));
  const get = (name: string, handlers: Handler[] = [], more: object = {}) => {
    faults.set('/last.ckpt', handlers);
    return download(`${base}/last.ckpt`, target(name), { ...quick, ...more });
  };

  it('goes on where the connection broke, and shows how far it is', async () => {
    const seen: number[] = [];
    await get('cut', [cut, answer(503)], { onProgress: (received: number) => seen.push(received) });
    expect(readFileSync(target('cut'))).toEqual(content());
    expect(requests.map(({ range }) => range)).toEqual([
      undefined,
      expect.stringMatching(/^bytes=\d+-$/),
      expect.anything(),
    ]);
    expect(seen.at(-1)).toBe(content().length);
    expect(readdirSync(join(folder, 'downloads'))).toEqual(['cut']);
  });

  it('goes on in a later run, unless the file has changed since', async () => {
    await expect(get('later', [cut, answer(503), answer(503), answer(503)])).rejects.toThrow(
      /kept: the same command goes on/
    );
    requests.length = 0;
    await get('later');
    expect(requests[0].range).toMatch(/^bytes=/);
    expect(readFileSync(target('later'))).toEqual(content());

    await expect(get('changed', [cut, answer(503), answer(503), answer(503)])).rejects.toThrow(/503/);
    const whole: Handler = (_, response, bytes) =>
      response.writeHead(200, { etag: '"2"', 'content-length': bytes.length }).end(bytes);
    await get('changed', [whole]);
    expect(readFileSync(target('changed'))).toEqual(content());
  });

  it('follows redirects, waits for a slow server and gives up a silent one', async () => {
    await get('moved', [answer(302, { location: `${base}/moved/last.ckpt` })]);
    expect(readFileSync(target('moved'))).toEqual(content());
    await get('slow', [throttle]);
    expect(readFileSync(target('slow'))).toEqual(content());
    await get('silent', [silent], { stallMs: 300 });
    expect(readFileSync(target('silent'))).toEqual(content());
  });

  it.each([
    ['404', answer(404), /no such file \(404\); fetch it by hand .* --from/],
    ['403', answer(403), /refuses \(403\)/],

    ['a web page', answer(200, { 'content-type': 'text/html; charset=utf-8' }), /web page instead of the file/],
  ])('says what %s means, at once', async (name, handler, message) => {
    await expect(get(name, [handler])).rejects.toMatchObject({
      code: 'download',
      message: expect.stringMatching(message),
    });
    expect(requests).toHaveLength(1);
    expect(existsSync(target(name))).toBe(false);
  });

  it('says that nobody answers, and where it cannot write', async () => {
    await expect(download(`http://127.0.0.1:${await closedPort()}/last.ckpt`, target('none'), quick)).rejects.toThrow(
      /ECONNREFUSED.*--from/s
    );
    await expect(download('http://spine.invalid/x', target('none'), quick)).rejects.toThrow(/spine\.invalid/);
  });

  it('ends at once when it is cancelled, and keeps what it has', async () => {
    const cancel = new AbortController();
    const running = get('cancelled', [throttle], { signal: cancel.signal, onProgress: () => cancel.abort() });
    await expect(running).rejects.toThrow(/abort/i);
    expect(existsSync(target('cancelled'))).toBe(false);
    expect(existsSync(`${target('cancelled')}.part`)).toBe(true);
  });

  it('goes through the proxy that the environment names', async () => {
    const seen: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      seen.push(request.url!);
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    await new Promise<void>(done => proxy.listen(0, '127.0.0.1', done));
    process.env.http_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      await expect(download('http://spine.invalid/last.ckpt', target('proxy'), quick)).rejects.toThrow(
        /user name and password.*https_proxy/
      );
      expect(seen).toHaveLength(1);
    } finally {
      delete process.env.http_proxy;
      await new Promise(done => proxy.close(done));
    }
    expect(seen[0]).toBe('spine.invalid:80');
  });
});

describe('the whole command', () => {
  const options = (name: string, more: Partial<FetchOptions> = {}): FetchOptions => ({
    out: join(folder, name, 'published'),
    precision: 'float32',
    makeDefault: true,
    keepDownloads: false,
    download: quick,
    say: () => {},
    ...more,
  });
  // The made pickles are not the authors': their hashes are known here only.
  beforeAll(() => {
    for (const file of [CLASSIFIER, SCALER]) {
      jest.replaceProperty(file as { sha256?: string }, 'sha256', undefined);
    }
    expect(sources.MODEL_FILES).toContain(CLASSIFIER);
  });
  afterAll(() => jest.restoreAllMocks());

  it('makes the default model out of a folder, and pins its files', async () => {
    await fetchModel(options('folder', { from: files }));
    const manifest = parseManifest(JSON.parse(readFileSync(join(folder, 'folder/published/manifest.json'), 'utf8')));
    expect([manifest.id, manifest.codeSize]).toEqual(['published', NUMBERS]);
    const index = parseModelIndex(JSON.parse(readFileSync(join(folder, 'folder/index.json'), 'utf8')));
    expect(index.default).toBe('published');
    expect(readFileSync(join(folder, 'folder/published/MODEL_CARD.md'), 'utf8')).toMatch(/Research use only/);

    const other = join(folder, 'other');
    mkdirSync(other);
    for (const name of readdirSync(files)) copyFileSync(join(files, name), join(other, name));
    writeCheckpoint(join(other, 'last.ckpt'), randomTensors(ARCHITECTURE, 'another'));
    await expect(fetchModel(options('folder', { from: other }))).rejects.toThrow(/first use .*published\.sha256\.json/);
    rmSync(join(other, 'scaler.pkl'));
    await expect(fetchModel(options('folder', { from: other }))).rejects.toThrow(/lacks scaler\.pkl \(https:/);
  });

  it('does the same over HTTP with a connection that breaks, and removes what it downloaded', async () => {
    faults.set('/last.ckpt', [cut]);
    const fetching = options('http', { mirror: `${base}/` });
    await fetchModel(fetching);
    removeDownloads(fetching);
    expect(readdirSync(join(folder, 'http')).sort()).toEqual(['index.json', 'published', 'published.sha256.json']);
  });

  it('leaves a model that is there alone when a file is not what it says', async () => {
    writeFileSync(join(files, 'page.ckpt'), '<html>');
    faults.set('/last.ckpt', [(_, response) => response.writeHead(200).end('<html>')]);
    await expect(fetchModel(options('http', { mirror: base }))).rejects.toThrow(/SHA-256/);
    expect(existsSync(join(folder, 'http/published/manifest.json'))).toBe(true);
    await expect(fetchModel(options('fresh', { mirror: `${base}/nowhere` }))).rejects.toThrow(/404/);
    expect(existsSync(join(folder, 'fresh/index.json'))).toBe(false);
  });

  it('expects nothing of a later file because of a damaged one before it', async () => {
    const damaged = join(folder, 'damaged');
    mkdirSync(damaged);
    for (const name of readdirSync(files)) copyFileSync(join(files, name), join(damaged, name));
    writeFileSync(join(damaged, 'last.ckpt'), readFileSync(join(files, 'last.ckpt')).subarray(0, 3000));
    await expect(fetchModel(options('mended', { from: damaged }))).rejects.toMatchObject({ code: 'checkpoint-file' });
    expect(readdirSync(join(folder, 'mended'))).toEqual([]);
    await fetchModel(options('mended', { from: files }));

    faults.set('/last.ckpt', [(_, response, bytes) => response.writeHead(200).end(bytes.subarray(0, 3000))]);
    await expect(fetchModel(options('again', { mirror: base }))).rejects.toThrow(
      /damaged.*Removed: .*last\.ckpt.*; the same command downloads again/
    );
    await fetchModel(options('again', { mirror: base }));
  });

  it('says that what stands for a folder is none', async () => {
    const file = join(files, 'last.ckpt');
    await expect(fetchModel(options('none', { from: file }))).rejects.toThrow(/last\.ckpt: is a file; name the folder/);
    await expect(fetchModel(options('none', { from: join(files, 'absent') }))).rejects.toThrow(
      /absent: no such folder/
    );
    await expect(fetchModel({ ...options('none', { from: files }), out: file })).rejects.toThrow(/name the folder/);
  });

  it('verifies over HTTP on the sample: the numbers as they must be, each that differs by its name, before the list knows the model', async () => {
    // A body of 8 x 8 pixels holds few candidates.
    const dims = [64, 64, 3] as const;
    const voxels = Array.from({ length: 64 * 64 * 3 }, (_, i) => [i % 64, Math.floor(i / 64) % 64]);
    const affine = [0, 1, 2].map(axis => [0, 1, 2, 3].map(column => (axis === column ? 0.8 : 0)));
    const ct = Int16Array.from(voxels, ([x, y], i) =>
      Math.round(200 + 150 * Math.sin(x / 3) * Math.cos(y / 5) + (i % 7))
    );
    const inside = (x: number) => x >= 28 && x < 36;
    const mask = Uint8Array.from(voxels, ([x, y]) => (inside(x) && inside(y) ? 1 : 0));
    for (const [{ name }, data] of [[SAMPLE[0], ct] as const, [SAMPLE[1], mask] as const]) {
      // As the authors have it, not compressed.
      writeNifti(join(files, `${name}.gz`), data, dims, affine);
      writeFileSync(join(files, name), gunzipSync(readFileSync(join(files, `${name}.gz`))));
    }
    await fetchModel(options('own', { from: files }));
    const sample = await readSample(join(files, SAMPLE[0].name), join(files, SAMPLE[1].name));
    const own = await analyseSample(join(folder, 'own/published'), sample);
    const expected: ExpectedAttribution = {
      malignancyProbability: own.malignancyProbability,
      candidates: own.candidates.length,
      kept: own.candidates
        .filter(({ kept }) => kept)
        .map(({ kind, pixelCount, attributionScore }) => ({ kind, pixels: pixelCount, score: attributionScore })),
    };
    expect(expected.candidates).toBeGreaterThan(0);

    let shown: string[] = [];
    const verify = async (at: string, from: { ct: string; mask: string }) => {
      shown = await verifyModel(at, from, expected);
    };
    faults.set('/sample_ct.nii', [cut]);
    await fetchModel(options('verified', { mirror: base, verify }));
    expect(shown).toHaveLength(3 + 3 * expected.kept.length);
    expect(shown.every(line => line.startsWith('as expected'))).toBe(true);
    expect(existsSync(join(folder, 'verified/index.json'))).toBe(true);

    const theirs = (at: string, from: { ct: string; mask: string }) => verifyModel(at, from).then(() => undefined);
    await expect(fetchModel(options('differs', { mirror: base, verify: theirs }))).rejects.toMatchObject({
      code: 'verify',
      message: expect.stringMatching(
        /P\(malignant\) is [\d.]+ instead of 0\.967; candidates is \d+ instead of 11.*Do not use it/
      ),
    });
    expect(existsSync(join(folder, 'differs/index.json'))).toBe(false);
    // Neither a half-made model nor a hash that a later run would expect is left.
    expect(readdirSync(join(folder, 'differs'))).toEqual(['.published-downloads']);
  });
});
