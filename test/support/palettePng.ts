/** Pictures of a user interface are flat: a palette makes them a third of the size, which matters in a repository. */
import { deflateSync } from 'node:zlib';

import { PNG } from 'pngjs';

/** Five bits per channel: finer differences of colour are not looked for when the palette is chosen. */
const BITS = 5;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

interface Colour {
  readonly count: number;
  /** Mean red, green and blue, 0 to 255. */
  readonly rgb: readonly [number, number, number];
  readonly key: number;
}

/**
 * The same picture with at most this many colours (median cut, no dithering), as an indexed PNG without transparency.
 * @param colours 2 to 256
 */
export function palettePng(png: Buffer, colours: number): Buffer {
  const { width, height, data } = PNG.sync.read(png);
  const boxes = medianCut(histogram(data), colours);
  const indexOf = new Uint8Array(1 << (3 * BITS));
  boxes.forEach((box, n) => box.forEach(({ key }) => (indexOf[key] = n)));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indexOf[keyAt(data, 4 * (y * width + x))];
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const palette = Buffer.from(boxes.flatMap(box => mean(box).map(Math.round)));
  const image = deflateSync(rows, { level: 9, memLevel: 9 });
  return Buffer.concat([
    SIGNATURE,
    ...[chunk('IHDR', header), chunk('PLTE', palette), chunk('IDAT', image), chunk('IEND', Buffer.alloc(0))],
  ]);
}

const keyAt = (data: Buffer, at: number): number =>
  ((data[at] >> (8 - BITS)) << (2 * BITS)) | ((data[at + 1] >> (8 - BITS)) << BITS) | (data[at + 2] >> (8 - BITS));

function histogram(data: Buffer): Colour[] {
  const counts = new Uint32Array(1 << (3 * BITS));
  const sums = new Float64Array(3 * counts.length);
  for (let at = 0; at < data.length; at += 4) {
    const key = keyAt(data, at);
    counts[key]++;
    for (let c = 0; c < 3; c++) sums[3 * key + c] += data[at + c];
  }
  const found: Colour[] = [];
  counts.forEach((count, key) => {
    if (count === 0) return;
    const [r, g, b] = [0, 1, 2].map(c => sums[3 * key + c] / count);
    found.push({ count, key, rgb: [r, g, b] });
  });
  return found;
}

/** Splits the box with the largest spread, weighed by the root of its pixels, until there are enough. */
function medianCut(all: Colour[], wanted: number): Colour[][] {
  const boxes = [all];
  while (boxes.length < wanted) {
    const [n, axis, size] = boxes
      .map((box, at) => [at, ...widest(box)] as const)
      .reduce((a, b) => (b[2] > a[2] ? b : a));
    if (size === 0) break;
    const sorted = [...boxes[n]].sort((a, b) => a.rgb[axis] - b.rgb[axis]);
    const middle = (sorted[0].rgb[axis] + sorted[sorted.length - 1].rgb[axis]) / 2;
    const split = Math.max(
      1,
      sorted.findIndex(({ rgb }) => rgb[axis] > middle)
    );
    boxes.splice(n, 1, sorted.slice(0, split), sorted.slice(split));
  }
  return boxes;
}

function widest(box: readonly Colour[]): [axis: number, size: number] {
  const pixels = box.reduce((sum, { count }) => sum + count, 0);
  const spans = [0, 1, 2].map(axis => {
    const values = box.map(({ rgb }) => rgb[axis]);
    return Math.max(...values) - Math.min(...values);
  });
  const axis = spans.indexOf(Math.max(...spans));
  return [axis, box.length > 1 ? spans[axis] * Math.sqrt(pixels) : 0];
}

function mean(box: readonly Colour[]): [number, number, number] {
  const pixels = box.reduce((sum, { count }) => sum + count, 0);
  const of = (axis: number) => box.reduce((sum, { count, rgb }) => sum + count * rgb[axis], 0) / pixels;
  return [of(0), of(1), of(2)];
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

/** CRC-32 of the PNG specification. */
function crc(bytes: Buffer): number {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}
