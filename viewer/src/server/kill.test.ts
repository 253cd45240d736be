/** A server process that is killed while it stores: nothing half is offered afterwards, and sending again succeeds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'esbuild';

import type { JsonDataset } from './dicomJson';
import { buildMultipart } from '@spine/headless/multipart';
import { dicomFile } from './testing';

const megabyte = 1024 ** 2;
const kills = 20;
const file = dicomFile({
  sop: '1.2.1.1',
  attributes: { Rows: 5120, Columns: 5120, PixelData: new Uint8Array(50 * megabyte).fill(7).buffer },
});
const { contentType, body } = buildMultipart('application/dicom', 'application/dicom', [file]);

let folder: string;
let child: ChildProcess | undefined;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-kill-'));
  await build({
    stdin: {
      contents: `import { startServer } from './server';
        startServer({ port: 0, dicomFolders: [], dataFolder: process.argv[2], dist: process.argv[3] }).then(({ url, stored }) =>
          console.log(JSON.stringify({ url, damaged: stored.unreadable })));`,
      resolveDir: __dirname,
    },
    bundle: true,
    platform: 'node',
    outfile: join(folder, 'server.cjs'),
    logLevel: 'error',
    alias: { '@spine/dicom': join(__dirname, '../../../extensions/vertebra-metastasis/src/dicom') },
  });
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist/content-security-policy.json'), '{"page":"","files":{}}');
});

afterAll(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** @returns what it found damaged in its data folder */
async function startProcess(): Promise<unknown[]> {
  child = spawn(process.execPath, [join(folder, 'server.cjs'), join(folder, 'data'), join(folder, 'dist')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    child!.stdout!.once('data', chunk => resolve(String(chunk)));
    child!.once('exit', code => reject(new Error(`The server ended with ${code}.`)));
  });
  const started = JSON.parse(line) as { url: string; damaged: unknown[] };
  url = started.url;
  return started.damaged;
}

/** Sends the instance and kills the server after `bytes` of it, or `delayMs` after the last. @returns the answer's status, if any */
function sendAndKill(signal: NodeJS.Signals, bytes: number, delayMs: number): Promise<number | undefined> {
  const dying = child!;
  return new Promise(resolve => {
    let status: number | undefined;
    dying.once('exit', () => resolve(status));
    const upload = request(`${url}/dicomweb/studies`, {
      method: 'POST',
      headers: { 'Content-Type': contentType, 'Content-Length': body.length },
    });
    upload.on('error', () => undefined);
    upload.on('response', answer => {
      status = answer.statusCode;
      answer.resume();
    });
    upload.write(body.subarray(0, bytes), () => setTimeout(() => dying.kill(signal), delayMs));
  });
}

const send = () =>
  fetch(`${url}/dicomweb/studies`, {
    method: 'POST',
    headers: { 'Content-Type': contentType },
    body: new Uint8Array(body),
  });

it(`${kills} kills at any byte of 50 MB`, async () => {
  const seed = 20260115;
  let state = seed;
  const random = () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
  const outcomes = { whole: 0, nothing: 0 };
  await startProcess();
  for (let n = 0; n < kills; n++) {
    // Half of them while the body is on its way, half while it is checked and given its place.
    const early = n % 2 === 0;
    const bytes = early ? Math.floor(random() * body.length) : body.length;
    const answered = await sendAndKill(n % 4 < 2 ? 'SIGKILL' : 'SIGTERM', bytes, early ? 0 : random() * 400);
    expect(await startProcess()).toEqual([]);
    const found = (await (await fetch(`${url}/dicomweb/instances`)).json()) as JsonDataset[];
    outcomes[found.length ? 'whole' : 'nothing']++;
    if (early) expect(found).toEqual([]);
    if (answered === 200) expect(found).toHaveLength(1);
    expect((await send()).status).toBe(200);
    expect(readFileSync(join(folder, 'data/1.2/1.2.1/1.2.1.1.dcm')).equals(file)).toBe(true);
    expect(readdirSync(join(folder, 'data'))).toEqual(['1.2']); // and nothing is left of the broken upload
    rmSync(join(folder, 'data/1.2'), { recursive: true });
  }
  expect(outcomes.nothing).toBeGreaterThanOrEqual(kills / 2);
  // Half a minute where nothing else runs.
}, 600_000);
