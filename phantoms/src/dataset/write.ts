import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvText } from '@spine/dicom/csv';
import { writeNifti } from '../files/niftiWrite';
import { CROP_SIZE, cropAffineRas } from '../imaging/crop';
import { kindSlices, lesionSlices, type Sample } from './sample';

/** Columns of manifest.csv; image, seg_msk and label are the authors' names. Paths are relative to the manifest. */
export const MANIFEST_COLUMNS = [
  'image',
  'seg_msk',
  'label',
  'patient',
  'level',
  'kinds',
  'mimic',
  'source',
  'slice_thickness',
  'split',
  'truth',
  'twin',
  'lesion_slices',
  'lytic_slices',
  'blastic_slices',
] as const;

/** Creates the folders of a dataset. */
export function createDataset(folder: string): void {
  for (const name of ['images', 'masks', 'truth']) mkdirSync(join(folder, name), { recursive: true });
}

/** Writes a sample's three files and returns its manifest line. */
export function writeSample(folder: string, sample: Sample): string {
  const id = `${sample.patient}_${sample.level}${sample.twin === 'without' ? '-without' : ''}`;
  const dims = [CROP_SIZE, CROP_SIZE, sample.geometry.slices] as const;
  const affine = cropAffineRas(sample.geometry);
  const paths = { image: `images/${id}.nii.gz`, mask: `masks/${id}.nii.gz`, truth: `truth/${id}.nii.gz` };
  writeNifti(join(folder, paths.image), sample.hu, dims, affine);
  writeNifti(join(folder, paths.mask), sample.body, dims, affine);
  writeNifti(join(folder, paths.truth), sample.truth, dims, affine);
  const row = [
    paths.image,
    paths.mask,
    sample.label,
    sample.patient,
    sample.level,
    sample.kinds.join('+'),
    sample.mimics.join('+'),
    sample.source,
    sample.sliceThicknessMm,
    sample.split,
    paths.truth,
    sample.twin ?? '',
    lesionSlices(sample),
    kindSlices(sample, 'lytic'),
    kindSlices(sample, 'blastic'),
  ];
  return csvText([row], '\n').trimEnd();
}

/** Starts a manifest (or one part of it). */
export function startManifest(path: string): void {
  writeFileSync(path, csvText([MANIFEST_COLUMNS], '\n'));
}

/** Adds a line. */
export function appendManifest(path: string, line: string): void {
  appendFileSync(path, `${line}\n`);
}
