import { InputError } from '../core';
import { decimalOf } from './decimal';

/**
 * A dataset as dcmjs naturalises it (and as OHIF keeps it): DICOM keywords to plain values. A single value may or may
 * not be wrapped in an array, numbers may be strings, an empty element is null. Read it through the functions below.
 */
export interface NaturalizedInstance {
  readonly [keyword: string]: unknown;
}

const present = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** All values of an element, as an array; [] when absent or empty. */
export function valuesOf(dataset: NaturalizedInstance, keyword: string): unknown[] {
  const value = dataset[keyword];
  if (!present(value)) return [];
  return Array.isArray(value) ? [...value] : [value];
}

/** First value as text without padding, '' when absent. */
export function text(dataset: NaturalizedInstance, keyword: string): string {
  const [value] = valuesOf(dataset, keyword);
  return present(value) ? String(nameOf(value) ?? value).trim() : '';
}

/** A person name as DICOM JSON has it (PS3.18 F.2.2), with its groups as in a file; undefined for anything else. */
function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const groups = ['Alphabetic', 'Ideographic', 'Phonetic'].map(
    group => (value as Record<string, unknown>)[group] ?? ''
  );
  return groups.some(present) ? groups.map(String).join('=').replace(/=+$/, '') : undefined;
}

/** All values as numbers, NaN where one is none. Backslash-separated text is split (bulk DICOM JSON sometimes keeps it). */
export function numbers(dataset: NaturalizedInstance, keyword: string): number[] {
  return valuesOf(dataset, keyword)
    .flatMap(value => (typeof value === 'string' ? value.split('\\') : [value]))
    .map(decimalOf);
}

/** First value as a number, or undefined when absent. @throws InputError 'bad-number' when it is there and no number */
export function number(dataset: NaturalizedInstance, keyword: string): number | undefined {
  const [value] = numbers(dataset, keyword);
  if (value !== undefined && !Number.isFinite(value)) throw badNumber(dataset, keyword, 1);
  return value;
}

/** Items of a sequence, [] when absent. */
export function items(dataset: NaturalizedInstance, keyword: string): NaturalizedInstance[] {
  const value = dataset[keyword];
  if (!present(value)) return [];
  // dcmjs proxies one-item sequences; they remain arrays underneath.
  const list = Array.isArray(value) ? [...value] : [value];
  return list.filter((item): item is NaturalizedInstance => typeof item === 'object' && item !== null);
}

/** First item of a sequence, or an empty dataset. */
export function item(dataset: NaturalizedInstance, keyword: string): NaturalizedInstance {
  return items(dataset, keyword)[0] ?? {};
}

/** A number an object cannot be read without. */
export function requiredNumber(dataset: NaturalizedInstance, keyword: string): number {
  const value = number(dataset, keyword);
  if (value === undefined) {
    throw new InputError('missing-attribute', { object: describe(dataset), keyword });
  }
  return value;
}

/** Exactly `count` finite numbers an object cannot be read without. @throws InputError 'missing-attribute', 'bad-number' */
export function requiredNumbers(dataset: NaturalizedInstance, keyword: string, count: number): number[] {
  const values = numbers(dataset, keyword);
  if (values.length === 0) throw new InputError('missing-attribute', { object: describe(dataset), keyword });
  if (values.length !== count || !values.every(Number.isFinite)) {
    throw badNumber(dataset, keyword, count);
  }
  return values;
}

/** Decimal commas, empty values and words: guessing what was meant could be wrong by a factor. */
function badNumber(dataset: NaturalizedInstance, keyword: string, count: number): InputError {
  const found = valuesOf(dataset, keyword)
    .map(value => (value === null ? '' : String(value).trim()))
    .join('\\');
  return new InputError('bad-number', { object: describe(dataset), keyword, count, found });
}

/** How an error message names an instance: by its file where that is known. */
export function describe(dataset: NaturalizedInstance): string {
  const frame = typeof dataset.frameNumber === 'number' ? `frame ${dataset.frameNumber} of ` : '';
  if (typeof dataset._source === 'string') return frame + dataset._source;
  const modality = text(dataset, 'Modality') || 'DICOM';
  const uid = text(dataset, 'SOPInstanceUID');
  return frame + (uid ? `${modality} instance ${uid}` : `a ${modality} dataset`);
}
