/** NIfTI files in and out. The only place that knows NIfTI's RAS frame: everything else is LPS. */
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type * as Nifti from 'nifti-reader-js';
import { type Affine, InputError, type Labelmap, type Volume, withoutNoise } from '@spine/core';

import { notReadable } from './dicomFiles';

interface NiftiImage {
  readonly values: ArrayLike<number>;
  readonly dims: readonly [number, number, number];
  readonly indexToLps: Affine;
}

/** Labels above this do not occur in vertebra schemes and would not fit the labelmap. */
const MAX_LABEL = 65535;
const HEADER_BYTES = 352;

/** Whether the path names a NIfTI file. */
export function isNiftiPath(path: string): boolean {
  return /\.nii(\.gz)?$/i.test(path);
}

/** How a file is read. */
export interface NiftiReading {
  /** False: an array on a grid that its reader knows, such as a crop of a vertebra; where its header places it is not looked at. */
  readonly placed: boolean;
}
const PLACED: NiftiReading = { placed: true };

/** A CT volume. @throws InputError 'not-nifti', 'bad-affine', 'not-3d', 'bad-pixels' */
export async function readNiftiVolume(path: string, reading = PLACED): Promise<Volume> {
  const { values, dims, indexToLps } = await readNifti(path, reading);
  const fits = (value: number) => Number.isInteger(value) && value >= -32768 && value <= 32767;
  let whole = true;
  for (let n = 0; n < values.length; n++) {
    if (!Number.isFinite(values[n])) {
      throw new InputError('bad-pixels', { voxel: n, value: values[n] }, { file: path });
    }
    whole &&= fits(values[n]);
  }
  return { hu: whole ? Int16Array.from(values) : Float32Array.from(values), dims, indexToLps };
}

/** A labelmap. @throws InputError as {@link readNiftiVolume}, 'bad-labels' unless all values are whole numbers from 0 up */
export async function readNiftiLabelmap(path: string, reading = PLACED): Promise<Labelmap> {
  const { values, dims, indexToLps } = await readNifti(path, reading);
  let largest = 0;
  for (let n = 0; n < values.length; n++) {
    if (!Number.isInteger(values[n]) || values[n] < 0 || values[n] > MAX_LABEL) {
      throw new InputError('bad-labels', { voxel: n, value: values[n], largest: MAX_LABEL }, { file: path });
    }
    largest = Math.max(largest, values[n]);
  }
  return { labels: largest < 256 ? Uint8Array.from(values) : Uint16Array.from(values), dims, indexToLps };
}

/** A gzipped NIfTI-1 file of a labelmap. */
export function encodeNiftiLabelmap({ labels, dims, indexToLps }: Labelmap, description: string): Uint8Array {
  const bytesPerVoxel = labels.BYTES_PER_ELEMENT;
  const file = new Uint8Array(HEADER_BYTES + labels.byteLength);
  const view = new DataView(file.buffer);
  view.setInt32(0, 348, true);
  [3, ...dims, 1, 1, 1, 1].forEach((n, at) => view.setInt16(40 + 2 * at, n, true));
  view.setInt16(70, bytesPerVoxel === 1 ? 2 : 512, true); // datatype: unsigned 8 or 16 bit
  view.setInt16(72, 8 * bytesPerVoxel, true);
  const ras = flipLpsRas(indexToLps);
  const spacing = [0, 1, 2].map(axis => Math.hypot(ras[axis], ras[4 + axis], ras[8 + axis]));
  [1, ...spacing].forEach((mm, at) => view.setFloat32(76 + 4 * at, mm, true));
  view.setFloat32(108, HEADER_BYTES, true);
  view.setFloat32(112, 1, true); // slope
  view.setUint8(123, 2); // millimetres
  file.set(new TextEncoder().encode(description).slice(0, 79), 148);
  view.setInt16(254, 1, true); // sform: scanner coordinates
  ras.subarray(0, 12).forEach((value, at) => view.setFloat32(280 + 4 * at, value, true));
  file.set(new TextEncoder().encode('n+1\0'), 344);
  file.set(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength), HEADER_BYTES);
  return gzipSync(file);
}

async function readNifti(path: string, { placed }: NiftiReading): Promise<NiftiImage> {
  // The package is ESM only, which a static import from this CommonJS program could not load.
  const nifti = await import('nifti-reader-js');
  const bytes = readBytes(path);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  if (!nifti.isNIFTI(buffer)) throw new InputError('not-nifti', {}, { file: path });
  const header = nifti.readHeader(buffer);
  const [, x, y, z, ...rest] = header.dims.slice(0, header.dims[0] + 1);
  if (header.dims[0] < 3 || rest.some(n => n > 1)) {
    throw new InputError('not-3d', { dims: header.dims.slice(1, header.dims[0] + 1) }, { file: path });
  }
  if (placed) {
    if (header.sform_code < 1 && header.qform_code < 1) {
      throw new InputError('nifti-orientation', {}, { file: path });
    }
    checkPlace(header, path);
  }
  const image = nifti.readImage(header, buffer);
  const stored = typedValues(image, header.datatypeCode, header.littleEndian, path);
  if (stored.length !== x * y * z) {
    throw new InputError('nifti-length', { found: stored.length, dims: [x, y, z] }, { file: path });
  }
  const { scl_slope: slope, scl_inter: intercept } = header;
  const scaled = Number.isFinite(slope) && slope !== 0 && !(slope === 1 && intercept === 0);
  const values = scaled ? Float32Array.from(stored, value => value * slope + intercept) : stored;
  return { values, dims: [x, y, z], indexToLps: withoutNoise(flipLpsRas(Float64Array.from(header.affine.flat()))) };
}

