import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { viewerDist } from '../paths';
import { handleDicomweb } from './dicomweb';
import { HttpError, sendText } from './http';
import { InstanceStore, type ScanResult } from './instanceStore';
import { proxyToPacs } from './pacsProxy';
import { serveFile } from './staticFiles';

export interface ViewerServerOptions {
  /** 0 takes any free port. */
  port: number;
  host?: string;
  /** Folders of DICOM files to offer, read only. */
  dicomFolders: string[];
  /** Folder that takes what the viewer stores; created when missing. */
  dataFolder: string;
  /** A PACS to mount under /orthanc, e.g. http://127.0.0.1:8042 */
  pacs?: URL;
  /** COOP/COEP headers, which give the page SharedArrayBuffer and so WebAssembly threads. Default true. */
  crossOriginIsolated?: boolean;
  /** Refuse STOW-RS. */
  readOnly?: boolean;
  maxStowBytes?: number;
  /** Assembled viewer; default viewer/dist. */
  dist?: string;
  /** Passed to the page as window.spineSettings, e.g. { extensionConfiguration: { archiveTimeoutSeconds: 30 } }. */
  settings?: Record<string, unknown>;
  log?(line: string): void;
}

export interface ViewerServer {
  /** e.g. http://127.0.0.1:3000 */
  url: string;
  store: InstanceStore;
  /** What was found in each DICOM folder, in their order. */
  scans: ScanResult[];
  close(): Promise<void>;
}

const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
const pacsMount = '/orthanc';
/** A SEG of 40 segments over 600 slices of 512 x 512 is below 1 GB. */
const defaultMaxStowBytes = 1024 ** 3;

/** Starts the viewer and its DICOMweb server. @throws Error with code EADDRINUSE when the port is taken. */
export async function startServer(options: ViewerServerOptions): Promise<ViewerServer> {
  const { dicomFolders, dataFolder, host = '127.0.0.1' } = options;
  mkdirSync(dataFolder, { recursive: true });
  const store = new InstanceStore('/dicomweb', dataFolder);
  const scans: ScanResult[] = [];
  for (const folder of dicomFolders) scans.push(await store.scan(folder));
  await store.scan(dataFolder);

  const server = createServer((request, response) => void answer(options, store, request, response));
  await listen(server, options.port, host);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    store,
    scans,
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(
  options: ViewerServerOptions,
  store: InstanceStore,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  const log = options.log ?? console.log;
  try {
    if (options.crossOriginIsolated ?? true) {
      for (const [name, value] of Object.entries(isolationHeaders)) response.setHeader(name, value);
    }
    response.setHeader('X-Content-Type-Options', 'nosniff');
    await route(options, store, request, response, log);
  } catch (error) {
    const known = error instanceof HttpError;
    if (!known) log(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`);
    if (response.headersSent) response.destroy();
    else sendText(response, known ? error.status : 500, known ? error.message : 'The server failed; its log says why.');
  }
}

async function route(
  options: ViewerServerOptions,
  store: InstanceStore,
  request: IncomingMessage,
  response: ServerResponse,
  log: (line: string) => void
): Promise<void> {
  const { path, search, url } = parseTarget(request.url ?? '/');
  const { pacs } = options;
  if (path.startsWith('/dicomweb/')) {
    const { maxStowBytes = defaultMaxStowBytes, readOnly = false } = options;
    return handleDicomweb(
      store,
      { maxStowBytes, readOnly, log },
      request,
      response,
      path.slice('/dicomweb'.length),
      url.searchParams
    );
  }
  if (pacs && path.startsWith(`${pacsMount}/`)) {
    return proxyToPacs(pacs, pacsMount, url.pathname.slice(pacsMount.length) + search, request, response);
  }
  if (path === '/viewer-settings.js') {
    const settings = JSON.stringify({ pacs: Boolean(pacs), ...options.settings });
    response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(`window.spineSettings = ${settings};\n`);
    return;
  }
  return serveFile(options.dist ?? viewerDist, path, request, response);
}

/** @throws HttpError 400 for an address that cannot be decoded. */
function parseTarget(target: string): { path: string; search: string; url: URL } {
  try {
    const url = new URL(target, 'http://localhost');
    return { path: decodeURIComponent(url.pathname), search: url.search, url };
  } catch {
    throw new HttpError(400, 'The address of the request is malformed.');
  }
}
