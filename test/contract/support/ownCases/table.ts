/**
 * Odd inputs, and what each must give: the tests run them, and docs/refusals.md is made of them. To add one: an entry here, then
 * `npm run docs:refusals`. All are made of the same voxels (see anatomy.ts).
 */
import { encodeDataset, type NaturalizedInstance } from '@spine/dicom';
import { bareCopy, datasetStart } from '../foreignFiles';
import { CT, DIMS, IMAGES, LEVELS, uid, VERTEBRAE, vertebraSeg, type SegSpec } from './anatomy';
import { niftiFile, type NiftiSpec } from './nifti';

/** Path below the case's folder -> content, or the path that a link leads to. */
export type CaseFiles = Readonly<Record<string, Uint8Array | string | { readonly link: string }>>;

export interface OwnCase {
  readonly kind: Kind;
  /** In words, for the documentation. */
  readonly what: string;
  /** What differs from the plain input. */
  readonly files: () => CaseFiles;
  /** same: P and bodies of the plain run, to the last digit. refuse: exit code 3, nothing written. */
  readonly gives: 'same' | 'refuse';
  readonly code?: string;
  /** What else the message, or the notes, must name. */
  readonly says?: readonly string[];
  readonly options?: readonly string[];
  /** Path of the CT below the case's folder where it is not ct, ct.nii.gz or ct.nii; and of the masks. */
  readonly ct?: string;
  readonly masks?: string;
  /** Options with which a refused case gives the plain run's result. */
  readonly same?: readonly string[];
  /** Levels that the plain run is compared in; default all. */
  readonly only?: readonly string[];
  /** PatientName in the files written. */
  readonly name?: string;
}

export type Kind = keyof typeof KINDS;
export const KINDS = {
  hounsfield: 'Hounsfield units',
  identity: 'Whose images they are',
  stack: 'The stack of slices',
  files: 'Files and folders',
  text: 'Text in other character sets',
  masks: 'Vertebra masks as DICOM SEG',
  levels: 'Names and labels of vertebrae',
  nifti: 'NIfTI',
} as const;

type Slice = NaturalizedInstance;
const encoded = (dataset: NaturalizedInstance) => new Uint8Array(encodeDataset(dataset));
const plainSlices = new Map<number, Uint8Array>();
const plainSlice = (k: number) => plainSlices.get(k) ?? plainSlices.set(k, encoded(IMAGES[k])).get(k)!;
const fileName = (k: number) => `ct/${String(k + 1).padStart(4, '0')}.dcm`;
const MIDDLE = 20;

/** The CT with some slices changed; undefined leaves a slice out. @param change of slice k, counted from 0 */
function ct(change: (slice: Slice, k: number) => Slice | Uint8Array | undefined = slice => slice): CaseFiles {
  const entries = IMAGES.flatMap((image, k) => {
    const changed = change(image, k);
    if (changed === undefined) return [];
    const bytes = changed === image ? plainSlice(k) : changed instanceof Uint8Array ? changed : encoded(changed);
    return [[fileName(k), bytes] as const];
  });
  return Object.fromEntries(entries);
}
const every = (set: NaturalizedInstance) => () => ct(slice => ({ ...slice, ...set }));
const one = (set: NaturalizedInstance) => () => ct((slice, k) => (k === MIDDLE ? { ...slice, ...set } : slice));
const upper = (set: NaturalizedInstance) => () => ct((slice, k) => (k >= MIDDLE ? { ...slice, ...set } : slice));
const stored = (slice: Slice) => new Int16Array(slice.PixelData as ArrayBuffer);
const values = (
  slice: Slice,
  value: (stored: number, n: number) => number,
  type: Int16ArrayConstructor | Uint16ArrayConstructor = Int16Array
) => new type(Array.from(stored(slice), value)).buffer;
const position = ({ ImagePositionPatient }: Slice) => (ImagePositionPatient as string[]).map(Number);
const moved = (slice: Slice, x: number, y: number, z: number): Slice => ({
  ...slice,
  ImagePositionPatient: position(slice).map((mm, axis) => String(mm + [x, y, z][axis])),
});
/** Text that dcmjs would not write: put into the bytes, in the length of a placeholder. */
function inBytes(file: Uint8Array, from: string, to: string | Uint8Array): Uint8Array {
  const at = Buffer.from(file).indexOf(from);
  if (at < 0) throw new Error(`“${from}” is not in the file`);
  const bytes = typeof to === 'string' ? Buffer.from(to, 'latin1') : to;
  const copy = file.slice();
  copy.set(Buffer.alloc(from.length, 0x20), at);
  copy.set(bytes, at);
  return copy;
}

