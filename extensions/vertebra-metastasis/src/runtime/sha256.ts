/**
 * SHA-256 of `bytes` in lower-case hex. By the browser's own implementation where there is one: it is withheld from pages
 * served over plain http (a "non-secure context"), and a hospital's viewer may be one.
 */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle) return sha256HexPlain(bytes);
  return toHex(new Uint8Array(await subtle.digest('SHA-256', bytes)));
}

/** The first 32 bits of the fractional parts of the cube roots (constants) and square roots (start) of the first primes. */
const { roundConstants, startState } = firstPrimesTables();

/** SHA-256 (FIPS 180-4, section 6.2.2) without the browser's help. */
export function sha256HexPlain(bytes: Uint8Array): string {
  const state = Uint32Array.from(startState);
  const schedule = new Uint32Array(64);
  const wholeBlocks = bytes.length & ~63;
  for (let offset = 0; offset < wholeBlocks; offset += 64) {
    compress(state, schedule, new DataView(bytes.buffer, bytes.byteOffset + offset, 64));
  }
  // Padding (5.1.1): a 1 bit, zeros, and the length in bits as 64-bit number.
  const rest = bytes.subarray(wholeBlocks);
  const tail = new Uint8Array(rest.length < 56 ? 64 : 128);
  tail.set(rest);
  tail[rest.length] = 0x80;
  const view = new DataView(tail.buffer);
  view.setBigUint64(tail.length - 8, BigInt(bytes.length) * 8n);
  for (let offset = 0; offset < tail.length; offset += 64) {
    compress(state, schedule, new DataView(tail.buffer, offset, 64));
  }
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => digest.setUint32(4 * i, word));
  return toHex(new Uint8Array(digest.buffer));
}

function compress(state: Uint32Array, w: Uint32Array, block: DataView): void {
  for (let t = 0; t < 16; t++) w[t] = block.getUint32(4 * t);
  for (let t = 16; t < 64; t++) {
    const small0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ (w[t - 15] >>> 3);
    const small1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ (w[t - 2] >>> 10);
    w[t] = w[t - 16] + small0 + w[t - 7] + small1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t++) {
    const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + big1 + ((e & f) ^ (~e & g)) + roundConstants[t] + w[t]) | 0;
    const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

function firstPrimesTables() {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every(prime => n % prime !== 0)) primes.push(n);
  const fraction = (root: number) => Math.floor((root - Math.floor(root)) * 2 ** 32);
  return {
    roundConstants: Uint32Array.from(primes, prime => fraction(Math.cbrt(prime))),
    startState: Uint32Array.from(primes.slice(0, 8), prime => fraction(Math.sqrt(prime))),
  };
}
