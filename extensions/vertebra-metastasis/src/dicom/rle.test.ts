import { decodeRleFrame } from './rle';

/** PackBits of one byte plane: runs of equal bytes, else literals. */
function packBits(bytes: readonly number[]): number[] {
  const output: number[] = [];
  for (let n = 0; n < bytes.length; ) {
    let run = 1;
    while (run < 128 && bytes[n + run] === bytes[n]) run++;
    if (run > 1) output.push(257 - run, bytes[n]);
    else output.push(0, bytes[n]);
    n += run;
  }
  return output;
}

function encode(...planes: number[][]): Uint8Array {
  const packed = planes.map(packBits);
  const frame = new Uint8Array(64 + packed.reduce((sum, plane) => sum + plane.length, 0));
  const header = new DataView(frame.buffer);
  header.setUint32(0, planes.length, true);
  let offset = 64;
  packed.forEach((plane, n) => {
    header.setUint32(4 + 4 * n, offset, true);
    frame.set(plane, offset);
    offset += plane.length;
  });
  return frame;
}

const plane = Array.from({ length: 300 }, (_, n) => (n < 200 ? 0 : n % 3));

test('one plane: runs and literals', () => {
  expect([...decodeRleFrame(encode(plane), 300, 1)]).toEqual(plane);
});

test('two planes: the first holds the high bytes', () => {
  const decoded = new Uint16Array(decodeRleFrame(encode([1, 0], [2, 7]), 4, 2).buffer);
  expect([...decoded]).toEqual([0x0102, 7]);
});

test('a frame that ends early, or has another depth, is refused', () => {
  expect(() => decodeRleFrame(encode(plane).slice(0, 68), 300, 1)).toThrow('ends early');
  expect(() => decodeRleFrame(encode(plane), 600, 2)).toThrow('has 1 byte planes, 2 expected');
});
