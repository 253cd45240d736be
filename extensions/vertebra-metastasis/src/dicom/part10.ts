/** The frame of a DICOM file (PS3.10): preamble, file meta information, transfer syntax; and whether the file is whole. */
import { Inflate } from 'pako';
import { InputError } from '../core';
import { limitElements, MAX_INFLATED_BYTES, tooMuch } from './limits';
import { type ElementPlace, type Encoding, hexTag, isVr, PIXEL_DATA, Truncated, walkElements } from './elements';

export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2';

const PREAMBLE = 128;
/** Of what is read here, UIDs and names, none is longer. */
const MAX_NAME_BYTES = 1024;
const EXPLICIT: Encoding = { explicit: true, littleEndian: true };
const TRANSFER_SYNTAX = 0x00020010;
const SOP_CLASS = 0x00080016;
const META_SOP_CLASS = 0x00020002;
/** Objects that are nothing without their pixels: CT in all its forms, and segmentations. */
const PIXEL_CLASSES = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(2|2\.1|2\.2|66\.4|66\.7)$/;

/** A file in the one form that the parser reads. */
export interface Part10 {
  /** With preamble; the data set neither deflated nor without meta information. Not a copy where the file is so already. */
  readonly bytes: Uint8Array;
  /** As the file names it, or as it was recognised in a file without meta information. */
  readonly transferSyntax: string;
  /** Every SpecificCharacterSet, those inside sequences included. */
  readonly characterSets: readonly ElementPlace[];
}

/**
 * Checks a file right before it is parsed: every element must be there to its declared end, and images must have pixels.
 * Parsers fill what is missing with zeros, and zeros are a segmentation or a CT as well.
 * @throws InputError 'not-dicom', 'truncated'
 */
export function openPart10(file: Uint8Array): Part10 {
  // A Buffer of Node's slices without copying, and its callers here want copies.
  const framed = withMeta(new Uint8Array(file.buffer, file.byteOffset, file.byteLength));
  const view = viewOf(framed);
  const { syntax, sopClass, start } = readMeta(framed, view);
  if (syntax === DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN) {
    const data = inflate(framed.subarray(start));
    const bytes = join(metaOf(EXPLICIT_VR_LITTLE_ENDIAN), data);
    return { ...inspect(bytes, bytes.length - data.length, EXPLICIT, sopClass), transferSyntax: syntax };
  }
  const encoding = {
    explicit: syntax !== IMPLICIT_VR_LITTLE_ENDIAN,
    littleEndian: syntax !== EXPLICIT_VR_BIG_ENDIAN,
  };
  return { ...inspect(framed, start, encoding, sopClass), transferSyntax: syntax };
}

/** Whether the bytes begin as a DICOM file does, with or without preamble; 16 KiB of it are enough. */
export const looksLikeDicom = (file: Uint8Array): boolean => hasPreamble(file) || bareEncoding(file) !== undefined;

/** First value of a few top-level elements, read as far as the file goes: what a file that cannot be read was about. */
export function peek(file: Uint8Array, tags: readonly number[]): Map<number, string> {
  const found = new Map<number, string>();
  try {
    const framed = withMeta(file);
    const view = viewOf(framed);
    const { syntax, start } = readMeta(framed, view);
    const explicit = syntax !== IMPLICIT_VR_LITTLE_ENDIAN;
    const littleEndian = syntax !== EXPLICIT_VR_BIG_ENDIAN;
    walkElements(view, start, framed.length, { explicit, littleEndian }, ({ tag, start: at, length = 0, depth }) => {
      if (depth === 0 && tags.includes(tag) && at + length <= framed.length) found.set(tag, ascii(framed, at, length));
    });
  } catch {
    // What was found before is the answer.
  }
  return found;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const hasPreamble = (bytes: Uint8Array) => ascii(bytes, PREAMBLE, 4) === 'DICM';

function ascii(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + Math.min(length, MAX_NAME_BYTES))).replace(/[\0 ]+$/, '');
}

/** Encoding of a data set that begins at byte 0 (old archives, network dumps), by its first element. */
function bareEncoding(file: Uint8Array): string | undefined {
  if (file.length < 16) return undefined;
  const view = viewOf(file);
  const vr = ascii(file, 4, 2);
  if (view.getUint16(0, true) === 8 && view.getUint16(2, true) < 0x1000) {
    if (isVr(vr)) return EXPLICIT_VR_LITTLE_ENDIAN;
    return view.getUint32(4, true) < 0x1000 ? IMPLICIT_VR_LITTLE_ENDIAN : undefined;
  }
  return view.getUint16(0, false) === 8 && isVr(vr) ? EXPLICIT_VR_BIG_ENDIAN : undefined;
}

