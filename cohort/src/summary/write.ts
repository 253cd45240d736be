/** The tables and the report of a cohort. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvText } from '@spine/dicom/csv';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Database } from '../queue/database';
import type { CohortRow } from './cohortRow';
import { reportHtml } from './reportHtml';

type Cell = string | number | null;
type Table = {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Record<string, Cell>[];
};
type Column = { readonly name: string; readonly type: 'STRING' | 'DOUBLE' | 'INT32' };

/** Units are in the names: ml, HU, seconds. */
export async function writeSummary(database: Database, folder: string): Promise<string[]> {
  const rows = await database.query<CohortRow>(
    `SELECT study, series, state, code, reason, seconds, summary FROM cohort.series
     UNION ALL SELECT study, series, 'passed-over', code, reason, NULL, NULL FROM cohort.passed_over ORDER BY study, series`
  );
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  const write = async (name: string, content: string | Uint8Array) => {
    await writeFile(join(folder, name), content);
    files.push(name);
  };
  for (const table of [vertebraTable(rows), lesionTable(rows), seriesTable(rows)]) {
    await write(`${table.name}.csv`, csv(table));
    await write(`${table.name}.parquet`, parquet(table));
  }
  await write('report.html', reportHtml(rows));
  return files;
}

function csv({ columns, rows }: Table): string {
  const names = columns.map(({ name }) => name);
  return csvText([names, ...rows.map(row => names.map(name => row[name]))], '\n');
}

function parquet({ columns, rows }: Table): Uint8Array {
  const columnData = columns.map(({ name, type }) => ({
    name,
    type,
    data: rows.map(row => row[name]),
    nullable: true,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

const ids: Column[] = [
  { name: 'study', type: 'STRING' },
  { name: 'series', type: 'STRING' },
];
const done = (rows: readonly CohortRow[]) =>
  rows.flatMap(row => (row.summary ? [{ ...row, summary: row.summary }] : []));

function vertebraTable(rows: readonly CohortRow[]): Table {
  return {
    name: 'vertebrae',
    columns: [
      ...ids,
      { name: 'level', type: 'STRING' },
      { name: 'p_malignant', type: 'DOUBLE' },
      { name: 'slices', type: 'INT32' },
      { name: 'slices_searched', type: 'INT32' },
      { name: 'lesions', type: 'INT32' },
      { name: 'lytic_ml', type: 'DOUBLE' },
      { name: 'blastic_ml', type: 'DOUBLE' },
      { name: 'mixed_ml', type: 'DOUBLE' },
      { name: 'model', type: 'STRING' },
    ],
    rows: done(rows).flatMap(({ study, series, summary }) =>
      summary.vertebrae.map(vertebra => ({
        study,
        series,
        level: vertebra.level,
        p_malignant: vertebra.malignancyProbability,
        slices: vertebra.slices,
        slices_searched: vertebra.slicesSearched,
        lesions: vertebra.lesions,
        lytic_ml: vertebra.lyticMl,
        blastic_ml: vertebra.blasticMl,
        mixed_ml: vertebra.mixedMl,
        model: summary.model,
      }))
    ),
  };
}

function lesionTable(rows: readonly CohortRow[]): Table {
  return {
    name: 'lesions',
    columns: [
      ...ids,
      { name: 'lesion', type: 'STRING' },
      { name: 'level', type: 'STRING' },
      { name: 'kind', type: 'STRING' },
      { name: 'place', type: 'STRING' },
      { name: 'volume_ml', type: 'DOUBLE' },
      { name: 'longest_axial_mm', type: 'DOUBLE' },
      { name: 'perpendicular_axial_mm', type: 'DOUBLE' },
      { name: 'longest_3d_mm', type: 'DOUBLE' },
      { name: 'score', type: 'DOUBLE' },
      { name: 'mean_hu', type: 'DOUBLE' },
      { name: 'flags', type: 'STRING' },
    ],
    rows: done(rows).flatMap(({ study, series, summary }) =>
      summary.lesions.map(({ name, level, kind, place, millilitres, score, huMean, flags, ...sizes }) => ({
        study,
        series,
        lesion: name,
        level,
        kind,
        place,
        volume_ml: millilitres,
        longest_axial_mm: sizes.longestAxialMm,
        perpendicular_axial_mm: sizes.perpendicularAxialMm,
        longest_3d_mm: sizes.longestMm,
        score,
        mean_hu: huMean,
        flags: flags.join(' '),
      }))
    ),
  };
}

function seriesTable(rows: readonly CohortRow[]): Table {
  return {
    name: 'series',
    columns: [
      ...ids,
      { name: 'state', type: 'STRING' },
      { name: 'code', type: 'STRING' },
      { name: 'reason', type: 'STRING' },
      { name: 'seconds', type: 'DOUBLE' },
    ],
    rows: rows.map(({ study, series, state, code, reason, seconds }) => ({
      study,
      series,
      state,
      code,
      reason,
      seconds,
    })),
  };
}
