import { randomUUID } from 'node:crypto';

import { HttpError } from './http';

export interface Part {
  /** Lower-cased header names. */
  headers: Record<string, string>;
  body: Buffer;
}

/** `multipart/related; type="application/dicom"; boundary=x` -> its media type (lower case) and parameters. */
export function parseContentType(header: string): { type: string; parameters: Record<string, string> } {
  const [type, ...rest] = header.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const parameters: Record<string, string> = {};
  for (const parameter of rest) {
    const equals = parameter.indexOf('=');
    if (equals < 0) continue;
    const value = parameter.slice(equals + 1).trim();
    parameters[parameter.slice(0, equals).trim().toLowerCase()] = value.replace(/^"(.*)"$/, '$1');
  }
  return { type: type.trim().toLowerCase(), parameters };
}

/**
 * Splits a multipart body (RFC 2046 section 5.1). A delimiter counts only at the start of a line and followed by the
 * end of the line or `--`, so that pixel data that happens to contain the boundary text is safe.
 * @throws HttpError 400 when there is no opening or closing delimiter or a part without a header block.
 */
export function parseMultipart(body: Buffer, boundary: string): Part[] {
  if (!boundary || boundary.length > 70) throw new HttpError(400, 'The multipart request names no valid boundary.');
  const parts: Part[] = [];
  let delimiter = nextDelimiter(body, boundary, 0);
  if (!delimiter) throw new HttpError(400, `The body has no part that starts with the boundary "${boundary}".`);
  while (!delimiter.closing) {
    const next = nextDelimiter(body, boundary, delimiter.end);
    if (!next) throw new HttpError(400, 'The multipart body ends without its closing boundary: was it cut off?');
    parts.push(parsePart(body.subarray(delimiter.end, next.start)));
    delimiter = next;
  }
  return parts;
}

interface Delimiter {
  /** Offset of the line break before the delimiter (which belongs to it). */
  start: number;
  /** Offset of the first byte after the delimiter's own line. */
  end: number;
  closing: boolean;
}

function nextDelimiter(body: Buffer, boundary: string, from: number): Delimiter | undefined {
  const mark = Buffer.from(`--${boundary}`, 'latin1');
  for (let at = body.indexOf(mark, from); at >= 0; at = body.indexOf(mark, at + 1)) {
    const lineStart = at === 0 || at === from || body.toString('latin1', at - 2, at) === '\r\n';
    if (!lineStart) continue;
    const after = body.toString('latin1', at + mark.length, at + mark.length + 80);
    const tail = /^(--)?[ \t]*(\r\n|$)/.exec(after);
    if (!tail || (!tail[1] && !tail[2])) continue;
    const start = at >= 2 && at !== from ? at - 2 : at;
    return { start, end: at + mark.length + tail[0].length, closing: tail[1] === '--' };
  }
  return undefined;
}

function parsePart(part: Buffer): Part {
  const headers: Record<string, string> = {};
  // A part without headers begins with the empty line itself.
  if (part.toString('latin1', 0, 2) === '\r\n') return { headers, body: part.subarray(2) };
  const blank = part.indexOf('\r\n\r\n');
  if (blank < 0) throw new HttpError(400, 'A part of the multipart body has no empty line after its headers.');
  for (const line of part.toString('latin1', 0, blank).split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body: part.subarray(blank + 4) };
}

/** A multipart/related message of parts that share one content type. */
export function buildMultipart(
  type: string,
  partType: string,
  bodies: Uint8Array[],
  boundary: string = randomUUID()
): { contentType: string; body: Buffer } {
  const chunks = bodies.flatMap(body => [
    Buffer.from(`--${boundary}\r\nContent-Type: ${partType}\r\nContent-Length: ${body.byteLength}\r\n\r\n`),
    body,
    Buffer.from('\r\n'),
  ]);
  return {
    contentType: `multipart/related; type="${type}"; boundary=${boundary}`,
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  };
}
