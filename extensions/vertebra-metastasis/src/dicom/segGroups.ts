import { CODES } from './codes';
import { referenceTo } from './context';
import type { CtSeries } from './ctSeries';
import type { NaturalizedInstance } from './dataset';
import { decimalString } from './identity';

/**
 * Per-frame functional groups: position of the CT slice as its own file says, the slice it derives from, and the segment.
 * DimensionIndexValues: [segment number,] rank of the position among the positions in the object, from 1.
 * @param frames segment 0 marks a LABELMAP frame, which belongs to no single segment
 */
export function frameGroups(
  series: CtSeries,
  frames: readonly { readonly segment: number; readonly slice: number }[]
): NaturalizedInstance[] {
  const slices = [...new Set(frames.map(({ slice }) => slice))].sort((a, b) => a - b);
  const rank = new Map(slices.map((slice, n) => [slice, n + 1]));
  return frames.map(({ segment, slice }) => ({
    FrameContentSequence: [{ DimensionIndexValues: segment === 0 ? [rank.get(slice)!] : [segment, rank.get(slice)!] }],
    PlanePositionSequence: [{ ImagePositionPatient: series.positions[slice].map(decimalString) }],
    DerivationImageSequence: [
      {
        DerivationCodeSequence: [CODES.segmentation],
        SourceImageSequence: [
          {
            ...referenceTo(series.instances[slice]),
            PurposeOfReferenceCodeSequence: [CODES.sourceForProcessing],
            SpatialLocationsPreserved: 'YES',
          },
        ],
      },
    ],
    ...(segment === 0 ? {} : { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }] }),
  }));
}
