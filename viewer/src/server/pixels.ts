import { readFile } from 'node:fs/promises';

import { binaryValue } from './dicomJson';
import { HttpError } from './http';
import type { StoredInstance } from './instanceStore';
import { firstNumber, type Part10File, type RawDataset, readPart10 } from './part10';

/** Transfer syntaxes whose pixels are one plain block: every other one is encapsulated, a fragment per frame. */
const native = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.1.99']);
const deflated = '1.2.840.10008.1.2.1.99';
const explicitLittleEndian = '1.2.840.10008.1.2.1';

/** Media type of one encapsulated frame (PS3.18 table 8.7.3-5). */
const mediaTypes: Record<string, string> = {
  '1.2.840.10008.1.2.4.50': 'image/jpeg',
  '1.2.840.10008.1.2.4.51': 'image/jpeg',
  '1.2.840.10008.1.2.4.57': 'image/jpeg',
  '1.2.840.10008.1.2.4.70': 'image/jpeg',
  '1.2.840.10008.1.2.4.80': 'image/jls',
  '1.2.840.10008.1.2.4.81': 'image/jls',
  '1.2.840.10008.1.2.4.90': 'image/jp2',
  '1.2.840.10008.1.2.4.91': 'image/jp2',
  '1.2.840.10008.1.2.4.201': 'image/jphc',
  '1.2.840.10008.1.2.4.202': 'image/jphc',
  '1.2.840.10008.1.2.4.203': 'image/jphc',
  '1.2.840.10008.1.2.5': 'image/dicom-rle',
};

export interface Frames {
  /** Media type of one frame, without parameters. */
  mediaType: string;
  transferSyntaxUid: string;
  frames: Buffer[];
}

/**
 * Reads frames from the instance's file, in the transfer syntax they are stored in.
 * @param numbers frame numbers from 1
 * @throws HttpError 404 for a frame the instance does not have.
 */
export async function readFrames(instance: StoredInstance, numbers: number[], parsed?: Part10File): Promise<Frames> {
  const { dataset } = parsed ?? readPart10(await readFile(instance.file));
  const value = dataset['7FE00010']?.Value;
  if (!value?.length) throw new HttpError(404, `Instance ${instance.sopUid} has no pixel data.`);
  const syntax = instance.transferSyntaxUid;
  const count = firstNumber(dataset, '00280008') ?? 1;
  const outside = numbers.find(number => number < 1 || number > count);
  if (outside !== undefined)
    throw new HttpError(404, `Instance ${instance.sopUid} has ${count} frames, not a frame ${outside}.`);
  const short = (has: number) =>
    new HttpError(404, `Instance ${instance.sopUid} says it has ${count} frames, but has the data of ${has}.`);
  if (!native.has(syntax)) {
    if (numbers.some(number => number > value.length)) throw short(value.length);
    const frames = numbers.map(number => binaryValue([value[number - 1]]));
    return { mediaType: mediaTypes[syntax] ?? 'application/octet-stream', transferSyntaxUid: syntax, frames };
  }
  const pixels = binaryValue(value);
  const bits = frameBits(dataset);
  const there = Math.floor((pixels.length * 8) / bits);
  if (!(bits > 0) || numbers.some(number => number > there)) throw short(bits > 0 ? there : 0);
  return {
    mediaType: 'application/octet-stream',
    transferSyntaxUid: syntax === deflated ? explicitLittleEndian : syntax,
    frames: numbers.map(number => bitSlice(pixels, (number - 1) * bits, bits)),
  };
}

function frameBits(dataset: RawDataset): number {
  const value = (keyword: string, tag: string) => {
    const number = firstNumber(dataset, tag);
    if (number === undefined) throw new HttpError(404, `The instance has pixel data but no ${keyword}.`);
    return number;
  };
  const samples = firstNumber(dataset, '00280002') ?? 1;
  return value('Rows', '00280010') * value('Columns', '00280011') * samples * value('BitsAllocated', '00280100');
}

/** Bits [start, start + length) as bytes; frames of a one-bit image need not begin on a byte (PS3.5 8.1.1). */
export function bitSlice(bytes: Buffer, start: number, length: number): Buffer {
  const first = Math.floor(start / 8);
  const shift = start % 8;
  const size = Math.ceil(length / 8);
  if (shift === 0 && length % 8 === 0) return bytes.subarray(first, first + size);
  const slice = Buffer.alloc(size);
  for (let i = 0; i < size; i++) slice[i] = (bytes[first + i] >> shift) | ((bytes[first + i + 1] ?? 0) << (8 - shift));
  if (length % 8) slice[size - 1] &= (1 << length % 8) - 1;
  return slice;
}

/**
 * The bytes a BulkDataURI refers to.
 * @param path tag, or tag/item/tag… for an element inside sequences
 */
export async function readBulkData(instance: StoredInstance, path: string[]): Promise<Buffer> {
  const missing = () => new HttpError(404, `Instance ${instance.sopUid} has no bulk data at ${path.join('/')}.`);
  let { dataset } = readPart10(await readFile(instance.file));
  for (let i = 0; i + 2 < path.length; i += 2) {
    const item = dataset[path[i]]?.Value?.[Number(path[i + 1])];
    if (typeof item !== 'object' || item === null) throw missing();
    dataset = item as RawDataset;
  }
  const element = dataset[path[path.length - 1]];
  if (path.length % 2 === 0 || !element?.Value || element.vr === 'SQ') throw missing();
  return binaryValue(element.Value);
}
