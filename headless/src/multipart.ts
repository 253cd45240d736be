/** Multipart messages of DICOMweb (RFC 2046, PS3.18 8.6.1.2), for servers and clients. */
import { randomUUID } from 'node:crypto';

/** A message that is malformed or cut off; whose fault that is, the caller knows. */
export class MultipartError extends Error {
  override readonly name = 'MultipartError';
}

export interface Part {
  /** Lower-cased header names. */
  headers: Record<string, string>;
  body: Buffer;
}

/** What comes out of a multipart body, in its order: the headers of a part, then its bytes in pieces. */
export type PartEvent = { headers: Record<string, string> } | { bytes: Buffer };

const maxHeaderBytes = 16 * 1024;
/** Longest tail of a delimiter line that is looked at: `--` and padding. */
const maxTailBytes = 80;
const lineBreak = '\r\n';

/** `multipart/related; type="application/dicom"; boundary=x` -> its media type (lower case) and parameters. */
export function parseContentType(header: string): { type: string; parameters: Record<string, string> } {
  const [, type, rest] = /^([^;]*)(.*)$/s.exec(header)!;
  const parameters: Record<string, string> = {};
  for (const [, name, quoted, bare] of rest.matchAll(/;\s*([^\s=;"]+)\s*=\s*(?:"([^"]*)"|([^;"]*))/g)) {
    parameters[name.toLowerCase()] = quoted ?? bare.trim();
  }
  return { type: type.trim().toLowerCase(), parameters };
}

/** Takes a whole multipart body apart. @throws MultipartError, see {@link readMultipart} */
export function parseMultipart(body: Buffer, boundary: string): Part[] {
  const parser = new MultipartParser(boundary);
  const parts: { headers: Record<string, string>; pieces: Buffer[] }[] = [];
  for (const event of [...parser.push(body), ...parser.end()]) {
    if ('headers' in event) parts.push({ headers: event.headers, pieces: [] });
    else parts[parts.length - 1].pieces.push(event.bytes);
  }
  return parts.map(({ headers, pieces }) => ({ headers, body: Buffer.concat(pieces) }));
}

/**
 * Takes a multipart body (RFC 2046 section 5.1) apart as it arrives. A delimiter counts only at the start of a line and
 * followed by the end of the line or `--`, so that pixel data that happens to contain the boundary text is safe. No more is
 * kept in memory than a chunk of `source` and a part's headers.
 * @throws MultipartError when there is no opening or closing delimiter or a part without a header block
 */
export async function* readMultipart(source: AsyncIterable<Buffer>, boundary: string): AsyncGenerator<PartEvent> {
  const parser = new MultipartParser(boundary);
  for await (const chunk of source) yield* parser.push(chunk);
  yield* parser.end();
}

class MultipartParser {
  private readonly mark: Buffer;
  private state: 'preamble' | 'headers' | 'body' | 'epilogue' = 'preamble';
  /**
   * What is not yet given out. It begins as if a line break came before the body, and in a part with the one that ends its
   * headers: a delimiter needs one before it.
   */
  private rest: Buffer = Buffer.from(lineBreak);
  /** Bytes at the beginning of `rest` that do not belong to the part's body. */
  private skip = 0;

  constructor(private readonly boundary: string) {
    if (!boundary || boundary.length > 70) throw new MultipartError('The multipart request names no valid boundary.');
    this.mark = Buffer.from(`${lineBreak}--${boundary}`, 'latin1');
  }

  *push(chunk: Buffer): Generator<PartEvent> {
    if (this.state === 'epilogue') return;
    this.rest = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk;
    yield* this.take(false);
  }

  *end(): Generator<PartEvent> {
    yield* this.take(true);
    switch (this.state) {
      case 'epilogue':
        return;
      case 'preamble':
        throw new MultipartError(`The body has no part that starts with the boundary "${this.boundary}".`);
      case 'headers':
        throw new MultipartError('A part of the multipart body has no empty line after its headers.');
      case 'body':
        throw new MultipartError('The multipart body ends without its closing boundary: was it cut off?');
    }
  }

  /** @param final whether nothing more comes */
  private *take(final: boolean): Generator<PartEvent> {
    while (this.state !== 'epilogue') {
      if (this.state === 'headers') {
        const block = headerBlock(this.rest, this.mark);
        if (!block) return;
        yield { headers: block.headers };
        this.rest = this.rest.subarray(block.end - lineBreak.length);
        this.skip = lineBreak.length;
        this.state = 'body';
      }
      const found = nextDelimiter(this.rest, this.mark, final);
      const end = found?.start ?? Math.max(0, this.rest.length - this.mark.length + 1);
      if (this.state === 'body' && end > this.skip) yield { bytes: this.rest.subarray(this.skip, end) };
      this.skip = Math.max(0, this.skip - end);
      this.rest = this.rest.subarray(found?.end ?? end);
      if (found?.end === undefined) return;
      this.state = found.closing ? 'epilogue' : 'headers';
    }
  }
}

interface Delimiter {
  /** Offset of the line break before the delimiter (which belongs to it). */
  start: number;
  /** Offset of the first byte after the delimiter's own line; undefined: more must be read to tell whether it is one. */
  end?: number;
  closing: boolean;
}

function nextDelimiter(bytes: Buffer, mark: Buffer, final: boolean): Delimiter | undefined {
  for (let start = bytes.indexOf(mark); start >= 0; start = bytes.indexOf(mark, start + 1)) {
    const tailAt = start + mark.length;
    const text = bytes.toString('latin1', tailAt, tailAt + maxTailBytes);
    const tail = /^(--)?[ \t]*\r\n/.exec(text);
    if (tail) return { start, end: tailAt + tail[0].length, closing: tail[1] === '--' };
    if (text.length === maxTailBytes || !/^-{0,2}[ \t]*\r?$/.test(text)) continue;
    if (!final) return { start, closing: false };
    if (text.startsWith('--')) return { start, end: bytes.length, closing: true };
  }
  return undefined;
}

/** @throws MultipartError when the headers do not end */
function headerBlock(bytes: Buffer, mark: Buffer): { headers: Record<string, string>; end: number } | undefined {
  const headers: Record<string, string> = {};
  if (bytes.length < lineBreak.length) return undefined;
  // A part without headers begins with the empty line itself.
  if (bytes.toString('latin1', 0, 2) === lineBreak) return { headers, end: lineBreak.length };
  const blank = bytes.indexOf(`${lineBreak}${lineBreak}`);
  const delimiter = bytes.indexOf(mark);
  if ((blank < 0 ? bytes.length : blank) > maxHeaderBytes || (delimiter >= 0 && (blank < 0 || delimiter < blank))) {
    throw new MultipartError('A part of the multipart body has no empty line after its headers.');
  }
  if (blank < 0) return undefined;
  for (const line of bytes.toString('latin1', 0, blank).split(lineBreak)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, end: blank + 2 * lineBreak.length };
}

/** A multipart/related message of parts that share one content type. */
export function buildMultipart(
  type: string,
  partType: string,
  bodies: Uint8Array[],
  boundary: string = randomUUID()
): { contentType: string; body: Buffer<ArrayBuffer> } {
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
