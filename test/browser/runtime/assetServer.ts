import { createReadStream, existsSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};
/** Nothing from another host, no eval: the plugin must run in a page that forbids both. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

export interface AssetServer {
  readonly origin: string;
  /** Paths asked for since the last clearing. */
  readonly requests: string[];
  close(): Promise<void>;
}

/**
 * Serves an empty page with page.js and the given folders, on a free port.
 * @param mounts URL prefix ("/models/") -> folder
 * @param isolated with the headers that make the page cross-origin isolated (shared memory, so threads)
 */
export async function startAssetServer(
  mounts: Readonly<Record<string, string>>,
  { isolated }: { isolated: boolean }
): Promise<AssetServer> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname));
    requests.push(path);
    response.setHeader('Content-Security-Policy', POLICY);
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    if (path === '/') {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>runtime</title><script src="/page/page.js"></script>');
      return;
    }
    const prefix = Object.keys(mounts).find(mount => path.startsWith(mount));
    const file = prefix && join(mounts[prefix], path.slice(prefix.length));
    if (!file || !existsSync(file)) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
