import type { NaturalizedInstance } from '@spine/dicom';

/** A CT series in memory, described by its geometry. Everything is deterministic. */
export interface SyntheticCt {
  readonly columns?: number;
  readonly rows?: number;
  readonly slices?: number;
  /** [between rows, between columns] mm, as PixelSpacing. */
  readonly pixelSpacing?: readonly [number, number];
  readonly sliceSpacing?: number;
  /** ImageOrientationPatient. */
  readonly orientation?: readonly number[];
  /** LPS of voxel (0, 0) of the first slice. */
  readonly origin?: readonly [number, number, number];
  /** Added to each slice's position per slice, mm: a shear (gantry tilt). */
  readonly shear?: readonly [number, number, number];
  /** Order in which the instances are handed over. */
  readonly order?: 'ascending' | 'descending' | 'shuffled';
  readonly patientPosition?: string;
  /** HU of voxel (i, j, k), k in the order of the stack before `order` is applied. Default: a smooth pattern. */
  readonly hu?: (i: number, j: number, k: number) => number;
}

export const IDENTITY = [1, 0, 0, 0, 1, 0] as const;
/** Supine, feet first: the table enters the other way, so columns run to the patient's right. */
export const FEET_FIRST = [-1, 0, 0, 0, 1, 0] as const;

const uid = (kind: number, n = 0) => `1.2.826.0.1.3680043.10.1777.${kind}.${n + 1}`;

/** Naturalised single-frame CT images with native pixel data (12 bit unsigned, intercept -1024). */
export function syntheticCt(options: SyntheticCt = {}): NaturalizedInstance[] {
  const { columns = 24, rows = 20, slices = 8, pixelSpacing = [1, 1], sliceSpacing = 2 } = options;
  const { orientation = IDENTITY, origin = [-10, -20, -300], shear = [0, 0, 0] } = options;
  const hu = options.hu ?? ((i, j, k) => ((i * 7 + j * 13 + k * 29) % 400) - 100);
  const [a, b] = [orientation.slice(0, 3), orientation.slice(3)];
  const normal = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const instances = Array.from({ length: slices }, (_, k): NaturalizedInstance => {
    const pixels = new Uint16Array(columns * rows);
    for (let n = 0; n < pixels.length; n++) pixels[n] = hu(n % columns, Math.floor(n / columns), k) + 1024;
    return {
      ...header(k),
      Rows: rows,
      Columns: columns,
      PixelSpacing: [...pixelSpacing],
      SliceThickness: sliceSpacing,
      ImageOrientationPatient: [...orientation],
      ImagePositionPatient: origin.map((value, axis) => value + normal[axis] * k * sliceSpacing + shear[axis] * k),
      PatientPosition: options.patientPosition ?? 'HFS',
      PixelData: pixels.buffer,
    };
  });
  return reorder(instances, options.order ?? 'ascending');
}

const header = (k: number): NaturalizedInstance => ({
  SpecificCharacterSet: 'ISO_IR 192',
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
  SOPInstanceUID: uid(4, k),
  StudyInstanceUID: uid(1),
  SeriesInstanceUID: uid(2),
  FrameOfReferenceUID: uid(3),
  PositionReferenceIndicator: null,
  Modality: 'CT',
  ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
  PatientName: 'Müller^Jörg',
  PatientID: 'SYN-1',
  PatientBirthDate: '19500101',
  PatientSex: 'M',
  StudyDate: '20260102',
  StudyTime: '101500',
  AccessionNumber: null,
  ReferringPhysicianName: null,
  StudyID: '1',
  StudyDescription: 'Synthetic spine',
  SeriesNumber: '2',
  InstanceNumber: String(k + 1),
  AcquisitionNumber: '1',
  Manufacturer: 'Synthetic',
  KVP: '120',
  RescaleSlope: 1,
  RescaleIntercept: -1024,
  RescaleType: 'HU',
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  BitsAllocated: 16,
  BitsStored: 12,
  HighBit: 11,
  PixelRepresentation: 0,
});

function reorder(instances: NaturalizedInstance[], order: 'ascending' | 'descending' | 'shuffled') {
  if (order === 'descending') return instances.reverse();
  if (order === 'ascending') return instances;
  // A fixed permutation: 7 is coprime to any number of slices used here that is no multiple of 7.
  const step = instances.length % 7 === 0 ? 5 : 7;
  return instances.map((_, n) => instances[(n * step + 3) % instances.length]);
}
