import { checkSameGrid, InputError, reportedMillilitres, voxelMillilitresBySlice } from '../core';
import type { Labelmap } from '../core';
import { commonModules, referencedSeries } from './context';
import type { ObjectContext } from './context';
import { text } from './dataset';
import type { NaturalizedInstance } from './dataset';
import { decimalString, newUid } from './identity';
import { frameGroups } from './segGroups';
import { binaryFrames, labelmapFrames } from './segPixels';
import { LABELMAP_SEGMENTATION_STORAGE, SEGMENTATION_STORAGE } from './segmentation';

/** Tags for DimensionIndexPointer and FunctionalGroupPointer; dcmjs writes AT from numbers and zeros from anything else. */
const TAG = {
  segmentNumber: 0x0062000b,
  segmentIdentification: 0x0062000a,
  position: 0x00200032,
  planePosition: 0x00209113,
};

export interface SegmentSize {
  readonly voxels: number;
  /** From the real positions of the slices. */
  readonly millilitres: number;
}

/** What a segmentation on the CT grid is made of; S is what is known of each segment. */
export interface SegObject<S extends { readonly index: number }> extends ObjectContext {
  /** On the grid of the series; values are the segments' indices. */
  readonly labelmap: Labelmap;
  /** Numbered from 1 without gaps, none empty. */
  readonly segments: readonly S[];
  readonly encoding?: 'BINARY' | 'LABELMAP';
  /** Of the series, without version and research-use note. */
  readonly description: string;
  /** Keeps series numbers of the kinds apart. */
  readonly seriesOffset: number;
  readonly contentLabel: string;
  readonly contentDescription: string;
  /** Item of SegmentSequence. */
  readonly itemOf: (segment: S, size: SegmentSize, uid: () => string) => NaturalizedInstance;
}

/**
 * A DICOM Segmentation on the CT grid (PS3.3 A.51): one frame per segment and slice that has voxels.
 * @throws InputError grid-mismatch (labelmap not on the CT grid), segment-numbers (not 1..n, or empty)
 */
export function segmentationObject<S extends { readonly index: number }>(input: SegObject<S>): NaturalizedInstance {
  const { series, segments } = input;
  checkNumbers(input);
  const labelmapEncoding = input.encoding === 'LABELMAP';
  const pixels = labelmapEncoding
    ? labelmapFrames(input.labelmap, segments.length)
    : binaryFrames(input.labelmap, segments.length);
  const { bits } = pixels;
  const uid = input.newUid ?? newUid;
  const dimensionUid = uid();
  const common = commonModules(input, {
    sopClassUID: labelmapEncoding ? LABELMAP_SEGMENTATION_STORAGE : SEGMENTATION_STORAGE,
    modality: 'SEG',
    description: input.description,
    offset: input.seriesOffset,
  });
  const dimension = (pointer: number, group: number, label: string) => ({
    DimensionOrganizationUID: dimensionUid,
    DimensionIndexPointer: pointer,
    FunctionalGroupPointer: group,
    DimensionDescriptionLabel: label,
  });
  const positionDimension = dimension(TAG.position, TAG.planePosition, 'Slice position');
  const ordered = [...segments].sort((a, b) => a.index - b.index);
  const perVoxel = voxelMillilitresBySlice(series, series.slicePositionsMm);
  const sizeOf = (index: number): SegmentSize => ({
    voxels: pixels.voxels[index],
    millilitres: reportedMillilitres(
      pixels.voxelsOnSlices(index).reduce((sum, count, slice) => sum + count * perVoxel[slice], 0)
    ),
  });
  return {
    ...common,
    ContentDate: common.SeriesDate,
    ContentTime: common.SeriesTime,
    ImageType: ['DERIVED', 'PRIMARY'],
    FrameOfReferenceUID: series.frameOfReferenceUID,
    PositionReferenceIndicator: text(series.instances[0], 'PositionReferenceIndicator') || null,
    ContentLabel: input.contentLabel,
    ContentDescription: input.contentDescription,
    ContentCreatorName: input.contentCreatorName || null,
    ...lossy(series.instances[0]),
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: series.dims[1],
    Columns: series.dims[0],
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    PixelRepresentation: 0,
    NumberOfFrames: String(pixels.frames.length),
    SegmentationType: labelmapEncoding ? 'LABELMAP' : 'BINARY',
    ...(labelmapEncoding ? { PixelPaddingValue: 0, _vrMap: { PixelPaddingValue: 'US' } } : { SegmentsOverlap: 'NO' }),
    SegmentSequence: ordered.map(segment => input.itemOf(segment, sizeOf(segment.index), uid)),
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensionUid }],
    DimensionIndexSequence: labelmapEncoding
      ? [positionDimension]
      : [dimension(TAG.segmentNumber, TAG.segmentIdentification, 'Segment number'), positionDimension],
    SharedFunctionalGroupsSequence: [sharedGroups(input)],
    PerFrameFunctionalGroupsSequence: frameGroups(series, pixels.frames),
    ReferencedSeriesSequence: referencedSeries(series),
    PixelData: pixels.pixelData,
  };
}

function checkNumbers<S extends { readonly index: number }>({ series, labelmap, segments }: SegObject<S>): void {
  const indices = segments.map(({ index }) => index).sort((a, b) => a - b);
  if (indices.some((index, n) => index !== n + 1)) {
    throw new InputError('segment-numbers', { found: indices });
  }
  checkSameGrid({ hu: new Int16Array(0), dims: series.dims, indexToLps: series.indexToLps }, labelmap);
}

function sharedGroups({ series }: ObjectContext): NaturalizedInstance {
  const [row, column] = series.directions;
  const [columnSpacing, rowSpacing, sliceSpacing] = series.spacingMm;
  return {
    PlaneOrientationSequence: [{ ImageOrientationPatient: [...row, ...column].map(decimalString) }],
    PixelMeasuresSequence: [
      {
        PixelSpacing: [rowSpacing, columnSpacing].map(decimalString),
        SliceThickness: decimalString(sliceSpacing),
        SpacingBetweenSlices: decimalString(sliceSpacing),
      },
    ],
  };
}

/** A segmentation of a lossy image must say so (PS3.3 C.8.20.2). */
function lossy(ct: NaturalizedInstance): NaturalizedInstance {
  if (text(ct, 'LossyImageCompression') !== '01') return { LossyImageCompression: '00' };
  return {
    LossyImageCompression: '01',
    LossyImageCompressionRatio: text(ct, 'LossyImageCompressionRatio') || '1',
    LossyImageCompressionMethod: text(ct, 'LossyImageCompressionMethod') || 'ISO_10918_1',
  };
}
