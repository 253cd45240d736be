import { createHash } from 'node:crypto';
import { sha256Hex, sha256HexPlain } from './sha256';

describe('SHA-256', () => {
  // Around the block boundaries: the padding takes 9 bytes, so 55 | 56 and 63 | 64 are where it goes wrong.
  it.each([0, 1, 3, 55, 56, 63, 64, 65, 119, 128, 10_000])('of %i bytes equals that of Node', async length => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 131 + 7) & 255);
    const expected = createHash('sha256').update(bytes).digest('hex');
    expect(sha256HexPlain(bytes)).toBe(expected);
    expect(await sha256Hex(bytes)).toBe(expected);
  });

  it('reads a view that starts inside its buffer', () => {
    const bytes = new TextEncoder().encode('xxabc').subarray(2);
    // FIPS 180-4's own example.
    expect(sha256HexPlain(bytes)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
