/** A PACS that does what a test wants, and plain sockets to ask the viewer server in ways that fetch() would not. */
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { createServer } from 'node:http';

import type { ViewerServer } from './server';

const servers: { close(callback: () => void): unknown; closeAllConnections?(): void }[] = [];

/** Call at the top of a test file. */
export function closePacsAfterEachTest(): void {
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections?.();
      await new Promise<void>(resolve => server.close(resolve));
    }
  });
}

export async function httpPacs(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<URL> {
  const server = createServer(answer);
  servers.push(server);
  return listening(server);
}

/** Answers each connection's first bytes with these and keeps it open; undefined: says nothing. */
export async function rawPacs(answer: string | undefined, end = false): Promise<URL> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createTcpServer(socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      if (answer !== undefined) socket.write(answer, 'latin1');
      if (end) socket.end();
    });
  });
  servers.push(Object.assign(server, { closeAllConnections: () => sockets.forEach(socket => socket.destroy()) }));
  return listening(server);
}

async function listening(server: Server): Promise<URL> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/**
 * Sends a request line and headers as they are; `Host` is the server's own unless given.
 * @param hangUp closes the connection after the body, however long it was announced
 * @returns the whole answer; '' when there was none
 */
export function rawRequest(
  server: ViewerServer,
  line: string,
  headers: Record<string, string> = {},
  body = '',
  hangUp = false
): Promise<string> {
  const { host, port } = new URL(server.url);
  const head = Object.entries({ Host: host, Connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}`
  );
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(`${line} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n${body}`, 'latin1');
      if (hangUp) socket.end();
    });
    let text = '';
    socket.on('data', chunk => (text += String(chunk)));
    socket.on('close', () => resolve(text)).on('error', reject);
  });
}

/** Status code of an answer of {@link rawRequest}; 0 when there was none. */
export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
