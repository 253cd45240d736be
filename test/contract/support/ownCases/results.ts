/** What became of each odd input. */
import type { OwnCase } from './table';

export interface CaseResult {
  readonly status: number;
  readonly stderr: string;
  readonly wrote: boolean;
  /** P(malignant) by level. */
  readonly probabilities?: Readonly<Record<string, number>>;
  /** See `segVoxels`; of bodies.dcm. */
  readonly bodies?: Readonly<Record<string, readonly string[]>>;
  /** PatientName in bodies.dcm. */
  readonly name?: string;
  readonly passedOver?: readonly string[];
}
export type CaseResults = Readonly<Record<string, CaseResult>>;

/** A second result: of a refused case with the options that choose. */
export const chosen = ({ what }: OwnCase): string => `${what}, chosen`;
export const BASE = { dicom: 'plain DICOM', nifti: 'plain NIfTI' } as const;

/** In which the CT is read; Explicit VR Little Endian is that of the plain one. */
export const TRANSFER_SYNTAXES = [
  'Implicit VR Little Endian',
  'Deflated Explicit VR',
  'RLE Lossless',
  'JPEG-LS Lossless',
  'JPEG 2000 Lossless',
  'High-Throughput JPEG 2000 Lossless',
  'Explicit VR Big Endian',
  'JPEG Lossless',
] as const;
