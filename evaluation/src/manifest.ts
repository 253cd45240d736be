import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { InputError } from '@spine/core';

/** One vertebra of a benchmark manifest. Paths are absolute. */
export interface VertebraCase {
  readonly id: string;
  readonly image: string;
  readonly bodyMask: string;
  /** Lesion truth (1 lytic, 2 blastic); read for evaluation only. Undefined where nobody has drawn it (never in a manifest). */
  readonly truth?: string;
  readonly malignant: boolean;
  readonly patient: string;
  readonly level: string;
  /** Name of the degenerative or benign finding, if the vertebra shows one; such vertebrae are healthy. */
  readonly mimic: string;
  /** `synthetic`, or the real scan a lesion was inserted into. */
  readonly source: string;
  readonly sliceThicknessMm: number;
}

const REQUIRED = ['image', 'seg_msk', 'label', 'patient', 'truth'] as const;

/**
 * Reads a manifest (CSV with the columns of docs/benchmark.md). Paths in it are relative to its folder.
 * @throws InputError 'manifest' naming the row and column at fault
 */
export function readManifest(path: string, split?: string): VertebraCase[] {
  if (!existsSync(path)) throw new InputError('no-manifest', {}, { file: path });
  const rows = parse(readFileSync(path), { columns: true, skip_empty_lines: true, trim: true }) as Record<
    string,
    string
  >[];
  const folder = dirname(resolve(path));
  const cases = rows
    .filter(row => !split || !row.split || row.split === split)
    .map((row, i) => {
      for (const column of REQUIRED) {
        if (!row[column]) throw new InputError('manifest-cell', { row: i + 2, column, value: '' }, { file: path });
      }
      if (row.label !== '0' && row.label !== '1')
        throw new InputError('manifest-cell', { row: i + 2, column: 'label', value: row.label }, { file: path });
      return {
        id: row.image.replace(/.*\//, '').replace(/(_ct|_image)?\.nii(\.gz)?$/, ''),
        image: resolve(folder, row.image),
        bodyMask: resolve(folder, row.seg_msk),
        truth: resolve(folder, row.truth),
        malignant: row.label === '1',
        patient: row.patient,
        level: row.level ?? '',
        mimic: row.mimic ?? '',
        source: row.source ?? 'unknown',
        sliceThicknessMm: Number(row.slice_thickness ?? NaN),
      };
    });
  if (cases.length === 0) throw new InputError('manifest-empty', { split: split ?? 'any' }, { file: path });
  return cases;
}
