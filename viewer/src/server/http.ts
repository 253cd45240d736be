import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Readable, Transform } from 'node:stream';

/** An answer other than success; anything else thrown by a handler is a fault of the server (500). */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string
  ) {
    super(message);
  }
}

/** How long a client may go on sending a body that is already refused, so that it gets to read why. */
const lingerMs = 2000;

export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {}
): void {
  response.writeHead(status, { 'Content-Type': 'application/dicom+json', ...headers });
  response.end(JSON.stringify(body));
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

const tooLarge = (limit: number) =>
  new HttpError(413, `The request is larger than the ${limit} bytes this server accepts.`);

/** @throws HttpError 413 when the request announces more than `limit` bytes, before any of them is read */
export function checkLength(request: IncomingMessage, limit: number): void {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
}

/** Tells a client that waits for it (`Expect: 100-continue`) to send its body. */
export function expectBody(request: IncomingMessage, response: ServerResponse): void {
  if (/^100-continue$/i.test(request.headers.expect ?? '')) response.writeContinue();
}

/** Passes bytes through, and fails with HttpError 413 after `limit` of them. @param seen called at each chunk */
export function limitBytes(limit: number, seen: () => void = () => undefined): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      seen();
      size += chunk.length;
      if (size > limit) done(tooLarge(limit));
      else done(null, chunk);
    },
  });
}

/**
 * The body of a request, read as fast as it is used up.
 * @throws HttpError 413 when it is announced to be longer than `limit` bytes; the same from the stream when it proves to be
 */
export function bodyOf(request: IncomingMessage, response: ServerResponse, limit: number): Readable {
  checkLength(request, limit);
  expectBody(request, response);
  // Not `pipeline`: that would take the connection down with the body, and with it the answer that says why.
  const body = limitBytes(limit);
  request
    .on('error', error => body.destroy(error))
    .on('close', () => {
      if (!request.complete) body.destroy(new HttpError(400, 'The request ended before its body was whole.'));
    });
  return request.pipe(body);
}

/**
 * Ends a connection whose request was answered before its body was read: what still comes is thrown away for a moment, since
 * many clients read the answer only when they have sent everything, and then the connection is closed.
 */
export function endUnread(request: IncomingMessage): void {
  if (request.complete || request.socket.destroyed) return;
  const timer = setTimeout(() => request.socket.destroy(), lingerMs);
  timer.unref();
  request.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
  request.on('error', () => undefined); // the client gave up: nothing more to tell it
  request.unpipe();
  request.resume();
}
