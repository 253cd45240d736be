/**
 * What a file may ask of its reader. The parser makes objects of every element and of every value of a text; a small file of many empty
 * ones, or one nested in itself, would take all memory or all time of the page or the server that opens it.
 */
import { data } from 'dcmjs';
import { InputError } from '../core';
import { type ElementPlace, hexTag } from './elements';

/** A segmentation of 40 segments over 600 slices has some 700,000. */
const MAX_ELEMENTS = 3_000_000;
/** Structured reports of deep trees have a dozen. */
const MAX_DEPTH = 48;
/** Values that the parser splits; the longest lists of instances have some hundred kilobytes. */
const MAX_TEXT_BYTES = 1024 ** 2;
const MAX_NUMBERS_BYTES = 16 * 1024 ** 2;
/** A series of 1000 slices of 512 x 512 as one deflated object. */
export const MAX_INFLATED_BYTES = 512 * 1024 ** 2;

const SPLIT_TEXT = new Set(['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'LO', 'PN', 'SH', 'TM', 'UC', 'UI']);
const NUMBERS = new Set(['AT', 'FD', 'FL', 'SL', 'SS', 'SV', 'UL', 'US', 'UV']);

/** A visitor for `walkElements` that counts. @throws InputError 'not-dicom' from the visitor, naming the limit */
export function limitElements(): (element: ElementPlace) => void {
  let count = 0;
  return ({ tag, vr, length = 0, depth }) => {
    if (++count > MAX_ELEMENTS) throw tooMuch(`it has more than ${MAX_ELEMENTS} elements`);
    if (depth > MAX_DEPTH) throw tooMuch(`its sequences are nested more than ${MAX_DEPTH} deep`);
    if (length <= MAX_TEXT_BYTES) return;
    const known = vr || vrOf(tag);
    const limit = SPLIT_TEXT.has(known) ? MAX_TEXT_BYTES : NUMBERS.has(known) ? MAX_NUMBERS_BYTES : Infinity;
    if (length > limit) throw tooMuch(`${hexTag(tag)} has ${length} bytes, more than ${limit}`);
  };
}

export const tooMuch = (reason: string): InputError => new InputError('not-dicom', { reason });

/** Value representation of a tag in an encoding that does not write it; '' when the dictionary does not know it. */
function vrOf(tag: number): string {
  const dictionary = (
    data.DicomMetaDictionary as unknown as { dictionary: Record<string, { vr?: string } | undefined> }
  ).dictionary;
  return dictionary[hexTag(tag).toUpperCase()]?.vr ?? '';
}
