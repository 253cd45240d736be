import { buildMultipart, MultipartError, parseContentType, parseMultipart, readMultipart } from './multipart';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const body = (...lines: string[]) => bytes(lines.join('\r\n'));

describe('parseContentType', () => {
  it('reads quoted and bare parameters', () => {
    expect(parseContentType('Multipart/Related; type="application/dicom"; Boundary=a_b;x="p;q"')).toEqual({
      type: 'multipart/related',
      parameters: { type: 'application/dicom', boundary: 'a_b', x: 'p;q' },
    });
  });
});

describe('parseMultipart', () => {
  it('returns what buildMultipart wrote, byte for byte', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const parts = [all, Buffer.alloc(0), bytes('\r\n--xyz is not at the end of a line'), bytes('ends with\r\n')];
    const message = buildMultipart('application/dicom', 'application/dicom', parts, 'xyz');
    const parsed = parseMultipart(message.body, parseContentType(message.contentType).parameters.boundary);
    expect(parsed.map(part => part.body)).toEqual(parts);
    expect(parsed[0].headers['content-type']).toBe('application/dicom');
  });

  it('skips preamble and epilogue, and accepts parts without headers', () => {
    const message = body('preamble', '--b', '', 'one', '--b  ', 'X: y', '', 'two', '--b--', 'epilogue');
    expect(parseMultipart(message, 'b').map(part => part.body.toString())).toEqual(['one', 'two']);
  });

  it('gives the same however the body is cut into chunks', async () => {
    const parts = [bytes('x--xyz\r\n\r\n--xyzz\r\n--xyz- \r\n'), Buffer.alloc(0), bytes('\r'), bytes('\r\n')];
    const message = buildMultipart('application/dicom', 'application/dicom', parts, 'xyz');
    for (const size of [1, 2, 3, 7, 40, 1000]) {
      const seen: Buffer[] = [];
      for await (const event of readMultipart(chunks(message.body, size), 'xyz')) {
        if ('headers' in event) seen.push(Buffer.alloc(0));
        else seen.push(Buffer.concat([seen.pop()!, event.bytes]));
      }
      expect(seen).toEqual(parts);
    }
  });

  it.each([
    ['no boundary', body('--b', '', 'x', '--b--'), ''],
    ['another boundary', body('--b', '', 'x', '--b--'), 'c'],
    ['a body that is cut off', body('--b', '', 'x'), 'b'],
    ['a part without the empty line', body('--b', 'Content-Type: x', '--b--'), 'b'],
    ['nothing', Buffer.alloc(0), 'b'],
  ])('refuses %s', (_, message, boundary) => {
    expect(() => parseMultipart(message, boundary)).toThrow(MultipartError);
  });
});

async function* chunks(body: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}
