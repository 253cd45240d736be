import type { CtSeries, NaturalizedInstance } from '@spine/dicom';

/** One segment of a SEG by other software. */
export interface ForeignSegment {
  readonly SegmentNumber: number;
  readonly SegmentLabel?: string;
  readonly [keyword: string]: unknown;
  readonly inside: (i: number, j: number, k: number) => boolean;
}
export interface ForeignOptions {
  readonly type?: 'BINARY' | 'LABELMAP' | 'FRACTIONAL';
  readonly bits?: 8 | 16;
  /** Order of frames: 'reversed' puts the last slice first and mixes segments. */
  readonly frames?: 'in order' | 'reversed';
  /** Shift of every frame, mm along the stack. */
  readonly shiftMm?: number;
  /** Writes frames with rows running the other way (the orientation says so). */
  readonly flipRows?: boolean;
  /** No PlanePositionSequence, only references to slices. */
  readonly withoutPositions?: boolean;
  readonly frameOfReferenceUID?: string;
}

/** A SEG as other software writes it: only what its reader may rely on, frames for every slice, also empty ones. */
export function foreignSeg(
  series: CtSeries,
  segments: readonly ForeignSegment[],
  options: ForeignOptions = {}
): NaturalizedInstance {
  const { type = 'BINARY', bits = 8, flipRows = false } = options;
  const [columns, rows, slices] = series.dims;
  const order = Array.from({ length: slices }, (_, k) => k);
  const wanted =
    type === 'LABELMAP'
      ? order.map(k => ({ k, segment: undefined as ForeignSegment | undefined }))
      : segments.flatMap(segment => order.map(k => ({ k, segment: segment as ForeignSegment | undefined })));
  const frames = options.frames === 'reversed' ? wanted.reverse() : wanted;
  const values = new Float64Array(frames.length * rows * columns);
  frames.forEach(({ k, segment }, frame) => {
    for (let n = 0; n < rows * columns; n++) {
      const [i, row] = [n % columns, Math.floor(n / columns)];
      const j = flipRows ? rows - 1 - row : row;
      const found = segment ?? segments.find(one => one.inside(i, j, k));
      const value = type === 'LABELMAP' ? (found?.SegmentNumber ?? 0) : type === 'FRACTIONAL' ? 200 : 1;
      if (found?.inside(i, j, k)) values[frame * rows * columns + n] = value;
    }
  });
  return {
    SOPClassUID: `1.2.840.10008.5.1.4.1.1.66.${type === 'LABELMAP' ? 7 : 4}`,
    SOPInstanceUID: '1.2.826.0.1.3680043.10.1777.9.1',
    Modality: 'SEG',
    SeriesDescription: 'vertebrae',
    SegmentationType: type,
    MaximumFractionalValue: 255,
    FrameOfReferenceUID: options.frameOfReferenceUID ?? series.frameOfReferenceUID,
    Rows: rows,
    Columns: columns,
    NumberOfFrames: frames.length,
    BitsAllocated: type === 'BINARY' ? 1 : bits,
    SegmentSequence: segments.map(segment => ({ ...segment, inside: undefined })),
    SharedFunctionalGroupsSequence: [shared(series, flipRows)],
    PerFrameFunctionalGroupsSequence: frames.map(({ k, segment }) => ({
      ...(options.withoutPositions ? {} : position(series, k, flipRows, options.shiftMm ?? 0)),
      ...(segment ? { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment.SegmentNumber }] } : {}),
      DerivationImageSequence: [
        { SourceImageSequence: [{ ReferencedSOPInstanceUID: series.instances[k].SOPInstanceUID }] },
      ],
    })),
    PixelData: type === 'BINARY' ? pack(values) : (bits === 16 ? Uint16Array : Uint8Array).from(values).buffer,
  };
}

function shared({ directions: [row, column], spacingMm }: CtSeries, flipRows: boolean): NaturalizedInstance {
  const sign = flipRows ? -1 : 1;
  return {
    PlaneOrientationSequence: [{ ImageOrientationPatient: [...row, ...column.map(value => sign * value)] }],
    PixelMeasuresSequence: [{ PixelSpacing: [spacingMm[1], spacingMm[0]], SliceThickness: spacingMm[2] }],
  };
}

function position({ positions, directions, spacingMm, dims }: CtSeries, k: number, flipRows: boolean, shiftMm: number) {
  const down = flipRows ? (dims[1] - 1) * spacingMm[1] : 0;
  const lps = positions[k].map((value, axis) => value + directions[1][axis] * down + directions[2][axis] * shiftMm);
  return { PlanePositionSequence: [{ ImagePositionPatient: lps }] };
}

function pack(values: Float64Array): ArrayBuffer {
  const packed = new Uint8Array(Math.ceil(values.length / 16) * 2);
  values.forEach((value, n) => value && (packed[n >> 3] |= 1 << (n & 7)));
  return packed.buffer;
}
