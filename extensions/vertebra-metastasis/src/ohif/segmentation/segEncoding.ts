import type { CtSeries } from '../../dicom';

export type SegEncoding = 'BINARY' | 'LABELMAP';

/**
 * Whether the viewer can read a BINARY segmentation of this CT again: cornerstone unpacks bits frame by frame and refuses
 * frames that do not fill whole bytes.
 */
export const binaryReadable = ({ dims: [columns, rows] }: Pick<CtSeries, 'dims'>): boolean =>
  (columns * rows) % 8 === 0;

/** The wanted encoding, or the one that can be read again. */
export const encodingFor = (series: Pick<CtSeries, 'dims'>, wanted: SegEncoding): SegEncoding =>
  binaryReadable(series) ? wanted : 'LABELMAP';
