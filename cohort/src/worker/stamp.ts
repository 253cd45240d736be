/** Gives the objects of a result the UIDs that follow from its key, so that the same result is one result everywhere. */
import { decodeFile, encodeDataset, type NaturalizedInstance, text, valuesOf } from '@spine/dicom';
import type { OutputFile } from '../archive/archive';
import { resultUid } from '../queue/key';

/** The objects written for the archive; the CT of a NIfTI never comes here. */
export function stampUids(key: string, files: readonly OutputFile[]): OutputFile[] {
  const decoded = files.map(file => ({
    ...file,
    dataset: file.name.endsWith('.dcm') ? decode(file.bytes) : undefined,
  }));
  const renamed = new Map<string, string>();
  for (const { name, dataset } of decoded) {
    if (!dataset) continue;
    renamed.set(text(dataset, 'SOPInstanceUID'), resultUid(key, name));
    renamed.set(text(dataset, 'SeriesInstanceUID'), resultUid(key, `${name} series`));
  }
  return decoded.map(({ name, bytes, dataset }) => ({
    name,
    bytes: dataset ? new Uint8Array(encodeDataset(replaced(dataset, renamed) as NaturalizedInstance)) : bytes,
  }));
}

function decode(bytes: Uint8Array): NaturalizedInstance {
  const dataset = decodeFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
  // dcmjs reads binary elements as a list of one, and writes them from the bytes alone.
  return { ...dataset, PixelData: valuesOf(dataset, 'PixelData').map(ownBytes)[0] };
}

function replaced(value: unknown, renamed: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return renamed.get(value) ?? value;
  if (Array.isArray(value)) return value.map(inner => replaced(inner, renamed));
  if (value === null || typeof value !== 'object' || value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaced(inner, renamed)]));
}

function ownBytes(value: unknown): unknown {
  if (!ArrayBuffer.isView(value)) return value;
  return value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength);
}