const seg = (spec?: SegSpec): CaseFiles => ({ 'seg.dcm': encoded(vertebraSeg(spec)) });
const named =
  (...names: string[]) =>
  () =>
    seg({ names });

const hu = { valueAt: (n: number) => CT.hu[n] };
const SCHEMES = {
  verse: [21, 22, 23],
  totalsegmentator: [30, 29, 28],
  totalspineseg: [42, 43, 44],
} as const;
const labelled = (labels: readonly number[], spec: Partial<NiftiSpec> = {}): CaseFiles => ({
  'labels.nii.gz': niftiFile(VERTEBRAE, {
    type: 'uint8',
    valueAt: n => (VERTEBRAE.labels[n] ? labels[VERTEBRAE.labels[n] - 1] : 0),
    ...spec,
  }),
});
const niftiCt = (spec: Partial<NiftiSpec> = {}): CaseFiles => ({
  'ct.nii.gz': niftiFile(CT, { ...hu, ...spec }),
  ...labelled(SCHEMES.verse),
});
const turned = (n: number) => {
  const [columns, rows, slices] = DIMS;
  return (n % (columns * rows)) + columns * rows * (slices - 1 - Math.floor(n / (columns * rows)));
};
const turnedLabels = (labels: readonly number[]) => ({
  valueAt: (n: number) => (VERTEBRAE.labels[turned(n)] ? labels[VERTEBRAE.labels[turned(n)] - 1] : 0),
});
const maskFile = (vertebra: number, spec: Partial<NiftiSpec> = {}) =>
  niftiFile(VERTEBRAE, { type: 'uint8', valueAt: n => (VERTEBRAE.labels[n] === vertebra ? 1 : 0), ...spec });

const refuse = (kind: Kind, code: string, what: string, files: () => CaseFiles, ...says: string[]): OwnCase => ({
  kind,
  what,
  files,
  gives: 'refuse',
  code,
  says,
});
const same = (kind: Kind, what: string, files: () => CaseFiles, ...says: string[]): OwnCase => ({
  kind,
  what,
  files,
  gives: 'same',
  says,
});

