import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to the next uploads. */
export type Fault = 'none' | 'hang' | 'drop' | 'refuse';

export interface FaultyRelay {
  url: URL;
  fault: Fault;
  /** Uploads that met the fault so far. */
  met: number;
  close(): Promise<void>;
}

/** Stands before a PACS and passes everything on, but for uploads: they can get no answer, a broken connection or a refusal. */
export async function startFaultyRelay(pacs: URL): Promise<FaultyRelay> {
  const server = createServer((request, response) => {
    if (request.method === 'POST' && relay.fault !== 'none') {
      relay.met++;
      const { fault } = relay;
      // As an archive does: an answer before the end of the upload may be lost when the connection is closed under the sender.
      request.resume().on('end', () => fault === 'refuse' && response.writeHead(507).end('disk full'));
      if (fault === 'drop') request.socket.destroy();
      return;
    }
    const { method, url, headers } = request;
    const upstream = httpRequest({ hostname: pacs.hostname, port: pacs.port, path: url, method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', () => response.destroy());
    request.pipe(upstream);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const relay: FaultyRelay = {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    fault: 'none',
    met: 0,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return relay;
}
