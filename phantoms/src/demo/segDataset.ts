import { levelCode, CODES, SEGMENTATION_STORAGE, text, type NaturalizedInstance } from '@spine/dicom';
import { demoStudyModules } from './ctDatasets';
import { namedUid } from './identity';
import type { DemoStudyPlan } from './timePoints';
import type { DemoVolume } from './volume';

const MARROW_GOLD = [45000, 35000, 42000];

/** The vertebrae of the demo CT as a BINARY DICOM SEG, segments named as TotalSegmentator names them, coded per level. */
export function vertebraeSegDataset(
  demo: DemoVolume,
  plan: DemoStudyPlan,
  slices: readonly NaturalizedInstance[]
): NaturalizedInstance {
  const { labels, dims, indexToLps } = demo.vertebrae;
  const plane = dims[0] * dims[1];
  const frames = demo.levels.flatMap(({ label }) =>
    slices.flatMap((_, k) => (labels.subarray(k * plane, (k + 1) * plane).includes(label) ? [{ label, k }] : []))
  );
  const bits = new Uint8Array((frames.length * plane) / 8);
  frames.forEach(({ label, k }, frame) => {
    for (let n = 0; n < plane; n++) {
      if (labels[k * plane + n] !== label) continue;
      const bit = frame * plane + n;
      bits[bit >> 3] |= 1 << (bit & 7);
    }
  });
  const dimensionUid = namedUid(`${plan.timePoint}/seg-dimensions`);
  const seriesUid = text(slices[0], 'SeriesInstanceUID');
  return {
    ...demoStudyModules(plan),
    SOPClassUID: SEGMENTATION_STORAGE,
    SOPInstanceUID: namedUid(`${plan.timePoint}/seg`),
    ImageType: ['DERIVED', 'PRIMARY'],
    InstanceCreationDate: plan.date,
    InstanceCreationTime: plan.time,
    ContentDate: plan.date,
    ContentTime: plan.time,
    SeriesDate: plan.date,
    SeriesTime: plan.time,
    Modality: 'SEG',
    SeriesInstanceUID: namedUid(`${plan.timePoint}/seg-series`),
    SeriesNumber: '3',
    SeriesDescription: 'Vertebrae (synthetic phantom)',
    InstanceNumber: '1',
    ContentLabel: 'VERTEBRAE',
    ContentDescription: 'Vertebrae of a computed phantom. Research use only.',
    ContentCreatorName: 'Phantom^Generator',
    SegmentationType: 'BINARY',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: dims[1],
    Columns: dims[0],
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    LossyImageCompression: '00',
    NumberOfFrames: String(frames.length),
    ReferencedSeriesSequence: [{ SeriesInstanceUID: seriesUid, ReferencedInstanceSequence: slices.map(reference) }],
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensionUid }],
    DimensionIndexSequence: [
      {
        DimensionOrganizationUID: dimensionUid,
        DimensionIndexPointer: '0062000B',
        FunctionalGroupPointer: '0062000A',
        DimensionDescriptionLabel: 'Segment',
      },
      {
        DimensionOrganizationUID: dimensionUid,
        DimensionIndexPointer: '00200032',
        FunctionalGroupPointer: '00209113',
        DimensionDescriptionLabel: 'Position',
      },
    ],
    SegmentSequence: demo.levels.map(({ label, level }) => ({
      SegmentNumber: label,
      SegmentLabel: `vertebrae_${level}`,
      SegmentDescription: `Whole vertebra ${level} of the phantom`,
      SegmentAlgorithmType: 'AUTOMATIC',
      SegmentAlgorithmName: 'Phantom generator',
      SegmentedPropertyCategoryCodeSequence: [CODES.anatomicalStructure],
      SegmentedPropertyTypeCodeSequence: [levelCode(level)],
      RecommendedDisplayCIELabValue: MARROW_GOLD,
    })),
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient: ['1', '0', '0', '0', '1', '0'] }],
        PixelMeasuresSequence: [
          {
            SliceThickness: '1.5',
            SpacingBetweenSlices: '1.5',
            PixelSpacing: [String(indexToLps[5]), String(indexToLps[0])],
          },
        ],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map(({ label, k }) => ({
      FrameContentSequence: [{ DimensionIndexValues: [label, k + 1] }],
      PlanePositionSequence: [{ ImagePositionPatient: slices[k].ImagePositionPatient }],
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: label }],
      DerivationImageSequence: [
        {
          DerivationCodeSequence: [CODES.segmentation],
          SourceImageSequence: [
            { ...reference(slices[k]), PurposeOfReferenceCodeSequence: [CODES.sourceForProcessing] },
          ],
        },
      ],
    })),
    PixelData: bits.buffer,
  };
}

const reference = (slice: NaturalizedInstance) => ({
  ReferencedSOPClassUID: text(slice, 'SOPClassUID'),
  ReferencedSOPInstanceUID: text(slice, 'SOPInstanceUID'),
});
