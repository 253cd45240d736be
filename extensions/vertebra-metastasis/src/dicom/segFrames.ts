import { InputError } from '../core';
import { describe, item, items, number, requiredNumber, text } from './dataset';
import type { NaturalizedInstance } from './dataset';
import { EXPLICIT_VR_BIG_ENDIAN } from './part10';
import { isCompressed, pixelDataParts, transferSyntaxOf, words } from './pixels';
import { decodeRleFrame, RLE_LOSSLESS } from './rle';

/** Gives the non-background pixels of each frame of a SEG. */
export interface FrameReader {
  readonly frames: number;
  /** Segment the whole frame belongs to; undefined for LABELMAP, where each pixel says it. */
  segmentOf(frame: number): number | undefined;
  /** Calls back for every pixel that is not background. `value` is 1 except for LABELMAP (the segment number). */
  visit(frame: number, each: (column: number, row: number, value: number) => void): void;
}

/** @throws InputError no-pixel-data, pixel-data-length, compressed-pixel-data, missing-attribute */
export function frameReader(seg: NaturalizedInstance): FrameReader {
  const rows = requiredNumber(seg, 'Rows');
  const columns = requiredNumber(seg, 'Columns');
  const groups = items(seg, 'PerFrameFunctionalGroupsSequence');
  const frames = number(seg, 'NumberOfFrames') ?? groups.length;
  const bits = requiredNumber(seg, 'BitsAllocated');
  const type = text(seg, 'SegmentationType');
  if (![1, 8, 16].includes(bits)) {
    throw new InputError('bits-allocated', { object: describe(seg), bits, allowed: [1, 8, 16] });
  }
  const size = rows * columns;
  const values = bits === 1 ? undefined : frameBytes(seg, frames, (size * bits) / 8);
  const packed = bits === 1 ? packedBytes(seg, frames * size) : undefined;
  // FRACTIONAL: a voxel belongs to the segment from half of the maximum on.
  const threshold = type === 'FRACTIONAL' ? fractionThreshold(seg, values) : 0;
  const shared = segmentNumber(item(seg, 'SharedFunctionalGroupsSequence'));
  return {
    frames,
    segmentOf: frame => {
      if (type === 'LABELMAP') return undefined;
      const found = segmentNumber(groups[frame] ?? {}) ?? shared;
      if (found === undefined)
        throw new InputError('frame-without-segment', { object: describe(seg), frame: frame + 1 });
      return found;
    },
    visit: (frame, each) => {
      if (packed) return visitBits(packed, frame * size, size, columns, each);
      const pixels = values!(frame);
      for (let n = 0; n < size; n++) {
        if (pixels[n] > threshold) each(n % columns, (n / columns) | 0, type === 'LABELMAP' ? pixels[n] : 1);
      }
    },
  };
}

/** Half of the maximum; some writers store 0 and 1 and leave the maximum at 255. */
function fractionThreshold(
  seg: NaturalizedInstance,
  values: ((frame: number) => Uint8Array | Uint16Array) | undefined
): number {
  const frames = number(seg, 'NumberOfFrames') ?? items(seg, 'PerFrameFunctionalGroupsSequence').length;
  const binary = values && Array.from({ length: frames }, (_, n) => values(n)).every(frame => frame.every(v => v <= 1));
  return binary ? 0 : (number(seg, 'MaximumFractionalValue') ?? 255) / 2;
}

const segmentNumber = (group: NaturalizedInstance): number | undefined =>
  number(item(group, 'SegmentIdentificationSequence'), 'ReferencedSegmentNumber');

/** Frames are packed without padding between them, least significant bit first (PS3.5 8.2 and annex D). */
function visitBits(
  packed: Uint8Array,
  firstBit: number,
  size: number,
  columns: number,
  each: (column: number, row: number, value: number) => void
): void {
  // Bit positions exceed 32 bits in large objects; those from the frame's first byte on do not.
  const firstByte = Math.floor(firstBit / 8);
  const skipped = firstBit % 8;
  for (let n = 0; n < size; n++) {
    const bit = skipped + n;
    const byte = packed[firstByte + (bit >> 3)];
    if (byte === 0) {
      n += 7 - (bit & 7);
      continue;
    }
    if ((byte >> (bit & 7)) & 1) each(n % columns, (n / columns) | 0, 1);
  }
}

function packedBytes(seg: NaturalizedInstance, bits: number): Uint8Array {
  refuseOtherThan(seg, []);
  const bytes = pixelDataParts(seg)[0];
  checkLength(seg, bytes.byteLength, Math.ceil(bits / 8));
  return bytes;
}

function frameBytes(
  seg: NaturalizedInstance,
  frames: number,
  bytesPerFrame: number
): (frame: number) => Uint8Array | Uint16Array {
  refuseOtherThan(seg, [RLE_LOSSLESS]);
  const parts = pixelDataParts(seg);
  const wide = requiredNumber(seg, 'BitsAllocated') === 16;
  const swapped = transferSyntaxOf(seg) === EXPLICIT_VR_BIG_ENDIAN;
  const view = (bytes: Uint8Array) => (wide ? words(bytes, bytes.byteLength / 2, swapped) : bytes);
  if (transferSyntaxOf(seg) === RLE_LOSSLESS) {
    if (parts.length < frames)
      throw new InputError('pixel-data-length', { object: describe(seg), found: parts.length, expected: frames });
    return frame => view(decodeRleFrame(parts[frame], bytesPerFrame, wide ? 2 : 1));
  }
  checkLength(seg, parts[0].byteLength, frames * bytesPerFrame);
  return frame => view(parts[0].subarray(frame * bytesPerFrame, (frame + 1) * bytesPerFrame));
}

function checkLength(seg: NaturalizedInstance, found: number, expected: number): void {
  if (found < expected) {
    throw new InputError('pixel-data-length', { object: describe(seg), found, expected });
  }
}

function refuseOtherThan(seg: NaturalizedInstance, allowed: readonly string[]): void {
  if (isCompressed(seg) && !allowed.includes(transferSyntaxOf(seg))) {
    throw new InputError('compressed-pixel-data', { object: describe(seg), transferSyntax: transferSyntaxOf(seg) });
  }
}
