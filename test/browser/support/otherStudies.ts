/** Small studies as other scanners and archives give them: two CTs of one patient, another patient, compressed and multi-frame CT. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import charls from '@cornerstonejs/codec-charls/wasmjs';
import openjpeg from '@cornerstonejs/codec-openjpeg/wasmjs';
import { emptyReview } from '@spine/core/review';
import { bodySeg, ctSeries, encodeDataset, lesionSeg, type NaturalizedInstance, savedState } from '@spine/dicom';

import { datasetStart, join as joined, withSyntax } from '../../contract/support/foreignFiles';
import { CONTEXT, lesion } from '../../contract/support/geometries';
import { labelmapOf } from '../../contract/support/masks';
import { syntheticCt, type SyntheticCt } from '../../contract/support/syntheticCt';

const ROOT_UID = '1.2.826.0.1.3680043.10.1778';

/** One CT series with its segmentations. */
interface Series {
  /** Of the study, the series and the frame of reference. */
  readonly study: number;
  readonly series: number;
  readonly description: string;
  readonly patient: string;
  readonly ct: NaturalizedInstance[];
}

const ct = (
  of: Omit<Series, 'ct'>,
  geometry: Required<Pick<SyntheticCt, 'slices' | 'sliceSpacing' | 'origin'>>
): Series => {
  const { origin, sliceSpacing } = geometry;
  const plain = syntheticCt({
    columns: 80,
    rows: 64,
    pixelSpacing: [1.25, 1.25],
    ...geometry,
    // Of the place, so that series of one patient show the same anatomy.
    hu: (i, j, k) => Math.round(120 + 60 * Math.sin(i / 3) * Math.cos(j / 4) + (origin[2] + k * sliceSpacing) / 2),
  });
  const uid = (...parts: (string | number)[]) => [ROOT_UID, of.study, ...parts].join('.');
  return {
    ...of,
    ct: plain.map((slice, k) => ({
      ...slice,
      PatientName: of.patient,
      PatientID: `ID-${of.patient}`,
      StudyInstanceUID: uid(1),
      FrameOfReferenceUID: uid(2),
      SeriesInstanceUID: uid(3, of.series),
      SOPInstanceUID: uid(4, of.series, k + 1),
      SeriesNumber: String(of.series),
      SeriesDescription: of.description,
      WindowCenter: '150',
      WindowWidth: '400',
    })),
  };
};

/** Within a body, LPS mm; two bodies, one above the other. */
const bodyAt = ([x, y, z]: readonly number[], middle: number) =>
  ((x - 0) / 18) ** 2 + ((y - 0) / 14) ** 2 + ((z - middle) / 13) ** 2 <= 1;
const MIDDLES = [15, -20];
const LEVELS = ['L1', 'L2'];

function placesOf({ ct: slices }: Series) {
  const series = ctSeries(slices);
  const [, , , ox, , , , oy, , , , oz] = series.indexToLps;
  const [sx, sy, sz] = series.spacingMm;
  const at = (i: number, j: number, k: number) => [ox + sx * i, oy + sy * j, oz + sz * k];
  return { series, at };
}

function bodiesOf(of: Series): NaturalizedInstance {
  const { series, at } = placesOf(of);
  const bodies = labelmapOf(
    series,
    MIDDLES.map((middle, n) => ({ label: n + 1, inside: (...ijk) => bodyAt(at(...ijk), middle) }))
  );
  const vertebrae = LEVELS.map((level, n) => ({ label: n + 1, level }));
  return bodySeg({ ...CONTEXT, series, bodies, vertebrae, encoding: 'LABELMAP' });
}

function lesionsOf(of: Series): NaturalizedInstance {
  const { series, at } = placesOf(of);
  const inside = (...ijk: [number, number, number]) => {
    const [x, y, z] = at(...ijk);
    return Math.hypot(x, y, z - MIDDLES[0]) <= 6;
  };
  const labelmap = labelmapOf(series, [{ label: 1, inside }]);
  const state = savedState({ provenance: CONTEXT, coverage: [], review: emptyReview, measured: {} });
  const segments = [lesion(1, { level: 'L1', kind: 'blastic' as const })];
  return lesionSeg({ ...CONTEXT, series, labelmap, segments, state, encoding: 'LABELMAP' });
}

type Encode = (pixels: Uint16Array, columns: number, rows: number) => Uint8Array;

/** A file whose pixel data are compressed, one fragment a frame (PS3.5 A.4). */
function compressedFile({ PixelData, ...header }: NaturalizedInstance, syntax: string, encode: Encode): Uint8Array {
  const plain = new Uint8Array(encodeDataset(header));
  const start = datasetStart(plain);
  const frame = encode(new Uint16Array(PixelData as ArrayBuffer), Number(header.Columns), Number(header.Rows));
  const padded = frame.length + (frame.length % 2);
  const element = new Uint8Array(12 + 8 + 8 + padded + 8);
  const view = new DataView(element.buffer);
  const item = (at: number, tag: number, length: number) => {
    view.setUint16(at, 0xfffe, true);
    view.setUint16(at + 2, tag, true);
    view.setUint32(at + 4, length, true);
  };
  view.setUint32(0, 0x00107fe0, true);
  element.set([0x4f, 0x42], 4); // OB
  view.setUint32(8, 0xffffffff, true);
  item(12, 0xe000, 0);
  item(20, 0xe000, padded);
  element.set(frame, 28);
  item(28 + padded, 0xe0dd, 0);
  return joined(withSyntax(plain.subarray(0, start), syntax), joined(plain.subarray(start), element));
}

