import { parsePart10 } from '@spine/dicom';

/** One element as dcmjs reads it. */
export interface RawElement {
  vr: string;
  Value?: unknown[];
}
/** A data set keyed by tag, eight upper-case hex digits. */
export type RawDataset = Record<string, RawElement>;

export interface Part10File {
  meta: RawDataset;
  dataset: RawDataset;
}

/**
 * Parses a DICOM file with a preamble (PS3.10), whole and strictly, its text as Unicode.
 * @throws InputError 'not-dicom', 'truncated'
 */
export function readPart10(file: Buffer): Part10File {
  if (!hasPreamble(file)) throw new Error('no DICM prefix');
  const { meta, dict } = parsePart10(file);
  return { meta: meta as RawDataset, dataset: dict as RawDataset };
}

export function hasPreamble(start: Buffer): boolean {
  return start.length >= 132 && start.toString('latin1', 128, 132) === 'DICM';
}

export function firstString(dataset: RawDataset, tag: string): string | undefined {
  const value = dataset[tag]?.Value?.[0];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function firstNumber(dataset: RawDataset, tag: string): number | undefined {
  const value = Number(dataset[tag]?.Value?.[0] ?? NaN);
  return Number.isFinite(value) ? value : undefined;
}
