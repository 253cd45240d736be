import { decimalString, type NaturalizedInstance } from '@spine/dicom';
import { namedUid } from './identity';
import type { DemoStudyPlan } from './timePoints';
import type { DemoVolume } from './volume';

export const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
/** Stored value of 0 HU: pixels are unsigned 12 bit. */
const INTERCEPT_HU = -1024;

/** Patient, study and frame of reference of a demo study: shared by its CT and its SEG. */
export function demoStudyModules(plan: DemoStudyPlan): Record<string, unknown> {
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    PatientName: 'Phantom^Spine',
    PatientID: 'PHANTOM-SPINE-1',
    PatientBirthDate: '19600101',
    PatientSex: 'O',
    PatientAge: '065Y',
    PatientComments: 'Computed phantom, no human being. Research use only.',
    StudyInstanceUID: namedUid(`${plan.timePoint}/study`),
    StudyDate: plan.date,
    StudyTime: plan.time,
    ReferringPhysicianName: null,
    StudyID: plan.timePoint === 'baseline' ? '1' : '2',
    AccessionNumber: null,
    StudyDescription: plan.description,
    FrameOfReferenceUID: namedUid(`${plan.timePoint}/frame-of-reference`),
    PositionReferenceIndicator: null,
    Manufacturer: 'Spine Oncology phantom generator',
    ManufacturerModelName: 'Computed phantom (research use only)',
    DeviceSerialNumber: '1',
    SoftwareVersions: '0.1.0',
  };
}

/** One dataset per axial slice, feet to head, in volume order, ready for encoding. */
export function ctDatasets(demo: Pick<DemoVolume, 'volume'>, plan: DemoStudyPlan): NaturalizedInstance[] {
  const { hu, dims, indexToLps } = demo.volume;
  const plane = dims[0] * dims[1];
  const common = {
    ...demoStudyModules(plan),
    SOPClassUID: CT_IMAGE_STORAGE,
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    InstanceCreationDate: plan.date,
    InstanceCreationTime: plan.time,
    SeriesDate: plan.date,
    AcquisitionDate: plan.date,
    ContentDate: plan.date,
    SeriesTime: plan.time,
    AcquisitionTime: plan.time,
    ContentTime: plan.time,
    Modality: 'CT',
    SeriesInstanceUID: namedUid(`${plan.timePoint}/ct-series`),
    SeriesNumber: '2',
    SeriesDescription: 'Synthetic phantom CT T11-L3 1.5 mm',
    BodyPartExamined: 'SPINE',
    PatientPosition: 'HFS',
    SliceThickness: '1.5',
    SpacingBetweenSlices: '1.5',
    KVP: '120',
    ConvolutionKernel: 'PHANTOM MEDIUM',
    AcquisitionNumber: '1',
    ImageOrientationPatient: ['1', '0', '0', '0', '1', '0'],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: dims[1],
    Columns: dims[0],
    PixelSpacing: [indexToLps[5], indexToLps[0]].map(decimalString),
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    WindowCenter: '300',
    WindowWidth: '1500',
    RescaleIntercept: String(INTERCEPT_HU),
    RescaleSlope: '1',
    RescaleType: 'HU',
  };
  return Array.from({ length: dims[2] }, (_, k) => {
    const z = indexToLps[11] + k * indexToLps[10];
    const stored = Uint16Array.from(hu.subarray(k * plane, (k + 1) * plane), value => value - INTERCEPT_HU);
    return {
      ...common,
      SOPInstanceUID: namedUid(`${plan.timePoint}/ct/${k}`),
      InstanceNumber: String(dims[2] - k),
      ImagePositionPatient: [indexToLps[3], indexToLps[7], z].map(decimalString),
      SliceLocation: decimalString(z),
      PixelData: stored.buffer,
    };
  });
}
