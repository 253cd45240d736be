import { decodeFile, type NaturalizedInstance, readPrivateState } from '../../dicom';

/** What an object is about besides its pixels; archives may rewrite patient attributes, but not these. */
const CONTENT = [
  'SegmentSequence',
  'SharedFunctionalGroupsSequence',
  'PerFrameFunctionalGroupsSequence',
  'StructureSetROISequence',
  'ROIContourSequence',
  'ContentSequence',
];

/**
 * How an archive gives back what it was sent: everything that a later session reads is compared.
 * @param file `sent` as it was encoded: decimal strings and empty values change their form on the way through a file
 * @returns 'without-review' when all is there but the private elements
 */
export function compareContent(
  stored: NaturalizedInstance,
  sent: NaturalizedInstance,
  file: ArrayBuffer
): 'same' | 'without-review' | 'changed' {
  if (sent.PixelData !== undefined && !samePixels(stored.PixelData, sent.PixelData)) return 'changed';
  const written = decodeFile(file);
  const same = CONTENT.every(keyword => JSON.stringify(stored[keyword]) === JSON.stringify(written[keyword]));
  if (!same) return 'changed';
  return privateText(stored) === privateText(written) ? 'same' : 'without-review';
}

function privateText(dataset: NaturalizedInstance): string {
  try {
    return JSON.stringify(readPrivateState(dataset)) ?? '';
  } catch {
    return 'damaged';
  }
}

function samePixels(a: unknown, b: unknown): boolean {
  const [left, right] = [bytesOf(a), bytesOf(b)];
  if (!left || !right) return false;
  // An odd length is padded with one zero byte in the file.
  const length = Math.min(left.length, right.length);
  return Math.abs(left.length - right.length) <= 1 && left.subarray(0, length).every((byte, n) => byte === right[n]);
}

function bytesOf(value: unknown): Uint8Array | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  if (first instanceof ArrayBuffer) return new Uint8Array(first);
  return ArrayBuffer.isView(first) ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength) : undefined;
}
