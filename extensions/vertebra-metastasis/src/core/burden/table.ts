/** The burden as rows, and as text to copy into a document. */
import { LESION_3D_KINDS } from '../kinds';
import type { Lesion3dKind } from '../types';
import type { Burden, KindBurden, LevelBurden } from './types';

type Row = Omit<LevelBurden, 'level'> & { readonly level: string };
type Cell = string | number | undefined;

const kindColumns = (kind: Lesion3dKind): readonly (readonly [string, (row: Row) => Cell])[] => {
  const of = (value: (burden: KindBurden) => number) => (row: Row) => row[kind] && value(row[kind]);
  return [
    [`${kind}_ml`, row => row[kind]?.millilitres ?? 0],
    [`${kind}_hu_mean`, of(({ hu }) => hu.mean)],
    [`${kind}_hu_sd`, of(({ hu }) => hu.standardDeviation)],
    [`${kind}_hu_p10`, of(({ huPercentiles }) => huPercentiles.p10)],
    [`${kind}_hu_median`, of(({ hu }) => hu.median)],
    [`${kind}_hu_p90`, of(({ huPercentiles }) => huPercentiles.p90)],
  ];
};

/** Column names carry the units. */
const COLUMNS: readonly (readonly [name: string, valueOf: (row: Row) => Cell])[] = [
  ['level', ({ level }) => level],
  ...kindColumns('lytic'),
  ...kindColumns('blastic'),
  ...kindColumns('mixed'),
  ['analysed_body_ml', ({ analysedMillilitres }) => rounded(analysedMillilitres, 6)],
  ['lesion_percent_of_analysed_body', ({ percent }) => rounded(percent, 3)],
  // "yes" where the volume is a lower bound.
  ...LESION_3D_KINDS.map(
    kind => [`${kind}_at_least`, (row: Row): Cell => (row[kind]?.atLeast ? 'yes' : undefined)] as const
  ),
];

const rounded = (value: number | undefined, digits: number): Cell =>
  value === undefined ? undefined : Number(value.toFixed(digits));

/** Header, one row per level, the total. Unknown values are empty. */
export function burdenRows(burden: Burden): readonly (readonly Cell[])[] {
  const rows: Row[] = [...burden.levels, { ...burden.total, level: 'total' }];
  return [COLUMNS.map(([name]) => name), ...rows.map(row => COLUMNS.map(([, valueOf]) => valueOf(row)))];
}

/** Tab-separated, as word processors and spreadsheets take it from the clipboard; the notes below. */
export function burdenText(burden: Burden, notes: string): string {
  return `${burdenRows(burden)
    .map(row => row.map(value => value ?? '').join('\t'))
    .join('\n')}\n\n${notes}\n`;
}
