/** A viewer server on a temporary folder for the tests beside this file. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { contentSecurityPolicy, decoderPolicy, policiesFile } from '../contentSecurityPolicy';
import type { JsonDataset } from './dicomJson';
import { buildMultipart, parseContentType, parseMultipart } from '@spine/headless/multipart';
import { startServer, type ViewerServer, type ViewerServerOptions } from './server';

/** Of the test that runs. */
export let folder: string;
let servers: ViewerServer[];

/** Gives each test of the file a folder of its own with a small site and an empty DICOM folder; closes what it started. */
export function folderForEachTest(): void {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'viewer-server-'));
    servers = [];
    for (const name of ['dicom/deep', 'dist/assets']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'dist/index.html'), '<html>viewer</html>');
    writeFileSync(join(folder, 'dist/assets/a.wasm'), 'wasm');
    writeFileSync(join(folder, 'dist/decoder.js'), '1');
    const policies = { page: contentSecurityPolicy('<html>'), files: { '/decoder.js': decoderPolicy } };
    writeFileSync(join(folder, 'dist', policiesFile), JSON.stringify(policies));
    writeFileSync(join(folder, 'secret.txt'), 'secret');
  });
  afterEach(async () => {
    for (const server of servers) await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
}

export async function start(options: Partial<ViewerServerOptions> = {}): Promise<ViewerServer> {
  const server = await startServer({
    port: 0,
    dicomFolders: [join(folder, 'dicom')],
    dataFolder: join(folder, 'data'),
    dist: join(folder, 'dist'),
    log: () => undefined,
    ...options,
  });
  servers.push(server);
  return server;
}

export function addFile(name: string, bytes: Buffer | string): void {
  writeFileSync(join(folder, 'dicom', name), bytes);
}

export const get = (server: ViewerServer, path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers });
export const rows = async (server: ViewerServer, path: string) =>
  (await (await get(server, path)).json()) as JsonDataset[];

export function store(server: ViewerServer, parts: Buffer[], path = '/dicomweb/studies'): Promise<Response> {
  const { contentType, body } = buildMultipart('application/dicom', 'application/dicom', parts);
  return fetch(server.url + path, {
    method: 'POST',
    headers: { 'Content-Type': contentType },
    body: new Uint8Array(body),
  });
}

export async function parts(response: Response): Promise<{ type: string; body: Buffer }[]> {
  const { parameters } = parseContentType(response.headers.get('content-type') ?? '');
  return parseMultipart(Buffer.from(await response.arrayBuffer()), parameters.boundary).map(({ headers, body }) => ({
    type: headers['content-type'],
    body,
  }));
}
