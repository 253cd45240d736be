import { InputError } from '../core';

/** Transfer syntax of RLE Lossless: OHIF stores LABELMAP segmentations this way. */
export const RLE_LOSSLESS = '1.2.840.10008.1.2.5';

/**
 * Decodes one RLE Lossless frame (PS3.5 annex G): a header of up to 15 segment offsets, each segment a PackBits run of one
 * byte plane, most significant plane first.
 * @param bytesPerFrame decoded length
 * @param planes bytes per pixel (1 or 2)
 * @returns little-endian pixels
 */
export function decodeRleFrame(encoded: Uint8Array, bytesPerFrame: number, planes: number): Uint8Array {
  const header = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  if (encoded.byteLength < 64 || header.getUint32(0, true) !== planes) {
    throw new InputError('bad-rle', { planes: header.getUint32(0, true), expected: planes });
  }
  const output = new Uint8Array(bytesPerFrame);
  const pixels = bytesPerFrame / planes;
  for (let plane = 0; plane < planes; plane++) {
    let read = header.getUint32(4 + 4 * plane, true);
    for (let pixel = 0; pixel < pixels; ) {
      if (read >= encoded.length) throw new InputError('truncated-rle');
      const control = encoded[read++];
      if (control === 128) continue;
      const literal = control < 128;
      const count = literal ? control + 1 : 257 - control;
      for (let n = 0; n < count && pixel < pixels; n++, pixel++) {
        output[pixel * planes + (planes - 1 - plane)] = encoded[literal ? read + n : read];
      }
      read += literal ? count : 1;
    }
  }
  return output;
}
