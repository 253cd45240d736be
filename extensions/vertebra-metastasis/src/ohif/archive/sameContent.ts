import { decodeFile, type NaturalizedInstance } from '../../dicom';

/** What an object without pixels is about; archives may rewrite patient attributes, but not these. */
const CONTENT = ['StructureSetROISequence', 'ROIContourSequence', 'ContentSequence'];

/**
 * Whether an archive gives back what it was sent.
 * @param file `sent` as it was encoded: decimal strings and empty values change their form on the way through a file
 */
export function sameContent(stored: NaturalizedInstance, sent: NaturalizedInstance, file: ArrayBuffer): boolean {
  if (sent.PixelData !== undefined) return samePixels(stored.PixelData, sent.PixelData);
  const written = decodeFile(file);
  return CONTENT.every(keyword => JSON.stringify(stored[keyword]) === JSON.stringify(written[keyword]));
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