/** NIFTI_UNITS_METER and _MICRON; 0 is unknown and means millimetres in practice. */
const OTHER_UNITS: Readonly<Record<number, string>> = { 1: 'metres', 3: 'micrometres' };
/** qform and sform come from one matrix in different roundings; more than this share of a voxel apart they mean two places. */
const FORMS_APART_VOXELS = 0.5;

type Header = ReturnType<(typeof Nifti)['readHeader']>;

/** @throws InputError 'nifti-units', 'nifti-affine', 'nifti-forms' */
function checkPlace(header: Header, file: string): void {
  const unit = OTHER_UNITS[header.xyzt_units & 7];
  if (unit) throw new InputError('nifti-units', { unit }, { file });
  const columns = [0, 1, 2].map(axis => Math.hypot(...[0, 1, 2].map(row => header.affine[row][axis])));
  if (!columns.every(mm => mm > 0 && Number.isFinite(mm)) || !header.affine.flat().every(Number.isFinite)) {
    throw new InputError('nifti-affine', { spacing: columns }, { file });
  }
  if (header.sform_code < 1 || header.qform_code < 1) return;
  const { quatern_b: b, quatern_c: c, quatern_d: d, qoffset_x: x, qoffset_y: y, qoffset_z: z, pixDims } = header;
  const [fac, dx, dy, dz] = pixDims;
  const qform = header.convertNiftiQFormToNiftiSForm(b, c, d, x, y, z, dx, dy, dz, fac);
  const apartMm = Math.max(
    ...Array.from({ length: 8 }, (_, corner) => {
      const at = [0, 1, 2].map(axis => ((corner >> axis) & 1) * (header.dims[axis + 1] - 1));
      const gap = (row: number) =>
        [...at, 1].reduce((sum, n, column) => sum + n * (qform[row][column] - header.affine[row][column]), 0);
      return Math.hypot(gap(0), gap(1), gap(2));
    })
  );
  if (apartMm > FORMS_APART_VOXELS * Math.min(...columns)) throw new InputError('nifti-forms', { apartMm }, { file });
}

function readBytes(path: string): Buffer {
  try {
    const bytes = readFileSync(path);
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  } catch (error) {
    throw notReadable(path, error);
  }
}

function typedValues(image: ArrayBuffer, datatype: number, littleEndian: boolean, path: string): ArrayLike<number> {
  if (WIDE.has(datatype)) return wideValues(image, datatype, littleEndian);
  const type = DATATYPES.get(datatype);
  if (!type) throw new InputError('nifti-datatype', { datatype }, { file: path });
  const { array, bytes } = type;
  if (!littleEndian && bytes > 1) swapBytes(new Uint8Array(image), bytes);
  return new array(image, 0, Math.floor(image.byteLength / bytes));
}

const DATATYPES = new Map(
  [
    { code: 2, array: Uint8Array },
    { code: 4, array: Int16Array },
    { code: 8, array: Int32Array },
    { code: 16, array: Float32Array },
    { code: 64, array: Float64Array },
    { code: 256, array: Int8Array },
    { code: 512, array: Uint16Array },
    { code: 768, array: Uint32Array },
  ].map(({ code, array }) => [code, { array, bytes: array.BYTES_PER_ELEMENT }])
);

/** 64-bit integers, signed and unsigned: what NumPy makes of labels. Values beyond 2^53 are no labels and no HU. */
const WIDE = new Set([1024, 1280]);

function wideValues(image: ArrayBuffer, datatype: number, littleEndian: boolean): Float64Array {
  const view = new DataView(image);
  return Float64Array.from({ length: Math.floor(image.byteLength / 8) }, (_, n) =>
    Number(datatype === 1024 ? view.getBigInt64(8 * n, littleEndian) : view.getBigUint64(8 * n, littleEndian))
  );
}

function swapBytes(bytes: Uint8Array, width: number): void {
  for (let start = 0; start + width <= bytes.length; start += width) bytes.subarray(start, start + width).reverse();
}

/** RAS and LPS differ by the signs of x and y; the change is its own inverse. */
function flipLpsRas(affine: Affine): Affine {
  return affine.map((value, at) => (at < 8 ? -value : value));
}