export const OWN_CASES: readonly OwnCase[] = [
  refuse(
    'hounsfield',
    'no-hounsfield',
    'RescaleSlope is empty on one slice',
    one({ RescaleSlope: null }),
    'RescaleSlope',
    '0021.dcm'
  ),
  refuse(
    'hounsfield',
    'no-hounsfield',
    'RescaleIntercept is missing',
    every({ RescaleIntercept: undefined }),
    'RescaleIntercept'
  ),
  refuse('hounsfield', 'no-hounsfield', 'RescaleSlope is zero on one slice', one({ RescaleSlope: '0' }), '0021.dcm'),
  refuse('hounsfield', 'no-hounsfield', 'RescaleSlope is negative', every({ RescaleSlope: '-1' }), 'RescaleSlope'),
  refuse(
    'hounsfield',
    'no-hounsfield',
    'RescaleType is another unit than HU',
    every({ RescaleType: 'HU_MOD' }),
    'RescaleType',
    'HU_MOD'
  ),
  refuse(
    'hounsfield',
    'bad-number',
    'RescaleIntercept has a decimal comma',
    () =>
      ct((slice, k) =>
        k === MIDDLE ? inBytes(encoded({ ...slice, RescaleIntercept: '-1024.5' }), '-1024.5', '-1024,5') : slice
      ),
    '-1024,5',
    '0021.dcm'
  ),
  refuse(
    'hounsfield',
    'no-negative-hu',
    'Unsigned pixels without a negative intercept',
    every({ PixelRepresentation: 0, RescaleIntercept: '0' })
  ),
  refuse(
    'hounsfield',
    'pixel-alignment',
    'Pixels are left-aligned (HighBit 15, BitsStored 12)',
    every({ BitsStored: 12, HighBit: 15 }),
    'HighBit 15'
  ),
  refuse(
    'hounsfield',
    'bits-allocated',
    'Pixels of 32 bits',
    () =>
      ct(slice => ({
        ...slice,
        BitsAllocated: 32,
        BitsStored: 32,
        HighBit: 31,
        PixelData: Int32Array.from(stored(slice)).buffer,
      })),
    '32'
  ),
  refuse('hounsfield', 'colour-ct', 'A colour image', every({ SamplesPerPixel: 3, PhotometricInterpretation: 'RGB' })),
  refuse(
    'hounsfield',
    'hu-range',
    'A windowed copy of 8 bits',
    () =>
      ct(slice => ({
        ...slice,
        BitsAllocated: 8,
        BitsStored: 8,
        HighBit: 7,
        PixelRepresentation: 0,
        RescaleIntercept: '-1024',
        PixelData: Uint8Array.from(stored(slice), value => Math.max(0, Math.min(255, (value + 100) / 2))).buffer,
      })),
    'Hounsfield'
  ),
  same('hounsfield', 'A padding value that tissue has as well', every({ PixelPaddingValue: 190 })),
  same('hounsfield', 'Slope and intercept differ from slice to slice', () =>
    ct((slice, k) =>
      k % 2 ? { ...slice, RescaleIntercept: '-1000', PixelData: values(slice, value => value + 1000) } : slice
    )
  ),
  same('hounsfield', 'Unsigned pixels with padding of 63536 outside the field of view', () =>
    ct(slice => ({
      ...slice,
      PixelRepresentation: 0,
      RescaleIntercept: '-1024',
      PixelPaddingValue: 63536,
      PixelData: values(slice, (value, n) => (n % DIMS[0] < 2 ? 63536 : value + 1024), Uint16Array),
    }))
  ),
  same('hounsfield', 'Overlay bits above BitsStored', () =>
    ct(slice => ({
      ...slice,
      PixelRepresentation: 0,
      BitsStored: 12,
      HighBit: 11,
      RescaleIntercept: '-1024',
      PixelData: values(slice, value => (value + 1024) | 0xf000, Uint16Array),
    }))
  ),

  refuse(
    'identity',
    'several-patients',
    'Two patients (PatientID) in one series',
    upper({ PatientID: 'PLACEHOLDER-2' }),
    'PLACEHOLDER-1',
    'PLACEHOLDER-2'
  ),
  refuse(
    'identity',
    'several-patients',
    'Two names in one series',
    upper({ PatientName: 'Placeholder^Peter' }),
    'PatientName'
  ),
  refuse(
    'identity',
    'several-patients',
    'Two dates of birth in one series',
    upper({ PatientBirthDate: '19600202' }),
    'PatientBirthDate'
  ),
  refuse(
    'identity',
    'several-studies',
    'Two studies in one series',
    upper({ StudyInstanceUID: uid(1, 2) }),
    'StudyInstanceUID'
  ),
  refuse(
    'identity',
    'duplicate-instance',
    'One SOPInstanceUID for all slices',
    every({ SOPInstanceUID: uid(4, 99) }),
    uid(4, 99)
  ),
  refuse(
    'identity',
    'other-patient',
    'Masks of another patient in the same frame of reference',
    () => seg({ set: { PatientID: 'PLACEHOLDER-2' } }),
    'PLACEHOLDER-2'
  ),
  {
    ...refuse(
      'identity',
      'other-patient',
      'Masks of another name, where there is no PatientID to compare',
      () => ({ ...every({ PatientID: null })(), ...seg({ set: { PatientID: null, PatientName: 'Other^Person' } }) }),
      'OTHER^PERSON'
    ),
  },
  refuse(
    'identity',
    'frame-of-reference',
    'Masks of another frame of reference',
    () => seg({ frameOfReferenceUID: uid(3, 2) }),
    uid(3, 2)
  ),
  same('identity', 'Names that differ in empty components and case', upper({ PatientName: 'PLACEHOLDER^Paula^^^' })),
  {
    ...refuse(
      'identity',
      'several-series',
      'Two CT series',
      () => ({
        ...ct(),
        ...Object.fromEntries(
          IMAGES.map((slice, k) => [
            `other/${k}.dcm`,
            encoded({
              ...slice,
              SeriesInstanceUID: uid(2, 2),
              SOPInstanceUID: uid(5, k + 1),
              SeriesDescription: 'Spine B70',
            }),
          ])
        ),
      }),
      uid(2, 2),
      'Spine B70',
      '--series'
    ),
    ct: '.',
    same: ['--series', uid(2)],
  },

  refuse(
    'stack',
    'missing-slices',
    'A slice is missing',
    () => ct((slice, k) => (k === MIDDLE ? undefined : slice)),
    'missing'
  ),
  refuse('stack', 'uneven-slices', 'Slices are unevenly spaced', () =>
    ct((slice, k) => (k > MIDDLE ? moved(slice, 0, 0, 1) : slice))
  ),
  refuse('stack', 'gantry-tilt', 'The gantry was tilted', () => ct((slice, k) => moved(slice, 0, 0.5 * k, 0))),
  refuse(
    'stack',
    'bad-number',
    'PixelSpacing has a decimal comma',
    () => ct(slice => inBytes(inBytes(encoded(slice), '2.5\\2.5', '2,5\\2,5'), '2,5', '2,5')),
    'PixelSpacing',
    '2,5'
  ),
  refuse('stack', 'bad-pixel-spacing', 'PixelSpacing is zero', every({ PixelSpacing: ['0', '0'] })),
  refuse(
    'stack',
    'bad-number',
    'ImagePositionPatient has two values',
    one({ ImagePositionPatient: ['0', '0'] }),
    'ImagePositionPatient'
  ),
  refuse(
    'stack',
    'missing-attribute',
    'ImagePositionPatient is missing on one slice',
    one({ ImagePositionPatient: undefined }),
    'ImagePositionPatient',
    '0021.dcm'
  ),
  refuse(
    'stack',
    'bad-orientation',
    'ImageOrientationPatient is no pair of unit vectors',
    every({ ImageOrientationPatient: ['1', '0', '0', '0.5', '0.5', '0'] })
  ),
  refuse(
    'stack',
    'mixed-orientation',
    'Half of the slices are turned',
    upper({ ImageOrientationPatient: ['-1', '0', '0', '0', '-1', '0'] })
  ),
  refuse(
    'stack',
    'mixed-geometry',
    'One slice has another pixel spacing',
    one({ PixelSpacing: ['2', '2'] }),
    'PixelSpacing'
  ),
  refuse(
    'stack',
    'mixed-frame-of-reference',
    'Two frames of reference',
    upper({ FrameOfReferenceUID: uid(3, 2) }),
    'FrameOfReferenceUID'
  ),
  refuse(
    'stack',
    'no-frame-of-reference',
    'FrameOfReferenceUID is missing',
    every({ FrameOfReferenceUID: undefined }),
    'FrameOfReferenceUID'
  ),
  refuse('stack', 'not-axial', 'Sagittal slices', () =>
    ct((slice, k) => ({
      ...slice,
      ImageOrientationPatient: ['0', '1', '0', '0', '0', '-1'],
      ImagePositionPatient: [String(2 * k), '0', '0'],
    }))
  ),
  refuse('stack', 'not-ct', 'An MR series', every({ Modality: 'MR', SOPClassUID: '1.2.840.10008.5.1.4.1.1.4' }), 'MR'),
  refuse('stack', 'too-few-slices', 'Two slices', () => ct((slice, k) => (k < 2 ? slice : undefined))),
  {
    ...refuse(
      'stack',
      'duplicate-positions',
      'Two phases in one series',
      () => ({
        ...every({ AcquisitionNumber: '1' })(),
        ...Object.fromEntries(
          IMAGES.map((slice, k) => [
            `ct/b${k}.dcm`,
            encoded({
              ...slice,
              AcquisitionNumber: '2',
              SOPInstanceUID: uid(5, k + 1),
              PixelData: values(slice, value => value + 9),
            }),
          ])
        ),
      }),
      'AcquisitionNumber',
      '--acquisition'
    ),
    same: ['--acquisition', '1'],
  },
  {
    ...refuse(
      'stack',
      'duplicate-positions',
      'Two kernels in one series',
      () => ({
        ...every({ ConvolutionKernel: 'B30f' })(),
        ...Object.fromEntries(
          IMAGES.map((slice, k) => [
            `ct/b${k}.dcm`,
            encoded({
              ...slice,
              ConvolutionKernel: 'B70f',
              SOPInstanceUID: uid(5, k + 1),
              PixelData: values(slice, value => value + 9),
            }),
          ])
        ),
      }),
      'ConvolutionKernel B30f',
      'B70f',
      '--where'
    ),
    same: ['--where', 'ConvolutionKernel=B30f'],
  },
  same('stack', 'Files and instance numbers in any order', () =>
    Object.fromEntries(
      IMAGES.map((slice, k) => [`ct/${(k * 7) % 40}.dcm`, encoded({ ...slice, InstanceNumber: String((k * 11) % 40) })])
    )
  ),

  refuse(
    'files',
    'truncated',
    'A slice that was cut off',
    () => ct((slice, k) => (k === MIDDLE ? plainSlice(k).subarray(0, 2000) : slice)),
    '0021.dcm'
  ),
  refuse(
    'files',
    'missing-slices',
    'A file of a slice that is empty',
    () => ct((slice, k) => (k === MIDDLE ? new Uint8Array(0) : slice)),
    '1 file(s) that are no DICOM'
  ),
  refuse(
    'files',
    'no-transfer-syntax',
    'No transfer syntax in the meta information',
    () => ct((slice, k) => (k === MIDDLE ? withoutSyntax(plainSlice(k)) : slice)),
    '0021.dcm'
  ),
  refuse('files', 'no-dicom', 'A folder without DICOM', () => ({ 'ct/readme.txt': 'nothing' })),
  { ...refuse('files', 'not-readable', 'A path that leads nowhere', () => ({}), 'no such file'), ct: 'nowhere' },
  same(
    'files',
    'Other files, a DICOMDIR and a broken link beside the slices',
    () => ({ ...ct(), 'ct/notes.txt': 'x', 'ct/thumbs.db': 'x', 'ct/link': { link: '/nowhere' } }),
    '2 file(s) that are no DICOM'
  ),
  same(
    'files',
    'A localizer in the series',
    () => ({
      ...ct(),
      'ct/scout.dcm': encoded({
        ...IMAGES[0],
        SOPInstanceUID: uid(6, 1),
        ImageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'],
        ImageOrientationPatient: ['0', '1', '0', '0', '0', '-1'],
      }),
    }),
    'scout.dcm',
    'localizer'
  ),
  same(
    'files',
    'A dose page in the series',
    () => ({
      ...ct(),
      'ct/dose.dcm': encoded({
        ...IMAGES[0],
        SOPInstanceUID: uid(6, 2),
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
        ImagePositionPatient: undefined,
      }),
    }),
    'dose.dcm'
  ),
  same(
    'files',
    'A second, unreadable series beside the CT',
    () => ({
      ...ct(),
      'ct/pet.dcm': encoded({
        ...IMAGES[0],
        Modality: 'PT',
        SeriesInstanceUID: uid(8),
        SOPInstanceUID: uid(6, 3),
      }).subarray(0, 2600),
    }),
    'pet.dcm'
  ),
  same('files', 'A copy of a slice', () => ({ ...ct(), 'ct/copy.dcm': plainSlice(3) }), 'a copy of another file'),
  same('files', 'Slices in folders within folders', () =>
    Object.fromEntries(IMAGES.map((_, k) => [`ct/${k % 3}/${k % 2}/${k}`, plainSlice(k)]))
  ),
  same('files', 'Links to the slices', () => ({
    ...Object.fromEntries(Object.entries(ct()).map(([name, content]) => [name.replace('ct/', 'store/'), content])),
    ct: { link: 'store' },
  })),
  same('files', 'Files without preamble and meta information', () => ct(slice => bareCopy(slice))),
  same('files', 'A multi-frame CT (Legacy Converted Enhanced)', () => ({ 'ct/all.dcm': encoded(multiFrame()) })),

  ...(
    [
      ['Latin-1', 'ISO_IR 100', Buffer.from('M\xfcller^J\xf6rg', 'latin1'), 'Müller^Jörg'],
      ['Latin-2', 'ISO_IR 101', Buffer.from([0x57, 0xb3, 0x61, 0x64, 0x5e, 0x45, 0x77, 0x61]), 'Wład^Ewa'],
      ['Greek', 'ISO_IR 126', Buffer.from([0xc4, 0xe9, 0xef, 0xed, 0xf5, 0xf3, 0xe9, 0xef, 0xf2]), 'Διονυσιος'],
      ['GB 18030', 'GB18030', Buffer.from([0x57, 0x5e, 0xcd, 0xf5]), 'W^王'],
    ] as const
  ).map(
    ([language, term, bytes, name]): OwnCase => ({
      ...same('text', `A name in ${language}`, () =>
        ct(slice =>
          inBytes(
            encoded({ ...slice, SpecificCharacterSet: term, PatientName: 'PLACEHOLDER^NAME^OF^LENGTH' }),
            'PLACEHOLDER^NAME^OF^LENGTH',
            bytes
          )
        )
      ),
      name,
    })
  ),
  {
    ...same('text', 'A Japanese name with code extensions (ISO 2022 IR 87)', () =>
      ct(slice =>
        inBytes(
          encoded({
            ...slice,
            SpecificCharacterSet: ['', 'ISO 2022 IR 87'],
            PatientName: 'PLACEHOLDER^NAME^OF^SOME^MORE^LENGTH',
          }),
          'PLACEHOLDER^NAME^OF^SOME^MORE^LENGTH',
          Buffer.from('Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B', 'latin1')
        )
      )
    ),
    name: 'Yamada^Tarou=山田^太郎',
  },
  {
    ...same('text', 'A Korean name with code extensions (ISO 2022 IR 149)', () =>
      ct(slice =>
        inBytes(
          encoded({
            ...slice,
            SpecificCharacterSet: ['', 'ISO 2022 IR 149'],
            PatientName: 'PLACEHOLDER^NAME^OF^SOME^MORE^LENGTH',
          }),
          'PLACEHOLDER^NAME^OF^SOME^MORE^LENGTH',
          Buffer.from('Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7', 'latin1')
        )
      )
    ),
    name: 'Hong^Gildong=洪^吉洞',
  },

  same('masks', 'Frames in any order', () => seg({ frames: 'reversed' })),
  same('masks', 'Frames whose rows run the other way', () => seg({ flipRows: true })),
  same('masks', 'LABELMAP', () => seg({ type: 'LABELMAP' })),
  same('masks', 'FRACTIONAL', () => seg({ type: 'FRACTIONAL' })),
  same('masks', 'FRACTIONAL that holds 0 and 1 only', () => seg({ type: 'FRACTIONAL', set: fractionalOnes() })),
  same('masks', 'Frames without positions, which refer to slices', () => seg({ withoutPositions: true })),
  refuse('masks', 'seg-grid', 'Masks half a slice beside the CT', () => seg({ shiftMm: 1.25 })),
  refuse(
    'masks',
    'truncated',
    'A segmentation that was cut off',
    () => ({ 'seg.dcm': encoded(vertebraSeg()).subarray(0, 9000) }),
    'seg.dcm'
  ),
  refuse('masks', 'empty-mask', 'Segments without a voxel', () => seg({ inside: () => false })),
  refuse('masks', 'not-seg', 'Something else than a segmentation', () => ({ 'seg.dcm': plainSlice(0) }), 'seg.dcm'),
  {
    ...refuse('masks', 'several-segs', 'Two segmentations in one folder', () => ({
      'segs/a.dcm': encoded(vertebraSeg()),
      'segs/b.dcm': encoded(vertebraSeg({ set: { SOPInstanceUID: uid(13, 2) } })),
    })),
    masks: 'segs',
  },

  refuse(
    'levels',
    'labels-upside-down',
    'Labels that count the wrong way for the only scheme that has them',
    () => labelled([50, 49, 48].reverse()),
    'upside down'
  ),
  same('levels', 'Names beyond ASCII in a file that names no character set', () =>
    seg({
      names: ['vértebra lumbar 2', 'vertèbre lombaire 3', 'Lendenwirbelkörper 4'],
      set: { SpecificCharacterSet: undefined },
    })
  ),
  same('levels', 'German names', named('LWK 2', '3. Lendenwirbel', 'Lendenwirbelkörper 4')),
  same('levels', 'French names', named('vertèbre lombaire 2', '3e vertèbre lombaire', 'L4')),
  same('levels', 'Italian names', named('vertebra lombare 2', 'vertebra L3', '4a vertebra lombare')),
  same('levels', 'Spanish names', named('vértebra lumbar 2', 'lumbar 3', 'L4')),
  same(
    'levels',
    'Latin and Roman names',
    named('Vertebra lumbalis II', 'vertebra lumbalis III', 'Vertebra lumbalis IV')
  ),
  same('levels', 'Portuguese and Dutch names', named('vértebra lombar 2', 'lumbale wervel 3', 'L4-wervel')),
  same('levels', 'Codes without names', () =>
    seg({
      names: ['a', 'b', 'c'],
      segment: n => ({
        AnatomicRegionSequence: [
          { CodeValue: ['14293000', '36470004', '11994002'][n], CodingSchemeDesignator: 'SCT', CodeMeaning: LEVELS[n] },
        ],
      }),
    })
  ),
  {
    ...same('levels', 'A vertebra without a mask between two with one', named('L2', 'spleen', 'L4')),
    only: ['L2', 'L4'],
    says: ['There is no mask of L3 between L2 and L4'],
  },
  {
    ...same('levels', 'Masks that overlap', () =>
      seg({
        inside: (vertebra, at) => VERTEBRAE.labels[at] === vertebra || (vertebra === 3 && VERTEBRAE.labels[at] === 2),
      })
    ),
    only: ['L2', 'L3'],
    says: ['Masks overlap: L3 and L4: '],
  },
  refuse('levels', 'level-twice', 'One level twice', named('L2 left', 'L2 right', 'L4'), 'L2 left', 'L2 right'),
  refuse('levels', 'levels-order', 'Two names exchanged', named('L3', 'L2', 'L4'), 'L2', 'L3'),
  refuse('levels', 'levels-order', 'Names counted from the pelvis', named('L4', 'L3', 'L2')),
  refuse(
    'levels',
    'no-vertebrae',
    'Segments with numbers only',
    named('Segment 1', 'Segment 2', 'Segment 3'),
    'Segment 1',
    'vertebrae_T10'
  ),
  refuse('levels', 'no-vertebrae', 'Segments that name several levels', named('L1-L2', 'L2-L3', 'L3-L4')),
  refuse('levels', 'no-vertebrae', 'Discs and ribs', named('disc L2', 'rib 3', 'disc L4')),
  refuse('levels', 'one-label', 'A NIfTI file with the one label 1', () => labelled([1, 1, 1])),
  refuse('levels', 'unexplained-labels', 'Labels of no known scheme', () => labelled([60, 61, 62]), '60'),
  {
    ...refuse('levels', 'unknown-label', 'A label that the named scheme does not have', () => labelled([20, 19, 99])),
    options: ['--label-scheme', 'verse'],
  },
  refuse(
    'levels',
    'masks-turned',
    'VerSe masks that lie upside down',
    () => labelled([], turnedLabels(SCHEMES.verse)),
    'head to feet'
  ),
  refuse(
    'levels',
    'masks-turned',
    'TotalSegmentator masks that lie upside down',
    () => labelled([], turnedLabels(SCHEMES.totalsegmentator)),
    'head to feet'
  ),
  {
    ...refuse('levels', 'levels-order', 'A scheme named that counts the other way', () =>
      labelled(SCHEMES.totalsegmentator.map((_, n) => SCHEMES.totalsegmentator[2 - n]))
    ),
    options: ['--label-scheme', 'totalsegmentator'],
  },
  same('levels', 'VerSe labels', () => labelled(SCHEMES.verse)),
  same('levels', 'TotalSegmentator labels', () => labelled(SCHEMES.totalsegmentator)),
  same('levels', 'TotalSpineSeg labels', () => labelled(SCHEMES.totalspineseg)),
  same('levels', 'A folder with a file per vertebra', () => ({
    ...Object.fromEntries(LEVELS.map((level, n) => [`labels/vertebrae_${level}.nii.gz`, maskFile(n + 1)])),
    'labels/spleen.nii.gz': maskFile(9),
  })),
  {
    ...same('levels', 'A file named after its one vertebra', () => ({ 'vertebrae_L3.nii.gz': maskFile(2) })),
    masks: 'vertebrae_L3.nii.gz',
    only: ['L3'],
  },

  same('nifti', 'Voxels stored from right to left, front to back, feet to head', () => niftiCt({ order: 'RAS' })),
  same('nifti', 'Sagittal storage', () => niftiCt({ order: 'PIR' })),
  same('nifti', 'Coronal storage, left-handed', () => niftiCt({ order: 'LIA' })),
  same('nifti', 'CT as floats with a slope, masks as 64-bit integers', () => ({
    ...niftiCt({ type: 'float32', slope: 2, valueAt: n => CT.hu[n] / 2 }),
    ...labelled(SCHEMES.verse, { type: 'int64' }),
  })),
  same('nifti', 'Big endian, not compressed', () => ({
    'ct.nii': niftiFile(CT, { ...hu, bigEndian: true, gzip: false }),
    ...labelled(SCHEMES.verse, { type: 'float64' }),
  })),
  same('nifti', 'qform only; a fourth dimension of one', () => niftiCt({ forms: 'qform', more: [1] })),
  refuse('nifti', 'not-3d', 'A time series', () => niftiCt({ more: [2] }), '4'),
  refuse('nifti', 'nifti-orientation', 'Neither sform nor qform', () => niftiCt({ forms: 'none' }), 'sform'),
  refuse('nifti', 'nifti-forms', 'sform and qform disagree', () => niftiCt({ forms: 'apart' }), 'qform', 'sform'),
  refuse('nifti', 'nifti-units', 'Lengths in metres', () => niftiCt({ units: 1 }), 'metres'),
  refuse('nifti', 'nifti-datatype', 'Complex numbers', () => niftiCt({ type: 'complex64' })),
  refuse(
    'nifti',
    'bad-pixels',
    'A voxel that is no number',
    () => niftiCt({ type: 'float32', valueAt: n => (n === 77 ? NaN : CT.hu[n]) }),
    '77'
  ),
  refuse(
    'nifti',
    'hu-range',
    'Values scaled to 0..1',
    () => niftiCt({ type: 'float32', valueAt: n => (CT.hu[n] + 1024) / 4096 }),
    'Hounsfield'
  ),
  refuse('nifti', 'bad-labels', 'Masks as probabilities', () => ({
    ...niftiCt(),
    ...labelled([0.5, 0.7, 0.2], { type: 'float32' }),
  })),
  refuse('nifti', 'grid-mismatch', 'Masks on another grid', () => ({
    ...niftiCt(),
    ...labelled(SCHEMES.verse, { shift: 1.2 }),
  })),
  refuse('nifti', 'empty-mask', 'Masks without a voxel', () => ({ ...niftiCt(), ...labelled([0, 0, 0]) })),
  refuse(
    'nifti',
    'not-readable',
    'A compressed file that was cut off',
    () => {
      const { 'ct.nii.gz': file, ...rest } = niftiCt();
      return { ...rest, 'ct.nii.gz': (file as Uint8Array).subarray(0, 9000) };
    },
    'ct.nii.gz'
  ),
  refuse(
    'nifti',
    'nifti-length',
    'A file that was cut off',
    () => ({ ...labelled(SCHEMES.verse), 'ct.nii': niftiFile(CT, { ...hu, gzip: false }).subarray(0, 60000) }),
    'ct.nii'
  ),
  refuse('nifti', 'not-nifti', 'No NIfTI at all', () => ({
    ...labelled(SCHEMES.verse),
    'ct.nii': 'text that only has the name of a NIfTI file'.repeat(20),
  })),
];

