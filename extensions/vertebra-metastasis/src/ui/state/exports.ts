/** State and actions of the export tab. */
import type { exportEn } from '../strings/exportEn';
import type { Problem } from './values';

/** A kind of file; whatever has texts can be exported. */
export type ExportKind = keyof (typeof exportEn)['kinds'];

/** 'archive': stored in the open study; 'download': a file for the user. */
export type ExportDestination = 'archive' | 'download';

export interface ExportOptions {
  /** Type of the segmentations. */
  readonly encoding: 'BINARY' | 'LABELMAP';
  /** Largest distance of a contour from the outline of the voxels, mm, 0 to 5. */
  readonly toleranceMm: number;
  /** Adds each lesion grown by this, mm, 0 to 50. */
  readonly marginMm: number;
  /** Grow only inside the vertebral body. */
  readonly clipMarginToBody: boolean;
  readonly includeBodies: boolean;
}

export type ExportOutcome =
  | {
      readonly status: 'working';
      readonly destination: ExportDestination;
      /** Slices of the CT read so far, where it has to be read first. */
      readonly reading?: { readonly done: number; readonly total: number };
    }
  | {
      readonly status: 'done';
      readonly destination: ExportDestination;
      /** Series description, or names of the files. */
      readonly name: string;
      /** The lesions have changed since. */
      readonly outdated: boolean;
    }
  | { readonly status: 'failed'; readonly destination: ExportDestination; readonly problem: Problem };

/** One kind of file that can be exported, and where it is listed. */
export interface ExportOffer {
  readonly kind: ExportKind;
  readonly section: 'segmentations' | 'contours' | 'measurements';
  readonly destinations: readonly ExportDestination[];
}

export interface Exports {
  /** In the order shown. */
  readonly offers: readonly ExportOffer[];
  readonly options: ExportOptions;
  /** What became of the last export of each kind. */
  readonly outcomes: Partial<Record<ExportKind, ExportOutcome>>;
}

export const MAX_TOLERANCE_MM = 5;
export const MAX_MARGIN_MM = 50;

export const initialExports: Exports = {
  offers: [],
  options: { encoding: 'BINARY', toleranceMm: 0, marginMm: 0, clipMarginToBody: false, includeBodies: false },
  outcomes: {},
};

export interface ExportsActions {
  setExportOptions(change: Partial<ExportOptions>): void;
  exportFile(kind: ExportKind, destination: ExportDestination): void;
}
