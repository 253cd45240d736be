import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

import { type ContentSecurityPolicies, dataPolicy, policiesFile } from '../contentSecurityPolicy';
import { viewerDist } from '../paths';
import { handleDicomweb } from './dicomweb';
import { allowedHosts, type AllowedHosts, checkAccess } from './access';
import { endUnread, HttpError, sendText } from './http';
import { InstanceStore, type ScanResult } from './instanceStore';
import { proxyToPacs } from './pacsProxy';
import { serveFile } from './staticFiles';

export interface ViewerServerOptions {
  /** 0 takes any free port. */
  port: number;
  host?: string;
  /** Further values of the Host header to answer to, e.g. the name of a reverse proxy in front. */
  allowedHosts?: string[];
  /** Folders of DICOM files to offer, read only. */
  dicomFolders: string[];
  /** Folder that takes what the viewer stores; created when missing. */
  dataFolder: string;
  /** A PACS to mount under /orthanc, e.g. http://127.0.0.1:8042 */
  pacs?: URL;
  /** COOP/COEP headers, which give the page SharedArrayBuffer and so WebAssembly threads. Default true. */
  crossOriginIsolated?: boolean;
  /** A PACS that says nothing for so long is given up. Default one minute. */
  pacsSilenceMs?: number;
  /** Refuse STOW-RS, to the PACS as well. */
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
  /** What was found in the data folder; `unreadable` names what was damaged since it was stored. */
  stored: ScanResult;
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
/** 1 GB through a slow network. */
const uploadTimeoutMs = 30 * 60_000;
const defaultPacsSilenceMs = 60_000;

interface Context {
  options: ViewerServerOptions;
  store: InstanceStore;
  policies: ContentSecurityPolicies;
  hosts: AllowedHosts;
}

/** Starts the viewer and its DICOMweb server. @throws Error with code EADDRINUSE when the port is taken. */
export async function startServer(options: ViewerServerOptions): Promise<ViewerServer> {
  const { dicomFolders, dataFolder, host = '127.0.0.1' } = options;
  mkdirSync(dataFolder, { recursive: true });
  const store = new InstanceStore('/dicomweb', dataFolder);
  const scans: ScanResult[] = [];
  for (const folder of dicomFolders) scans.push(await store.scan(folder));
  const stored = await store.scan(dataFolder);

  const policies = readPolicies(options.dist ?? viewerDist);
  const handle = (request: IncomingMessage, response: ServerResponse) =>
    void answer({ options, store, policies, hosts }, request, response);
  const server = createServer({ requestTimeout: uploadTimeoutMs }, handle);
  server.on('checkContinue', handle); // large bodies are asked for only when they are wanted
  let hosts: AllowedHosts = new Set();
  await listen(server, options.port, host);
  const { port, address: listensOn } = server.address() as AddressInfo;
  hosts = allowedHosts([host, listensOn], port, options.allowedHosts);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    store,
    scans,
    stored,
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** @throws Error when the viewer is not assembled */
function readPolicies(dist: string): ContentSecurityPolicies {
  const file = join(dist, policiesFile);
  if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run build", which assembles the viewer.`);
  return JSON.parse(readFileSync(file, 'utf8')) as ContentSecurityPolicies;
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

async function answer(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { options, policies } = context;
  const log = options.log ?? console.log;
  request.on('error', () => undefined); // a client that goes away; whoever reads the body hears of it
  try {
    if (options.crossOriginIsolated ?? true) {
      for (const [name, value] of Object.entries(isolationHeaders)) response.setHeader(name, value);
    }
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer'); // addresses name studies
    response.setHeader('Content-Security-Policy', policies.page);
    await route(context, request, response, log);
  } catch (error) {
    const known = error instanceof HttpError;
    if (!known) log(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`);
    if (response.headersSent) response.destroy();
    else sendText(response, known ? error.status : 500, known ? error.message : 'The server failed; its log says why.');
    endUnread(request);
  }
}

async function route(
  { options, store, policies, hosts }: Context,
  request: IncomingMessage,
  response: ServerResponse,
  log: (line: string) => void
): Promise<void> {
  const { path, rawPath, search } = parseTarget(request.url ?? '/');
  const { pacs, maxStowBytes = defaultMaxStowBytes, readOnly = false } = options;
  const isDicomweb = path.startsWith('/dicomweb/');
  const isPacs = pacs !== undefined && rawPath.startsWith(`${pacsMount}/`);
  checkAccess(request, hosts, !isDicomweb && !isPacs && extname(path) === '');
  if (isDicomweb || isPacs) response.setHeader('Content-Security-Policy', dataPolicy);
  if (isDicomweb) {
    return handleDicomweb(
      store,
      { maxStowBytes, readOnly, log },
      request,
      response,
      path.slice('/dicomweb'.length),
      new URLSearchParams(search)
    );
  }
  if (isPacs) {
    const { pacsSilenceMs: silenceMs = defaultPacsSilenceMs } = options;
    const proxy = { pacs, mount: pacsMount, readOnly, maxStowBytes, silenceMs };
    return proxyToPacs(proxy, rawPath.slice(pacsMount.length) + search, request, response);
  }
  if (path === '/viewer-settings.js') {
    const settings = JSON.stringify({ pacs: Boolean(pacs), ...options.settings });
    response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(`window.spineSettings = ${settings};\n`);
    return;
  }
  if (Object.hasOwn(policies.files, path)) response.setHeader('Content-Security-Policy', policies.files[path]);
  return serveFile(options.dist ?? viewerDist, path, request, response);
}

/**
 * @returns the path, decoded and as it came, and the query with its question mark
 * @throws HttpError 400 for anything but a path of this server
 */
function parseTarget(target: string): { path: string; rawPath: string; search: string } {
  const [rawPath] = target.split('?', 1);
  // No "http://other/…", which proxies are asked for, and no "//other/…".
  if (!/^\/(?!\/)/.test(rawPath)) throw new HttpError(400, 'The address of the request is malformed.');
  try {
    return { path: decodeURIComponent(rawPath), rawPath, search: target.slice(rawPath.length) };
  } catch {
    throw new HttpError(400, 'The address of the request is malformed.');
  }
}