function withoutSyntax(file: Uint8Array): Uint8Array {
  const start = datasetStart(file);
  const at = Buffer.from(file.subarray(0, start)).indexOf('\x02\0\x10\0UI', 0, 'latin1');
  const length = file[at + 6] | (file[at + 7] << 8);
  return Uint8Array.from([...file.subarray(0, at), ...file.subarray(at + 8 + length)]);
}

function fractionalOnes(): NaturalizedInstance {
  const { PixelData } = vertebraSeg({ type: 'FRACTIONAL' });
  return {
    MaximumFractionalValue: 1,
    PixelData: new Uint8Array(PixelData as ArrayBuffer).map(value => (value ? 1 : 0)).buffer,
  };
}

function multiFrame(): NaturalizedInstance {
  const size = DIMS[0] * DIMS[1];
  const pixels = new Int16Array(size * IMAGES.length);
  IMAGES.forEach((image, k) => pixels.set(stored(image), k * size));
  const {
    ImageOrientationPatient,
    PixelSpacing,
    SliceThickness,
    RescaleSlope,
    RescaleIntercept,
    RescaleType,
    ...common
  } = IMAGES[0];
  return {
    ...common,
    ImagePositionPatient: undefined,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2.2',
    NumberOfFrames: String(IMAGES.length),
    PixelData: pixels.buffer,
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient }],
        PixelMeasuresSequence: [{ PixelSpacing, SliceThickness }],
        PixelValueTransformationSequence: [{ RescaleSlope, RescaleIntercept, RescaleType }],
      },
    ],
    PerFrameFunctionalGroupsSequence: IMAGES.map(({ ImagePositionPatient }) => ({
      PlanePositionSequence: [{ ImagePositionPatient }],
    })),
  };
}

/** The plain input that a case's files replace. */
export const plain = {
  dicom: (): CaseFiles => ({ ...ct(), ...seg() }),
  nifti: (): CaseFiles => niftiCt(),
};

/** Stored in other directions: the same voxels, in the order of rows and columns that the orientation names. */
export const ORIENTATIONS = {
  'head first': [1, 1],
  'feet first': [-1, 1],
  prone: [-1, -1],
  'left-handed': [1, -1],
} as const;

export function oriented(slice: Slice, [x, y]: readonly [number, number]): Slice {
  const [columns, rows] = DIMS;
  const pixels = stored(slice);
  const source = (n: number) => {
    const [i, j] = [n % columns, Math.floor(n / columns)];
    return (x < 0 ? columns - 1 - i : i) + columns * (y < 0 ? rows - 1 - j : j);
  };
  const far = [x < 0 ? 2.5 * (columns - 1) : 0, y < 0 ? 2.5 * (rows - 1) : 0];
  return {
    ...moved(slice, far[0], far[1], 0),
    ImageOrientationPatient: [String(x), '0', '0', '0', String(y), '0'],
    PixelData: Int16Array.from(pixels, (_, n) => pixels[source(n)]).buffer,
  };
}
