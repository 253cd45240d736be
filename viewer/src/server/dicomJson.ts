import type { RawDataset, RawElement } from './part10';

/** One attribute of the DICOM JSON model (PS3.18 annex F). */
export interface JsonElement {
  vr: string;
  Value?: unknown[];
  BulkDataURI?: string;
  InlineBinary?: string;
}
export type JsonDataset = Record<string, JsonElement>;

const binary = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);
const numeric = new Set(['DS', 'IS', 'FL', 'FD', 'SL', 'SS', 'UL', 'US', 'SV', 'UV']);
/** Binary values up to this many bytes travel inside the JSON; larger ones by reference. */
const largestInlineBytes = 1024;
const pixelData = '7FE00010';

/**
 * A data set in the DICOM JSON model.
 * @param url address of the instance; large binaries refer to `${url}/bulkdata/<tag>[/<item>/<tag>…]`, pixels to `${url}/frames`
 */
export function toDicomJson(dataset: RawDataset, url: string): JsonDataset {
  return convertDataset(dataset, url, '');
}

function convertDataset(dataset: RawDataset, url: string, path: string): JsonDataset {
  const json: JsonDataset = {};
  for (const [tag, element] of Object.entries(dataset)) {
    if (tag.endsWith('0000')) continue; // group length: retired, and wrong in this model
    json[tag] = convertElement(tag, element, url, `${path}/${tag}`);
  }
  return json;
}

function convertElement(tag: string, { vr, Value = [] }: RawElement, url: string, path: string): JsonElement {
  if (tag === pixelData) return { vr, BulkDataURI: `${url}/frames` };
  if (vr === 'SQ') {
    const items = Value.map((item, index) => convertDataset(item as RawDataset, url, `${path}/${index}`));
    return items.length ? { vr, Value: items } : { vr };
  }
  if (binary.has(vr)) {
    const bytes = binaryValue(Value);
    if (bytes.length === 0) return { vr };
    return bytes.length <= largestInlineBytes
      ? { vr, InlineBinary: bytes.toString('base64') }
      : { vr, BulkDataURI: `${url}/bulkdata${path}` };
  }
  const values = Array.from(Value, value => convertValue(vr, value));
  return values.some(value => value !== null) ? { vr, Value: values } : { vr };
}

function convertValue(vr: string, value: unknown): unknown {
  if (value === null || value === undefined || value === '') return null;
  if (numeric.has(vr)) return Number.isFinite(Number(value)) ? Number(value) : null;
  if (vr === 'PN') return typeof value === 'string' ? { Alphabetic: value } : { ...(value as object) };
  if (vr === 'AT' && typeof value === 'number') return value.toString(16).padStart(8, '0').toUpperCase();
  return typeof value === 'bigint' ? Number(value) : value;
}

/** The bytes of a binary element, its fragments joined. */
export function binaryValue(value: unknown[]): Buffer {
  return Buffer.concat(
    value.map(part => {
      if (part instanceof ArrayBuffer) return Buffer.from(part);
      if (ArrayBuffer.isView(part)) return Buffer.from(part.buffer, part.byteOffset, part.byteLength);
      return Buffer.from(String(part ?? ''), 'latin1');
    })
  );
}
