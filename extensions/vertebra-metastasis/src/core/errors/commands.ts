/** What can be wrong with the files and options of a command. The file is named by the error itself. */
import { list, size } from './words';

export const commandErrors = {
  'not-readable': ({ reason }: { readonly reason: string }) =>
    `It cannot be read: ${reason}. Check the path and the permissions, and copy it again.`,
  'no-dicom': () => 'There is no DICOM file here. Give the folder that holds the DICOM files, or a NIfTI file.',
  'no-series': ({
    modality,
    series,
    found,
  }: {
    readonly modality: string;
    readonly series: string;
    readonly found: readonly string[];
  }) => `There is no ${modality} series ${series}; found: ${list(found)}.`,
  'several-series': ({ modality, found }: { readonly modality: string; readonly found: readonly string[] }) =>
    `There are several ${modality} series: ${list(found)}. Choose one.`,
  'several-segs': ({ count }: { readonly count: number }) => `There are ${count} SEG objects; name the file of one.`,
  'not-nifti': () => 'This is not a NIfTI file, or it is damaged. Write it again.',
  'not-3d': ({ dims }: { readonly dims: readonly number[] }) =>
    `The image has size ${size(dims)}, which is not three-dimensional. Give one volume of it.`,
  'nifti-length': ({ found, dims }: { readonly found: number; readonly dims: readonly number[] }) =>
    `The file holds ${found} voxels; its size says ${size(dims)}. It is truncated; write it again.`,
  'nifti-datatype': ({ datatype }: { readonly datatype: number }) =>
    `NIfTI datatype ${datatype} cannot be read; save the image as integers or floats.`,
  'nifti-orientation': () =>
    'The image does not say where it lies in the patient (no sform, no qform). Write it again with its affine.',
  'bad-pixels': ({ voxel, value }: { readonly voxel: number; readonly value: number }) =>
    `Voxel ${voxel} is ${value}; replace such voxels by the HU of air.`,
  'bad-labels': ({
    voxel,
    value,
    largest,
  }: {
    readonly voxel: number;
    readonly value: number;
    readonly largest: number;
  }) => `Voxel ${voxel} is ${value}; labels are whole numbers from 0 to ${largest}.`,
  'patch-shape': ({ shape }: { readonly shape: readonly number[] }) =>
    `The array has shape ${size(shape)}; it must be 64 x 64.`,
  npy: ({ reason }: { readonly reason: string }) => `This is no usable NumPy file: ${reason}.`,
  'nothing-analysed': () => 'No vertebra could be analysed; the messages above say why.',
  'no-folder': ({ path }: { readonly path: string }) => `There is no folder ${path}.`,
  'port-taken': ({ port }: { readonly port: number }) =>
    `Port ${port} is taken. Give another: npm start -- --port ${port + 1}`,
  'cannot-listen': ({
    host,
    port,
    reason,
  }: {
    readonly host: string;
    readonly port: number;
    readonly reason: string;
  }) => `The server cannot listen on ${host} port ${port} (${reason}): give another --host or --port.`,
  'wrong-address': ({ address }: { readonly address: string }) =>
    `${address} is no address. Give the DICOMweb root, e.g. http://127.0.0.1:8042/dicom-web`,
  'queue-unreachable': ({ url, reason }: { readonly url: string; readonly reason: string }) =>
    `The queue's database at ${url} does not answer: ${reason}. Check --queue and that PostgreSQL runs.`,
  'queue-in-use': ({ file, process }: { readonly file: string; readonly process: number }) =>
    `Another cohort run (process ${process}) uses the queue at ${file}. Wait for it, end it, or give another --state folder; several processes need PostgreSQL (--queue postgres://...).`,
  'queue-locked': ({ file }: { readonly file: string }) =>
    `${file} cannot be taken over; remove it when no cohort run is active.`,
  'no-manifest': () => 'There is no manifest here.',
  'manifest-cell': ({
    row,
    column,
    value,
  }: {
    readonly row: number;
    readonly column: string;
    readonly value: string;
  }) => `Row ${row}: column “${column}” is “${value}”, which cannot be used.`,
  'manifest-empty': ({ split }: { readonly split: string }) => `The manifest lists no vertebra of split “${split}”.`,
  'crop-size': ({ dims }: { readonly dims: readonly number[] }) =>
    `The crop is ${size(dims)}; a vertebra crop is 64 x 64 x n.`,
  oblique: () => 'The CT is tilted against the patient axes; phantoms need an axis-parallel one.',
  'no-real-ct': ({ path, id }: { readonly path: string; readonly id: string }) =>
    `There is no ${path}; give the folder that holds ${id} with --real.`,
} as const;
