/**
 * Half precision, which JavaScript's typed arrays of Node 20 do not know. On whole arrays, by integer arithmetic: the
 * packages that there are take microseconds for each number, and a model has 90 million.
 */

const EXPONENT_SHIFT = 13;
/** Smallest float32 that rounds to infinity as a half (65520), and the smallest that is a normal half (2^-14), as bits. */
const OVERFLOW = 0x477ff000;
const SMALLEST_NORMAL = 0x38800000;
const INFINITY = 0x7c00;

/** Bits of each number rounded to the nearest half, ties to even; too large ones become infinite. */
export function halfBits(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  // Below 2^-14, adding 1/2 leaves as many bits of a number as a subnormal half has, and rounds the others.
  const sum = new Float32Array(1);
  const sumBits = new Uint32Array(sum.buffer);
  for (let i = 0; i < bits.length; i++) {
    const sign = (bits[i] >>> 16) & 0x8000;
    const magnitude = bits[i] & 0x7fffffff;
    if (magnitude >= OVERFLOW) halves[i] = sign | INFINITY;
    else if (magnitude >= SMALLEST_NORMAL) {
      const odd = (magnitude >>> EXPONENT_SHIFT) & 1;
      // From the exponent bias 127 to 15, and half a unit less a tie for even numbers.
      halves[i] = sign | ((magnitude - (112 << 23) + 0xfff + odd) >>> EXPONENT_SHIFT);
    } else {
      sum[0] = Math.abs(values[i]) + 0.5;
      halves[i] = sign | (sumBits[0] - 0x3f000000);
    }
  }
  return halves;
}

/** The number that 16 bits stand for. */
export function float32OfHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction / 1024) : sign * 2 ** -24 * fraction;
}
