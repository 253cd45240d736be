/** Text beyond ASCII: ISO 2022 code extensions (PS3.5 6.1.2), names spelt in other ways, and text in sequences, all of which dcmjs misreads. */
import type { data } from 'dcmjs';
import { convertBytes } from 'dicom-character-set';
import type { ElementPlace } from './elements';

type TagObject = Parameters<typeof data.DicomMetaDictionary.naturalizeDataset>[0][string] & { _rawValue?: unknown };
type Dict = Record<string, TagObject>;

const CHARACTER_SET_TAG = '00080005';
/** Values in the character set of the data set; all others are ASCII. */
const TEXT = new Set(['SH', 'LO', 'ST', 'LT', 'UC', 'UT', 'PN']);
/** Those that hold one value, in which a backslash is a character. */
const SINGLE = new Set(['ST', 'LT', 'UT']);
const PN_GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;
/** What dcmjs is told instead: one byte a character, so that the bytes can be had back. */
const ONE_BYTE = 'ISO_IR 100';
/** Character of windows-1252 (what web browsers and Node take ISO_IR 100 for) -> byte. */
const BYTE_OF = new Map(Array.from({ length: 256 }, (_, byte) => [decodeByte(byte), byte]));

function decodeByte(byte: number): string {
  return new TextDecoder('windows-1252').decode(Uint8Array.of(byte));
}

/** Whether a value of SpecificCharacterSet names more than ASCII. dcmjs knows some of those, but takes text in sequences for Latin-1. */
export function needsDecoding(value: string): boolean {
  return !/^\s*(|ISO[_ ]IR[_ ]6)\s*$/i.test(value);
}

/** A copy of the file in which dcmjs takes text for single bytes; {@link decodeText} does the rest. */
export function asSingleBytes(bytes: Uint8Array, characterSets: readonly ElementPlace[]): Uint8Array {
  const copy = bytes.slice();
  for (const { start, length = 0 } of characterSets) {
    const text = length >= ONE_BYTE.length ? ONE_BYTE : '';
    for (let n = 0; n < length; n++) copy[start + n] = n < text.length ? text.charCodeAt(n) : 0x20;
  }
  return copy;
}

/**
 * Decodes the text of a data set that was parsed from {@link asSingleBytes}, sequences included; changes `dict`.
 * @param terms the data set's own SpecificCharacterSet, as it stands in the file
 */
export function decodeText(dict: Dict, terms: string): void {
  const sets = terms.split('\\').map(standardTerm).join('\\');
  for (const [tag, element] of Object.entries(dict)) {
    if (tag === CHARACTER_SET_TAG) dict[tag] = { vr: 'CS', Value: ['ISO_IR 192'] };
    else if (element.vr === 'SQ') for (const item of element.Value ?? []) decodeText(item as Dict, terms);
    else if (TEXT.has(element.vr)) dict[tag] = { vr: element.vr, Value: decoded(element, sets) };
  }
}

/**
 * Text beyond ASCII in a data set that names no character set is UTF-8 where its bytes are that, as some programs write it; changes
 * `dict`. Anything else stays as dcmjs takes it.
 */
export function decodeUndeclared(dict: Dict): void {
  for (const [tag, element] of Object.entries(dict)) {
    if (element.vr === 'SQ') for (const item of element.Value ?? []) decodeUndeclared(item as Dict);
    else if (TEXT.has(element.vr) && isUtf8(element)) {
      dict[tag] = { vr: element.vr, Value: decoded(element, 'ISO_IR 192') };
    }
  }
}

function isUtf8(element: TagObject): boolean {
  const bytes = bytesOf(element);
  if (!bytes.some(byte => byte > 0x7f)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** What stands in the file, of text that dcmjs took for single bytes. */
function bytesOf({ Value = [], _rawValue }: TagObject): Uint8Array {
  // dcmjs keeps the raw text of a name as one string and that of other elements as a list.
  const raw = Array.isArray(_rawValue) ? _rawValue : _rawValue === undefined ? Value : [_rawValue];
  const text = raw.map(part => (part === null || part === undefined ? '' : String(part))).join('\\');
  return Uint8Array.from(text, char => BYTE_OF.get(char) ?? 0x3f);
}

function decoded(element: TagObject, sets: string): unknown[] {
  const { vr, Value = [] } = element;
  const bytes = bytesOf(element);
  if (bytes.length === 0) return Value;
  const whole = convertBytes(sets, bytes, { vr }).replace(/[ \0]+$/, '');
  const values = SINGLE.has(vr) ? [whole] : whole.split('\\').map(value => value.trim());
  return vr === 'PN' ? values.map(personName) : values;
}

function personName(text: string): Record<string, string> {
  const groups = text.split('=').map((group, n) => [PN_GROUPS[n], group.trim()] as const);
  return Object.fromEntries(groups.filter(([name, group]) => name && group));
}

/** A defined term of PS3.3 C.12.1.1.2 for the ways in which files spell it; Latin-1 where it says nothing known. */
function standardTerm(term: string): string {
  if (/^\s*$/.test(term)) return 'ISO 2022 IR 6';
  if (/utf[-_ ]?8/i.test(term)) return 'ISO_IR 192';
  const chinese = /GB18030|GBK/i.exec(term);
  if (chinese) return chinese[0].toUpperCase();
  const number = /IR[-_ ]*(\d+)/i.exec(term)?.[1];
  const known = [
    '6',
    '13',
    '58',
    '87',
    '100',
    '101',
    '109',
    '110',
    '126',
    '127',
    '138',
    '144',
    '148',
    '149',
    '159',
    '166',
  ];
  if (number === '192') return 'ISO_IR 192';
  return number && known.includes(number) ? `ISO 2022 IR ${number}` : ONE_BYTE;
}