/** Literal runs alone: valid, if not short (PS3.5 G). */
const rle: Encode = pixels => {
  const plane = (shift: number) => {
    const bytes = Uint8Array.from(pixels, value => (value >> shift) & 255);
    const runs: number[] = [];
    for (let at = 0; at < bytes.length; at += 128) {
      const run = bytes.subarray(at, at + 128);
      runs.push(run.length - 1, ...run);
    }
    if (runs.length % 2) runs.push(0);
    return Uint8Array.from(runs);
  };
  const [high, low] = [plane(8), plane(0)];
  const header = new Uint8Array(64);
  const view = new DataView(header.buffer);
  [2, 64, 64 + high.length].forEach((value, n) => view.setUint32(4 * n, value, true));
  return joined(header, joined(high, low));
};

/** The series as one Legacy Converted Enhanced CT (PS3.3 A.70). */
function multiFrame({ ct: slices }: Series): NaturalizedInstance {
  const [first] = slices;
  const parts = slices.map(slice => new Uint16Array(slice.PixelData as ArrayBuffer));
  const pixels = new Uint16Array(parts.length * parts[0].length);
  parts.forEach((part, n) => pixels.set(part, n * part.length));
  const { PixelSpacing, SliceThickness, ImageOrientationPatient, RescaleSlope, RescaleIntercept, RescaleType } = first;
  const grouped = [
    'ImagePositionPatient',
    'PixelSpacing',
    'SliceThickness',
    'ImageOrientationPatient',
    'InstanceNumber',
  ];
  const common = Object.fromEntries(Object.entries(first).filter(([keyword]) => !grouped.includes(keyword)));
  return {
    ...common,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2.2',
    InstanceNumber: '1',
    NumberOfFrames: slices.length,
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [{ PixelSpacing, SliceThickness }],
        PlaneOrientationSequence: [{ ImageOrientationPatient }],
        PixelValueTransformationSequence: [{ RescaleSlope, RescaleIntercept, RescaleType }],
      },
    ],
    PerFrameFunctionalGroupsSequence: slices.map(({ ImagePositionPatient }, n) => ({
      PlanePositionSequence: [{ ImagePositionPatient }],
      FrameContentSequence: [{ InStackPositionNumber: n + 1, StackID: '1', DimensionIndexValues: [1, n + 1] }],
    })),
    PixelData: pixels.buffer,
  };
}

const ORIGIN = [-50, -40, -50] as const;
const THICK = ct(
  { study: 1, series: 2, description: 'Thick 5.0', patient: 'Thick^Thin' },
  { slices: 22, sliceSpacing: 5, origin: [...ORIGIN] }
);
const THIN = ct(
  { study: 1, series: 3, description: 'Thin 1.0', patient: 'Thick^Thin' },
  { slices: 106, sliceSpacing: 1, origin: [...ORIGIN] }
);
const OTHER = ct(
  { study: 2, series: 2, description: 'Other patient', patient: 'Roe^Richard' },
  { slices: 53, sliceSpacing: 2, origin: [-60, -30, -55] }
);
const FORMATS = ['JPEG 2000', 'JPEG-LS', 'RLE', 'Multi-frame'].map((description, n) =>
  ct(
    { study: 3, series: n + 2, description, patient: 'Format^Odd' },
    { slices: 22, sliceSpacing: 4, origin: [...ORIGIN] }
  )
);

const studyUid = ({ study }: Series) => `${ROOT_UID}.${study}.1`;

/** Study Instance UIDs. */
export const STUDIES = { twoCts: studyUid(THICK), other: studyUid(OTHER), formats: studyUid(FORMATS[0]) };
export const FORMAT_NAMES = FORMATS.map(({ description }) => description);

/** Writes all of them. @returns the slices of the series that were compressed, as they were before */
export async function writeOtherStudies(folder: string): Promise<{ readonly plain: NaturalizedInstance[] }> {
  const write = (name: string, file: ArrayBuffer | Uint8Array) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), file instanceof Uint8Array ? file : new Uint8Array(file));
  };
  const plainly = (of: Series) =>
    of.ct.forEach((slice, k) => write(`${of.study}-${of.series}-${k}.dcm`, encodeDataset(slice)));
  [THICK, THIN, OTHER].forEach(plainly);
  [THICK, OTHER].forEach(of => write(`${of.study}-bodies.dcm`, encodeDataset(bodiesOf(of))));
  const silent = { print: () => undefined, printErr: () => undefined };
  const encodings: (readonly [string, Encode] | undefined)[] = [
    ['1.2.840.10008.1.2.4.90', encoding((await openjpeg(silent)).J2KEncoder)],
    ['1.2.840.10008.1.2.4.80', encoding((await charls(silent)).JpegLSEncoder)],
    ['1.2.840.10008.1.2.5', rle],
  ];
  for (const [n, of] of FORMATS.entries()) {
    const encoded = encodings[n];
    const name = `${of.study}-${of.series}`;
    if (encoded) of.ct.forEach((slice, k) => write(`${name}-${k}.dcm`, compressedFile(slice, ...encoded)));
    else write(`${name}.dcm`, encodeDataset(multiFrame(of)));
    const drawnOn = encoded ? of : { ...of, ct: [multiFrame(of)] };
    write(`${name}-bodies.dcm`, encodeDataset(bodiesOf(drawnOn)));
    write(`${name}-lesions.dcm`, encodeDataset(lesionsOf(drawnOn)));
  }
  return { plain: FORMATS[0].ct };
}

/** With the codecs of cornerstone. */
function encoding(Encoder: new () => FrameEncoder): Encode {
  return (pixels, width, height) => {
    const encoder = new Encoder();
    const frame = { width, height, bitsPerSample: 16, componentCount: 1, isSigned: false };
    encoder.getDecodedBuffer(frame).set(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
    encoder.encode();
    return encoder.getEncodedBuffer().slice();
  };
}
