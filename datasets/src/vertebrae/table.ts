/** The table of vertebrae that training and evaluation start from (training/TRAINING.md). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvText } from '@spine/dicom/csv';
import type { Split } from './split';
import { type VertebraCrop, writeCrop } from './crop';

export interface TableRow {
  /** Also the name of its files. */
  readonly id: string;
  readonly malignant: boolean;
  readonly patient: string;
  readonly level: string;
  /** 'lytic', 'blastic' or both. */
  readonly kinds: readonly string[];
  /** What may disturb: 'fracture', 'hardware'. */
  readonly flags: readonly string[];
  readonly source: string;
  readonly sliceThicknessMm: number;
  readonly split: Split;
}

const COLUMNS = [
  'image',
  'seg_msk',
  'label',
  'patient',
  'level',
  'kinds',
  'flags',
  'source',
  'slice_thickness',
  'split',
];

/** Writes a vertebra's two files below the table's folder. */
export function writeVertebra(folder: string, id: string, crop: VertebraCrop): void {
  for (const name of ['images', 'masks']) mkdirSync(join(folder, name), { recursive: true });
  writeCrop(join(folder, `images/${id}.nii.gz`), crop.hu, crop);
  writeCrop(join(folder, `masks/${id}.nii.gz`), crop.body, crop);
}

/** @param truth whether there is a file with the lesions, for the evaluation; training never opens it */
export function writeTable(folder: string, rows: readonly TableRow[], { truth = false } = {}): void {
  const lines = rows.map(row => [
    ...[`images/${row.id}.nii.gz`, `masks/${row.id}.nii.gz`, row.malignant ? 1 : 0, row.patient, row.level],
    ...[row.kinds.join('+'), row.flags.join('+'), row.source, row.sliceThicknessMm, row.split],
    ...(truth ? [`truth/${row.id}.nii.gz`] : []),
  ]);
  writeFileSync(join(folder, 'manifest.csv'), csvText([[...COLUMNS, ...(truth ? ['truth'] : [])], ...lines], '\n'));
}
