/** Walks the elements of a data set without reading their values: where each lies, and whether its bytes are all there. */

/** How a data set is encoded (PS3.5 annex A). */
export interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

export interface ElementPlace {
  /** Group and element, e.g. 0x7fe00010. */
  readonly tag: number;
  /** Two letters; '' where the encoding is implicit. */
  readonly vr: string;
  /** Of the first byte of the value. */
  readonly start: number;
  /** Of the value in bytes; undefined while its end is marked by a delimiter. */
  readonly length: number | undefined;
  readonly depth: number;
}

/** Thrown where an element says it is longer than the bytes that are there. */
export class Truncated extends Error {
  constructor(
    readonly tag: number,
    /** Bytes that are missing, as far as the element says. */
    readonly missing: number | undefined
  ) {
    super(`element ${hexTag(tag)} is cut off`);
  }
}

export const PIXEL_DATA = 0x7fe00010;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const UNDEFINED = 0xffffffff;
/** Value representations with a length of four bytes (PS3.5 7.1.2). */
const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const SHORT = new Set([
  'AE',
  'AS',
  'AT',
  'CS',
  'DA',
  'DS',
  'DT',
  'FD',
  'FL',
  'IS',
  'LO',
  'LT',
  'PN',
  'SH',
  'SL',
  'SS',
  'ST',
  'TM',
  'UI',
  'UL',
  'US',
]);

export const isVr = (text: string): boolean => LONG.has(text) || SHORT.has(text);
export const hexTag = (tag: number): string =>
  `(${(tag >>> 16).toString(16).padStart(4, '0')},${(tag & 0xffff).toString(16).padStart(4, '0')})`;

/**
 * Visits every element from `start` to `end`, items of sequences and what they hold included.
 * @returns where the last element ends: `end`, or before the zeros that some copies pad a file with
 * @throws Truncated where an element, an item or a delimiter runs past `end`
 */
export function walkElements(
  view: DataView,
  start: number,
  end: number,
  encoding: Encoding,
  visit: (element: ElementPlace) => void,
  depth = 0
): number {
  let at = start;
  while (at < end) {
    if (end - at < 8) {
      if (onlyZeros(view, at, end)) return at;
      throw new Truncated(0, 8 - (end - at));
    }
    const head = readHead(view, at, end, encoding);
    if (head.tag === 0) {
      if (onlyZeros(view, at, end)) return at;
      throw new Truncated(0, undefined); // group 0 is no part of files, and each would be looked through to the end
    }
    at = valueEnd(view, head, end, encoding, visit, depth);
  }
  return at;
}

interface Head extends Omit<ElementPlace, 'depth'> {
  readonly next: number;
}

function tagAt(view: DataView, at: number, littleEndian: boolean): number {
  return ((view.getUint16(at, littleEndian) << 16) | view.getUint16(at + 2, littleEndian)) >>> 0;
}

function readHead(view: DataView, at: number, end: number, { explicit, littleEndian }: Encoding): Head {
  const tag = tagAt(view, at, littleEndian);
  if (!explicit || tag >>> 16 === 0xfffe) {
    const length = view.getUint32(at + 4, littleEndian);
    return { tag, vr: '', start: at + 8, length: length === UNDEFINED ? undefined : length, next: at + 8 };
  }
  const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
  if (SHORT.has(vr)) return { tag, vr, start: at + 8, length: view.getUint16(at + 6, littleEndian), next: at + 8 };
  if (end - at < 12) throw new Truncated(tag, 12 - (end - at));
  const length = view.getUint32(at + 8, littleEndian);
  return { tag, vr, start: at + 12, length: length === UNDEFINED ? undefined : length, next: at + 12 };
}

function valueEnd(
  view: DataView,
  head: Head,
  end: number,
  encoding: Encoding,
  visit: (element: ElementPlace) => void,
  depth: number
): number {
  const { tag, vr, start, length } = head;
  visit({ tag, vr, start, length, depth });
  if (length !== undefined) {
    const after = start + length;
    if (after > end) throw new Truncated(tag, after - end);
    if (vr === 'SQ') visitItems(view, start, after, encoding, visit, depth);
    return after;
  }
  // A sequence of unknown VR is encoded implicitly (PS3.5 6.2.2, note 2).
  const inner = vr === 'UN' ? { explicit: false, littleEndian: true } : encoding;
  for (let at = start; ; ) {
    if (end - at < 8) throw new Truncated(tag, undefined);
    const item = readHead(view, at, end, { ...inner, explicit: false });
    if (item.tag === SEQUENCE_END) return item.next;
    if (item.tag !== ITEM) throw new Truncated(tag, undefined);
    at = itemEnd(view, item, end, inner, visit, depth, tag === PIXEL_DATA);
  }
}

function itemEnd(
  view: DataView,
  item: Head,
  end: number,
  encoding: Encoding,
  visit: (element: ElementPlace) => void,
  depth: number,
  fragment: boolean
): number {
  visit({ tag: item.tag, vr: '', start: item.next, length: item.length, depth });
  if (item.length !== undefined) {
    const after = item.next + item.length;
    if (after > end) throw new Truncated(item.tag, after - end);
    if (!fragment) walkElements(view, item.next, after, encoding, visit, depth + 1);
    return after;
  }
  for (let at = item.next; ; ) {
    if (end - at < 8) throw new Truncated(item.tag, undefined);
    const head = readHead(view, at, end, encoding);
    if (head.tag === ITEM_END) return head.next;
    at = valueEnd(view, head, end, encoding, visit, depth + 1);
  }
}

/** A sequence of defined length is all there; what is wrong within it is for the parser to say. */
function visitItems(
  view: DataView,
  start: number,
  end: number,
  encoding: Encoding,
  visit: (element: ElementPlace) => void,
  depth: number
): void {
  try {
    for (let at = start; at + 8 <= end; ) {
      const item = readHead(view, at, end, { ...encoding, explicit: false });
      if (item.tag !== ITEM) return;
      at = itemEnd(view, item, end, encoding, visit, depth, false);
    }
  } catch (error) {
    if (!(error instanceof Truncated)) throw error;
  }
}

function onlyZeros(view: DataView, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (view.getUint8(at) !== 0) return false;
  return true;
}
