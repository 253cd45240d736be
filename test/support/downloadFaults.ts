/** Answers of a download server: as it should be, and with each fault of a network. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse, content: Buffer) => void;

/** The file, from the byte that the request asks for. */
export const serve: Handler = (request, response, content) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const range = start ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {};
  response.writeHead(start ? 206 : 200, { etag: '"1"', 'content-length': content.length - start, ...range });
  response.end(content.subarray(start));
};
/** Announces all, sends half and breaks off. */
export const cut: Handler = (_, response, content) => {
  response.writeHead(200, { etag: '"1"', 'content-length': content.length });
  response.write(content.subarray(0, content.length / 2));
  setTimeout(() => response.destroy(), 400);
};
export const silent: Handler = (_, response, content) => {
  response.writeHead(200, { etag: '"1"', 'content-length': content.length });
  response.write(content.subarray(0, 100));
};
export const answer =
  (status: number, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    response.writeHead(status, headers).end('<html>');
export const throttle: Handler = (_, response, content) => {
  response.writeHead(200, { 'content-length': content.length });
  const step = Math.ceil(content.length / 20);
  let sent = 0;
  const timer = setInterval(() => {
    response.write(content.subarray(sent, (sent += step)));
    if (sent >= content.length) response.end(() => clearInterval(timer));
  }, 10);
};

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const closed = createServer();
  await new Promise<void>(done => closed.listen(0, '127.0.0.1', done));
  const { port } = closed.address() as AddressInfo;
  await new Promise(done => closed.close(done));
  return port;
}
