/** What the slices of one CT must share, and what each must say, before their pixels can be Hounsfield units of one patient. */
import { InputError } from '../core';
import { sliceKey } from './ctFrames';
import { describe, number, numbers, text, valuesOf } from './dataset';
import type { NaturalizedInstance } from './dataset';

/** Values of a keyword over the slices, with the slices that have them, most frequent first; empty ones omitted. */
export function tally(slices: readonly NaturalizedInstance[], valueOf: (slice: NaturalizedInstance) => string) {
  const groups = new Map<string, NaturalizedInstance[]>();
  for (const slice of slices) {
    const value = valueOf(slice);
    const list = groups.get(value);
    if (list) list.push(slice);
    else groups.set(value, [slice]);
  }
  return [...groups].filter(([value]) => value !== '').sort(([, a], [, b]) => b.length - a.length);
}

/** @throws InputError `code` when the slices differ in a keyword */
export function requireSame(
  slices: readonly NaturalizedInstance[],
  keyword: string,
  code: 'mixed-series' | 'mixed-geometry' | 'mixed-frame-of-reference'
): void {
  const values = tally(slices, slice => valuesOf(slice, keyword).map(String).join('\\') || '-');
  if (values.length > 1) throw new InputError(code, { keyword, values: formatValues(values).slice(0, 3) });
}

/** "512: first/slice.dcm + 40", most frequent first. */
const formatValues = (values: readonly (readonly [string, readonly NaturalizedInstance[]])[]): string[] =>
  values.map(([value, list]) => `${value}: ${describe(list[0])}${list.length > 1 ? ` + ${list.length - 1}` : ''}`);

/**
 * One patient, one study, every slice once: a pseudonymiser may give two patients one SeriesInstanceUID, or all slices one
 * SOPInstanceUID.
 * @throws InputError 'several-patients', 'several-studies', 'duplicate-instance'
 */
export function checkOnePatient(slices: readonly NaturalizedInstance[]): void {
  for (const keyword of ['PatientID', 'PatientName', 'PatientBirthDate']) {
    const values = tally(slices, slice => identityText(slice, keyword));
    if (values.length > 1) throw new InputError('several-patients', { keyword, found: formatValues(values) });
  }
  const studies = tally(slices, slice => text(slice, 'StudyInstanceUID'));
  if (studies.length > 1) throw new InputError('several-studies', { found: formatValues(studies) });
  const repeated = tally(slices, sliceKey).find(([, list]) => list.length > 1)?.[1];
  if (repeated) {
    throw new InputError('duplicate-instance', {
      uid: text(repeated[0], 'SOPInstanceUID'),
      objects: repeated.slice(0, 3).map(describe),
      count: repeated.length,
    });
  }
}

/** Upper case, without the empty components that some writers add to a name. */
export function identityText(slice: NaturalizedInstance, keyword: string): string {
  const [value] = valuesOf(slice, keyword);
  const plain =
    typeof value === 'object' && value !== null
      ? ((value as { Alphabetic?: string }).Alphabetic ?? String(value))
      : String(value ?? '');
  return plain.split('=')[0].replace(/\^+$/, '').trim().toUpperCase();
}

/**
 * Hounsfield units need RescaleSlope and RescaleIntercept on every slice (PS3.3 C.8.2.1), and values that reach below water.
 * @throws InputError 'no-hounsfield', 'no-negative-hu', 'bits-allocated', 'pixel-alignment', 'colour-ct', 'bad-number'
 */
export function checkPixels(slices: readonly NaturalizedInstance[]): void {
  for (const slice of slices) {
    const object = describe(slice);
    const slope = number(slice, 'RescaleSlope');
    const intercept = number(slice, 'RescaleIntercept');
    const fail = (keyword: string, found: unknown) =>
      new InputError('no-hounsfield', { object, keyword, found: found === undefined ? '' : String(found) });
    if (intercept === undefined) throw fail('RescaleIntercept', intercept);
    if (slope === undefined || !(slope > 0)) throw fail('RescaleSlope', slope);
    const type = text(slice, 'RescaleType');
    if (type !== '' && type !== 'HU') throw fail('RescaleType', type);
    if (number(slice, 'PixelRepresentation') === 0 && intercept >= 0) {
      throw new InputError('no-negative-hu', { object, intercept });
    }
    checkFormat(slice, object);
  }
}

/** Viewers and this program read pixels of 8 or 16 bits whose highest bit is the last of those stored. */
function checkFormat(slice: NaturalizedInstance, object: string): void {
  const [bits, stored, high] = ['BitsAllocated', 'BitsStored', 'HighBit'].map(keyword => number(slice, keyword));
  if (bits !== undefined && bits !== 8 && bits !== 16) {
    throw new InputError('bits-allocated', { object, bits, allowed: [8, 16] });
  }
  if (stored !== undefined && high !== undefined && high !== stored - 1) {
    throw new InputError('pixel-alignment', { object, high, stored });
  }
  const samples = number(slice, 'SamplesPerPixel');
  if (samples !== undefined && samples !== 1) throw new InputError('colour-ct', { object, samples });
}

/** Attributes that tell two phases or reconstructions at one position apart. */
const PHASES = [
  'AcquisitionNumber',
  'AcquisitionTime',
  'TemporalPositionIdentifier',
  'ConvolutionKernel',
  'ContrastBolusAgent',
  'ImageType',
  'SeriesDescription',
  'KVP',
  'SliceThickness',
  'ContentTime',
  'EchoNumbers',
];

/** How slices at one position differ, e.g. "AcquisitionNumber 1 (51), 2 (51)" with the slices of each; '' when in nothing known. */
export function phasesInWords(slices: readonly NaturalizedInstance[]): string {
  for (const keyword of PHASES) {
    const values = tally(slices, slice => valuesOf(slice, keyword).map(String).join('\\'));
    if (values.length < 2 || values.length > 12) continue;
    return `${keyword} ${values.map(([value, list]) => `${value} (${list.length})`).join(', ')}`;
  }
  return '';
}

/** The patient axis nearest to the normal of an image (0 left, 1 posterior, 2 head); '' without an orientation. */
export function axisOfNormal(image: NaturalizedInstance): string {
  const [a, b, c, d, e, f] = numbers(image, 'ImageOrientationPatient');
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d].map(Math.abs);
  const largest = Math.max(...normal);
  return Number.isFinite(largest) ? String(normal.indexOf(largest)) : '';
}