function withMeta(file: Uint8Array): Uint8Array {
  if (hasPreamble(file)) return file;
  const startsWithMeta = file.length > 8 && viewOf(file).getUint16(0, true) === 2 && isVr(ascii(file, 4, 2));
  if (startsWithMeta) return join(metaOf(undefined), file);
  const syntax = bareEncoding(file);
  if (syntax) return join(metaOf(syntax), file);
  throw new InputError('not-dicom', { reason: 'no DICM prefix' });
}

/** Preamble and, with a syntax, the least meta information that names it. */
function metaOf(syntax: string | undefined): Uint8Array {
  const value = syntax === undefined ? '' : syntax.length % 2 ? `${syntax}\0` : syntax;
  const bytes = new Uint8Array(PREAMBLE + 4 + (syntax === undefined ? 0 : 12 + 8 + value.length));
  const write = (at: number, text: string) => [...text].forEach((char, n) => (bytes[at + n] = char.charCodeAt(0)));
  write(PREAMBLE, 'DICM');
  if (syntax === undefined) return bytes;
  const view = viewOf(bytes);
  write(PREAMBLE + 4, '\x02\0\0\0UL\x04\0');
  view.setUint32(PREAMBLE + 12, 8 + value.length, true);
  write(PREAMBLE + 16, '\x02\0\x10\0UI');
  view.setUint16(PREAMBLE + 22, value.length, true);
  write(PREAMBLE + 24, value);
  return bytes;
}

function join(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

function readMeta(bytes: Uint8Array, view: DataView): { syntax: string; sopClass: string; start: number } {
  let [syntax, sopClass] = ['', ''];
  let at = PREAMBLE + 4;
  // Group 2 alone is walked, element by element: its own length is wrong in some files.
  while (at + 8 <= bytes.length && view.getUint16(at, true) === 2) {
    const vr = ascii(bytes, at + 4, 2);
    const long = !['UI', 'UL', 'SH', 'AE'].includes(vr);
    const start = at + (long ? 12 : 8);
    if (start > bytes.length) throw truncated(new Truncated(0x00020000, undefined));
    const length = long ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    const tag = 0x00020000 | view.getUint16(at + 2, true);
    if (start + length > bytes.length) throw truncated(new Truncated(tag, start + length - bytes.length));
    if (tag === TRANSFER_SYNTAX) syntax = ascii(bytes, start, length);
    if (tag === META_SOP_CLASS) sopClass = ascii(bytes, start, length);
    at = start + length;
  }
  if (at >= bytes.length) throw truncated(new Truncated(0x00080000, undefined));
  if (!syntax) {
    throw new InputError('no-transfer-syntax');
  }
  return { syntax, sopClass, start: at };
}

function inspect(
  bytes: Uint8Array,
  start: number,
  encoding: Encoding,
  metaSopClass: string
): Omit<Part10, 'transferSyntax'> {
  const characterSets: ElementPlace[] = [];
  let sopClass = metaSopClass;
  let pixels = false;
  let end = bytes.length;
  const limit = limitElements();
  try {
    end = walkElements(viewOf(bytes), start, bytes.length, encoding, element => {
      limit(element);
      const { tag, depth, length = 0 } = element;
      if (tag === 0x00080005) characterSets.push(element);
      if (depth > 0) return;
      if (tag === SOP_CLASS) sopClass = ascii(bytes, element.start, length);
      if (tag === PIXEL_DATA) pixels = true;
    });
  } catch (error) {
    throw error instanceof Truncated ? truncated(error) : error;
  }
  if (!pixels && PIXEL_CLASSES.test(sopClass)) {
    throw new InputError('truncated', { within: 'end', missing: 0 });
  }
  return { bytes: bytes.subarray(0, end), characterSets };
}

function truncated({ tag, missing = 0 }: Truncated): InputError {
  const within = tag === PIXEL_DATA ? 'pixels' : tag ? hexTag(tag) : 'element';
  return new InputError('truncated', { within, missing });
}

function inflate(data: Uint8Array): Uint8Array {
  const inflater = new Inflate({ raw: true });
  let size = 0;
  const keep = inflater.onData.bind(inflater);
  inflater.onData = chunk => {
    size += (chunk as Uint8Array).length;
    if (size > MAX_INFLATED_BYTES) throw tooMuch(`it inflates to more than ${MAX_INFLATED_BYTES} bytes`);
    keep(chunk);
  };
  inflater.push(data, true);
  // Without an error of its own a stream that was cut off has simply not come to its end.
  if (inflater.err || !(inflater as unknown as { ended: boolean }).ended) {
    throw new InputError('truncated', { within: 'deflated', missing: 0 });
  }
  return inflater.result as Uint8Array;
}
