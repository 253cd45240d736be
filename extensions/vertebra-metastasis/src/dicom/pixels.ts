import { InputError } from '../core';
import { frameNumberOf } from './ctFrames';
import { describe, number, requiredNumber, text } from './dataset';
import type { NaturalizedInstance } from './dataset';
import {
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
} from './part10';
import { decodeRleFrame } from './rle';

/** Pixel data lie there as plain numbers; deflated files are inflated when they are opened. */
const NATIVE_SYNTAXES = [
  IMPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
];

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

/** Bytes of each frame of encapsulated pixel data; the fragments of a single-frame image are joined. */
export function pixelFragments(dataset: NaturalizedInstance): Uint8Array[] {
  const parts = pixelDataParts(dataset);
  const frames = number(dataset, 'NumberOfFrames') ?? 1;
  if (parts.length === frames) return parts;
  if (frames === 1) {
    const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
    return [joined];
  }
  throw new InputError('pixel-fragments', { object: describe(dataset), found: parts.length, expected: frames });
}

/** Decodes one RLE Lossless frame of an image. */
export const decodeRle = (frame: Uint8Array, image: NaturalizedInstance): Uint8Array => {
  const planes = requiredNumber(image, 'BitsAllocated') / 8;
  return decodeRleFrame(frame, requiredNumber(image, 'Rows') * requiredNumber(image, 'Columns') * planes, planes);
};

/**
 * Stored values of an uncompressed image or frame, row by row, sign extended from BitsStored. For files read in Node;
 * a viewer passes its own decoded pixels instead.
 * @throws InputError compressed-pixel-data, no-pixel-data, pixel-data-length
 */
export function storedPixels(dataset: NaturalizedInstance): Int16Array | Uint16Array | Uint8Array {
  const syntax = transferSyntaxOf(dataset);
  if (isCompressed(dataset)) {
    throw new InputError('compressed-pixel-data', { object: describe(dataset), transferSyntax: syntax });
  }
  const count = requiredNumber(dataset, 'Rows') * requiredNumber(dataset, 'Columns');
  const allocated = requiredNumber(dataset, 'BitsAllocated');
  if (allocated !== 8 && allocated !== 16) {
    throw new InputError('bits-allocated', { object: describe(dataset), bits: allocated, allowed: [8, 16] });
  }
  const size = (count * allocated) / 8;
  const bytes = pixelDataParts(dataset)[0].subarray(((frameNumberOf(dataset) ?? 1) - 1) * size);
  if (bytes.byteLength < size) {
    throw new InputError('pixel-data-length', {
      object: describe(dataset),
      found: bytes.byteLength,
      expected: size,
    });
  }
  if (allocated === 8) return bytes.subarray(0, count);
  const raw = words(bytes, count, syntax === EXPLICIT_VR_BIG_ENDIAN);
  const unused = 16 - (number(dataset, 'BitsStored') ?? 16);
  const signed = number(dataset, 'PixelRepresentation') === 1;
  // Shifting up and back clears stray overlay bits and extends the sign of e.g. 12-bit data.
  if (signed) return Int16Array.from(raw, value => (value << (16 + unused)) >> (16 + unused));
  return unused === 0 ? raw : raw.map(value => value & (0xffff >> unused));
}

/** 16-bit words; a copy where the bytes are not aligned or in the other order. */
export function words(bytes: Uint8Array, count: number, bigEndian: boolean): Uint16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  const raw = new Uint16Array(aligned.buffer, aligned.byteOffset, count);
  return bigEndian ? raw.map(value => ((value & 0xff) << 8) | (value >> 8)) : raw;
}
