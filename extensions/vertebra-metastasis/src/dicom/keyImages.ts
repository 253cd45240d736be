/** Pictures of the lesions for a report, as DICOM Secondary Capture (PS3.3 A.8.1): any viewer shows them beside the text. */
import { keyImage, labelOffsets, type Labelmap, type Volume } from '../core';
import {
  algorithmParameters,
  commonModules,
  type ObjectContext,
  referenceTo,
  RESEARCH_USE,
  SERIES_TITLES,
} from './context';
import type { NaturalizedInstance } from './dataset';
import { clip, dicomDateTime, newUid, SHORT_TEXT } from './identity';
import { lesionLabel, type LesionToWrite } from './lesionTypes';

export const SECONDARY_CAPTURE_STORAGE = '1.2.840.10008.5.1.4.1.1.7';
/** Series numbers of key images come after those of the other kinds. */
const SERIES_OFFSET = 800;

export interface KeyImagesInput extends ObjectContext {
  readonly volume: Volume;
  /** Values are the lesions' indices. */
  readonly labelmap: Labelmap;
  readonly lesions: readonly LesionToWrite[];
}

/** One object per lesion, in the order of the lesions, in a series of their own. */
export function keyImages(input: KeyImagesInput): NaturalizedInstance[] {
  const { volume, labelmap, lesions, series } = input;
  const offsets = labelOffsets(labelmap);
  const uid = input.newUid ?? newUid;
  const { date, time } = dicomDateTime(input.now ?? new Date());
  const common = commonModules(input, {
    sopClassUID: SECONDARY_CAPTURE_STORAGE,
    modality: 'OT',
    description: SERIES_TITLES.keyImages,
    offset: SERIES_OFFSET,
  });
  return lesions.flatMap((lesion, n) => {
    const own = offsets.get(lesion.index) ?? [];
    if (own.length === 0) return [];
    const { rows, columns, rgb } = keyImage(volume, labelmap, {
      label: lesion.index,
      kind: lesion.kind,
      offsets: own,
    });
    const slices = new Set(own.map(at => Math.floor(at / (volume.dims[0] * volume.dims[1]))));
    return [
      {
        ...common,
        SOPInstanceUID: uid(),
        InstanceNumber: String(n + 1),
        ContentDate: date,
        ContentTime: time,
        ConversionType: 'WSD',
        ImageType: ['DERIVED', 'SECONDARY'],
        BodyPartExamined: 'SPINE',
        PatientOrientation: null,
        BurnedInAnnotation: 'NO',
        ImageComments: clip(
          `${lesionLabel(lesion)}: sagittal (A anterior, P posterior) and axial (R right, L left of the patient), outlined. ${RESEARCH_USE}.`,
          SHORT_TEXT
        ),
        DerivationDescription: clip(`${RESEARCH_USE}. ${algorithmParameters(input)}`, SHORT_TEXT),
        SourceImageSequence: [...slices].map(k => referenceTo(series.instances[k])),
        SamplesPerPixel: 3,
        PhotometricInterpretation: 'RGB',
        PlanarConfiguration: 0,
        Rows: rows,
        Columns: columns,
        BitsAllocated: 8,
        BitsStored: 8,
        HighBit: 7,
        PixelRepresentation: 0,
        LossyImageCompression: '00',
        PixelData: rgb.buffer,
      },
    ];
  });
}
