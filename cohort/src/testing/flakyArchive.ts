/** An archive behind a proxy that refuses a store or goes away when a test wants it to. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface FlakyArchive {
  readonly url: string;
  /** The next POST is answered with 503. */
  refuseNextStow: boolean;
  /** How many were. */
  readonly refused: number;
  /** Breaks all connections, and refuses new ones for so long. */
  away(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** @param target the archive itself */
export async function startFlakyArchive(target: URL): Promise<FlakyArchive> {
  let open = true;
  let refused = 0;
  const server: Server = createServer((incoming, outgoing) => {
    if (!open) return void incoming.destroy();
    if (incoming.method === 'POST' && proxy.refuseNextStow) {
      proxy.refuseNextStow = false;
      refused++;
      incoming.resume();
      return void outgoing.writeHead(503).end();
    }
    const headers = { ...incoming.headers, host: target.host };
    const upstream = request(
      { host: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers },
      answer => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }
    );
    upstream.on('error', () => outgoing.destroy());
    incoming.pipe(upstream);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const proxy: FlakyArchive = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuseNextStow: false,
    get refused() {
      return refused;
    },
    away: async ms => {
      open = false;
      server.closeAllConnections();
      await wait(ms);
      open = true;
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
