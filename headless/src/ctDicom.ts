/** A volume as a DICOM CT series, for CTs that came without DICOM, so that a SEG has images to refer to. */
import { axisStep, type Volume, voxelSpacingMm } from '@spine/core';
import { CT_IMAGE_STORAGE, type NaturalizedInstance, newUid } from '@spine/dicom';

/** By this Manufacturer a CT that we wrote is known again. */
export const CONVERTED_BY = 'Spine Oncology (converted from a volume without DICOM)';
const LARGEST_INT16 = 32767;

export interface CtSeriesText {
  readonly patientName: string;
  readonly patientId: string;
  readonly seriesDescription: string;
  /** Default: now. */
  readonly date?: Date;
}

/**
 * Single-frame CT images (PS3.3 A.3), one per k; encode each with `encodeDataset`.
 * @param volume in axial order (see `axialVolume`); values that are no whole numbers are stored with a rescale slope
 */
export function ctInstances(volume: Volume, about: CtSeriesText): NaturalizedInstance[] {
  const [columns, rows, slices] = volume.dims;
  const [row, column] = [0, 1].map(axis => unit(axisStep(volume.indexToLps, axis as 0 | 1)));
  const [columnSpacing, rowSpacing, sliceSpacing] = voxelSpacingMm(volume.indexToLps).map(decimal);
  const step = axisStep(volume.indexToLps, 2);
  const { slope, intercept } = rescale(volume.hu);
  const [date, time] = dateTime(about.date ?? new Date());
  const shared = {
    SpecificCharacterSet: 'ISO_IR 192',
    ImageType: ['DERIVED', 'SECONDARY', 'AXIAL'],
    SOPClassUID: CT_IMAGE_STORAGE,
    StudyDate: date,
    SeriesDate: date,
    ContentDate: date,
    StudyTime: time,
    SeriesTime: time,
    ContentTime: time,
    AccessionNumber: null,
    Modality: 'CT',
    Manufacturer: CONVERTED_BY,
    ReferringPhysicianName: null,
    StudyDescription: about.seriesDescription,
    SeriesDescription: about.seriesDescription,
    PatientName: about.patientName,
    PatientID: about.patientId,
    PatientBirthDate: null,
    PatientSex: null,
    BodyPartExamined: 'SPINE',
    PatientPosition: 'HFS',
    SliceThickness: sliceSpacing,
    KVP: null,
    StudyInstanceUID: newUid(),
    SeriesInstanceUID: newUid(),
    StudyID: '1',
    SeriesNumber: '1',
    AcquisitionNumber: null,
    ImageOrientationPatient: [...row, ...column].map(decimal),
    FrameOfReferenceUID: newUid(),
    PositionReferenceIndicator: null,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    PixelSpacing: [rowSpacing, columnSpacing],
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    RescaleIntercept: decimal(intercept),
    RescaleSlope: decimal(slope),
    RescaleType: 'HU',
  };
  return Array.from({ length: slices }, (_, k) => {
    const size = columns * rows;
    const pixels = Int16Array.from(volume.hu.subarray(k * size, (k + 1) * size), value =>
      Math.round((value - intercept) / slope)
    );
    return {
      ...shared,
      SOPInstanceUID: newUid(),
      InstanceNumber: String(k + 1),
      ImagePositionPatient: [3, 7, 11].map((at, axis) => decimal(volume.indexToLps[at] + k * step[axis])),
      PixelData: pixels.buffer,
    };
  });
}

/** Whole HU are stored as they are; anything else is spread over the 16 bits. */
function rescale(hu: Volume['hu']): { slope: number; intercept: number } {
  if (hu instanceof Int16Array) return { slope: 1, intercept: 0 };
  let [low, high] = [Infinity, -Infinity];
  for (const value of hu) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const intercept = Number(decimal((low + high) / 2));
  // Rounded up, so that the extremes still fit after the slope was shortened to a decimal string.
  return { slope: Number(decimal(((high - low) / 2 / (LARGEST_INT16 - 1)) * (1 + 1e-6))) || 1, intercept };
}

function unit(vector: readonly number[]): number[] {
  return vector.map(value => value / Math.hypot(...vector));
}

/** At most 16 characters, as the DS value representation allows. */
function decimal(value: number): string {
  const short = String(value);
  return short.length <= 16 ? short : String(Number(value.toPrecision(9)));
}

function dateTime(date: Date): [string, string] {
  const iso = date.toISOString();
  return [iso.slice(0, 10).replace(/-/g, ''), iso.slice(11, 19).replace(/:/g, '')];
}
