/** State and actions of the export tab. */
import type { LesionRow, Problem } from './state';

/** What can be written, in the order shown. */
export const EXPORT_KINDS = ['lesions', 'bodies', 'contours', 'report', 'csv', 'json'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];
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
      /** The lesions it was made of: when they are others now, it is out of date. */
      readonly rows: readonly LesionRow[];
    }
  | { readonly status: 'failed'; readonly destination: ExportDestination; readonly problem: Problem };

export interface Exports {
  readonly options: ExportOptions;
  /** What became of the last export of each kind. */
  readonly outcomes: Partial<Record<ExportKind, ExportOutcome>>;
}

export const MAX_TOLERANCE_MM = 5;
export const MAX_MARGIN_MM = 50;

export const initialExports: Exports = {
  options: { encoding: 'BINARY', toleranceMm: 0, marginMm: 0, clipMarginToBody: false, includeBodies: false },
  outcomes: {},
};

export interface ExportsActions {
  setExportOptions(change: Partial<ExportOptions>): void;
  exportFile(kind: ExportKind, destination: ExportDestination): void;
}
