/** The real spines at hand, divided by patient: which may be trained on, which decide settings, and which only measure. */
import { join } from 'node:path';
import { type Labelmap, labelExtents, type Volume } from '@spine/core';
import { findVertebrae } from '@spine/headless/foundVertebrae';
import { labelsOnGrid } from '@spine/headless/grids';
import { readNiftiLabelmap } from '@spine/headless/nifti';
import { readCt } from '@spine/headless/studySource';

/** Reconstruction kernel as the source names it, in three classes. */
export type Kernel = 'smooth' | 'standard' | 'sharp';
export type RealSplit = 'train' | 'validation' | 'test';

/** Where the masks of the bodies come from. */
type Masks =
  /** `bodies-found.nii.gz`; `drop` are labels that its README calls wrong, doubtful, cut or sacral. */
  | { readonly from: 'file'; readonly drop: readonly number[] }
  /** `vertebrae.nii.gz` of whole vertebrae and a second mask that tells which of its voxels are body. */
  | { readonly from: 'parts'; readonly bodies: string; readonly least: number; readonly keep: readonly number[] }
  /** None at hand: the product's own finder looks for them. */
  | { readonly from: 'finder' };

/** One CT with vertebral bodies without known metastases. */
export interface RealPatient {
  /** Folder. */
  readonly id: string;
  /** Folders of one patient share this. */
  readonly patient: string;
  readonly split: RealSplit;
  readonly kernel: Kernel;
  readonly sliceThicknessMm: number;
  /** The file or folder with the CT. */
  readonly ct: string;
  readonly masks: Masks;
  /** Tilted against the patient axes: measured on, but nothing is painted into it. */
  readonly oblique?: true;
}

const found = (
  split: RealSplit,
  id: string,
  kernel: Kernel,
  sliceThicknessMm: number,
  drop: readonly number[] = [],
  patient = id
): RealPatient => ({ id, patient, split, kernel, sliceThicknessMm, ct: 'ct.nii.gz', masks: { from: 'file', drop } });

/**
 * Sharp kernels, thick slices and degeneration are in every part; verse-014 is CC BY-SA and only ever measured on; both
 * studies of flt-001 are one patient. Kernels and thicknesses are those of each SOURCE.md.
 */
export const REAL_PATIENTS: readonly RealPatient[] = [
  found('train', 'nlst-101287', 'sharp', 2),
  found('train', 'acrin-nsclc-042', 'smooth', 3.75, [1, 2]),
  found('train', 'flt-001-lumbar', 'smooth', 5, [10, 11], 'flt-001'),
  found('train', 'flt-001-cervicothoracic', 'smooth', 5, [], 'flt-001'),
  found('train', 'sts-037', 'standard', 3.27, [1]),
  { ...found('train', 'lidc-0314', 'sharp', 1), ct: '', masks: { from: 'finder' } },
  { ...found('train', 'crlm-1006', 'standard', 5), ct: '', masks: { from: 'finder' } },
  { ...found('train', 'totalsegmentator-thoracic', 'standard', 1.5), masks: { from: 'finder' } },
  found('validation', 'c3l-00189', 'sharp', 5),
  found('validation', 'lidc-0001', 'standard', 2.5),
  found('validation', 'flt-013', 'smooth', 5, [7]),
  found('validation', 'sts-007', 'standard', 3.27, [1]),
  { ...found('test', 'verse-014', 'sharp', 1, [1]), oblique: true },
  found('test', 'lidc-0002', 'standard', 1.25, [1]),
  found('test', 'crlm-1004', 'standard', 5),
  found('test', 'tcga-ay-4070a', 'standard', 5, [10]),
  {
    ...found('test', 'totalsegmentator-example', 'standard', 3),
    masks: { from: 'parts', bodies: 'vertebral-bodies.nii.gz', least: 1, keep: [27, 28, 29, 30] },
  },
  {
    ...found('test', 'tptbox-l3', 'standard', 1.5),
    masks: { from: 'parts', bodies: 'subregions.nii.gz', least: 49, keep: [22] },
  },
];

/** A real CT and its whole, healthy vertebral bodies on the same grid. */
export interface RealCase {
  readonly volume: Volume;
  readonly bodies: Labelmap;
  /** Labels of `bodies`, from head to pelvis as the source numbers them. */
  readonly labels: readonly number[];
}

/** Reads a patient out of the folder of real CT. @throws InputError of the readers */
export async function readRealCase(folder: string, { id, ct, masks }: RealPatient): Promise<RealCase> {
  const { volume } = await readCt(join(folder, id, ct));
  if (masks.from === 'finder') {
    const { labelmap, vertebrae } = await findVertebrae(volume);
    return { volume, bodies: labelmap, labels: vertebrae.map(({ label }) => label) };
  }
  const read = async (name: string) => labelsOnGrid(await readNiftiLabelmap(join(folder, id, name)), volume);
  const bodies = await read(masks.from === 'file' ? 'bodies-found.nii.gz' : 'vertebrae.nii.gz');
  if (masks.from === 'file') {
    const labels = [...labelExtents(bodies).keys()].filter(label => !masks.drop.includes(label));
    return { volume, bodies, labels: labels.sort((a, b) => a - b) };
  }
  const parts = await read(masks.bodies);
  const labels = bodies.labels.map((label, n) => (parts.labels[n] >= masks.least ? label : 0));
  return { volume, bodies: { ...bodies, labels }, labels: masks.keep };
}
