import { InputError } from '../core';
import { describe, number, requiredNumber, text } from './dataset';
import type { NaturalizedInstance } from './dataset';

/** Implicit LE, Explicit LE, Deflated Explicit LE (dcmjs inflates it): pixel data lie there as plain numbers. */
const NATIVE_SYNTAXES = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99'];

/** TransferSyntaxUID of a decoded file, or of metadata that name it; '' when unknown. */
export function transferSyntaxOf(dataset: NaturalizedInstance): string {
  const meta = dataset._meta as NaturalizedInstance | undefined;
  return (meta && text(meta, 'TransferSyntaxUID')) || text(dataset, 'AvailableTransferSyntaxUID');
}

/** Bytes of PixelData, fragment by fragment (native data: one part). */
export function pixelDataParts(dataset: NaturalizedInstance): Uint8Array[] {
  const raw = dataset.PixelData;
  const parts = (Array.isArray(raw) ? raw : [raw]).map(part => {
    if (part instanceof ArrayBuffer) return new Uint8Array(part);
    if (ArrayBuffer.isView(part)) return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    return undefined;
  });
  if (parts.length === 0 || parts.some(part => part === undefined)) {
    throw new InputError('no-pixel-data', { object: describe(dataset) });
  }
  return parts as Uint8Array[];
}

/** True when the pixel data are encapsulated (compressed). */
export function isCompressed(dataset: NaturalizedInstance): boolean {
  const syntax = transferSyntaxOf(dataset);
  return syntax !== '' && !NATIVE_SYNTAXES.includes(syntax);
}

/**
 * Stored values of an uncompressed single-frame image, row by row, sign extended from BitsStored. For files read in Node;
 * a viewer passes its own decoded pixels instead.
 * @throws InputError compressed-pixel-data, no-pixel-data, pixel-data-length
 */
export function storedPixels(dataset: NaturalizedInstance): Int16Array | Uint16Array | Uint8Array {
  if (isCompressed(dataset)) {
    throw new InputError('compressed-pixel-data', {
      object: describe(dataset),
      transferSyntax: transferSyntaxOf(dataset),
    });
  }
  const bytes = pixelDataParts(dataset)[0];
  const count = requiredNumber(dataset, 'Rows') * requiredNumber(dataset, 'Columns');
  const allocated = requiredNumber(dataset, 'BitsAllocated');
  if (allocated !== 8 && allocated !== 16) {
    throw new InputError('bits-allocated', { object: describe(dataset), bits: allocated, allowed: [8, 16] });
  }
  if (bytes.byteLength < (count * allocated) / 8) {
    throw new InputError('pixel-data-length', {
      object: describe(dataset),
      found: bytes.byteLength,
      expected: (count * allocated) / 8,
    });
  }
  if (allocated === 8) return bytes.subarray(0, count);
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  const raw = new Uint16Array(aligned.buffer, aligned.byteOffset, count);
  const unused = 16 - (number(dataset, 'BitsStored') ?? 16);
  const signed = number(dataset, 'PixelRepresentation') === 1;
  // Shifting up and back clears stray overlay bits and extends the sign of e.g. 12-bit data.
  if (signed) return Int16Array.from(raw, value => (value << (16 + unused)) >> (16 + unused));
  return unused === 0 ? raw : raw.map(value => value & (0xffff >> unused));
}
