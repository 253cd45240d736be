import type { IncomingMessage, ServerResponse } from 'node:http';

/** An answer other than success; anything else thrown by a handler is a fault of the server (500). */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string
  ) {
    super(message);
  }
}

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
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

/**
 * Reads a whole request body.
 * @param limit largest accepted size in bytes; beyond it the rest is drained unread and 413 thrown
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = () => new HttpError(413, `The request is larger than the ${limit} bytes this server accepts.`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0; // keep reading, so that the client gets the answer instead of a broken connection
  }
  if (size > limit) throw tooLarge();
  return Buffer.concat(chunks);
}
