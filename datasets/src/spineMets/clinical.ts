/** The workbook of Spine-Mets-CT-SEG: which vertebrae of which case hold lesions, and of what kind. */
import { existsSync } from 'node:fs';
import { LEVELS, levelOrder, type VertebraLevel } from '@spine/core';
import { CommandError } from '@spine/headless/cli';
import readExcelFile from 'read-excel-file/node';

const SHEET = 'Spine-Mets-CT-SEG';
const COLUMNS = {
  case: 'Case',
  primary: 'Primary cancer',
  lesions: 'Vertebrae with Lesions',
  blastic: 'Blastic',
  lytic: 'Lytic',
  mixed: 'Mixed',
  comments: 'Comments/Fractures',
} as const;

export type Kind = 'lytic' | 'blastic';
export type Flag = 'fracture' | 'hardware';

export interface ClinicalCase {
  readonly id: string;
  readonly primaryCancer: string;
  /** Every vertebra with a lesion; the kinds are none where the workbook names none. */
  readonly lesions: ReadonlyMap<VertebraLevel, readonly Kind[]>;
  /** By level; '*' where the comment names no level. */
  readonly flags: ReadonlyMap<VertebraLevel | '*', readonly Flag[]>;
  /** What in this row is not as it should be. */
  readonly notes: readonly string[];
}

/** @throws CommandError 'workbook' naming the file, and the sheet or columns that are missing */
export async function readClinical(path: string): Promise<ClinicalCase[]> {
  if (!existsSync(path)) throw new CommandError('workbook', `${path}: no such file`);
  let sheets: readonly { readonly sheet: string; readonly data: readonly (readonly unknown[])[] }[];
  try {
    sheets = await readExcelFile(path);
  } catch (error) {
    throw new CommandError(
      'workbook',
      `${path}: cannot be read as an Excel workbook (.xlsx): ${(error as Error).message}`
    );
  }
  const found = sheets.find(({ sheet }) => same(sheet, SHEET));
  if (!found) {
    throw new CommandError(
      'workbook',
      `${path}: no sheet "${SHEET}"; it has ${sheets.map(({ sheet }) => `"${sheet}"`).join(', ')}`
    );
  }
  const [header = [], ...rows] = found.data;
  const columns = Object.fromEntries(
    Object.entries(COLUMNS).map(([key, name]) => [key, header.findIndex(cell => same(text(cell), name))])
  ) as Record<keyof typeof COLUMNS, number>;
  const missing = Object.entries(columns).filter(([, index]) => index < 0);
  if (missing.length) {
    const names = missing.map(([key]) => `"${COLUMNS[key as keyof typeof COLUMNS]}"`).join(', ');
    throw new CommandError('workbook', `${path}: columns ${names} are missing; it has ${header.map(text).join(', ')}`);
  }
  return rows
    .map(row => Object.fromEntries(Object.entries(columns).map(([key, index]) => [key, text(row[index])])) as Row)
    .filter(row => row.case !== '')
    .map(clinicalCase);
}

type Row = Record<keyof typeof COLUMNS, string>;

/** Headings and sheet names differ in spaces and case between versions of the workbook. */
const same = (a: string, b: string) => a.replace(/\s+/g, ' ').trim().toLowerCase() === b.toLowerCase();

/** Numbers lose the fraction that Excel gives them. */
function text(cell: unknown): string {
  return cell === null || cell === undefined ? '' : String(cell).trim();
}

function clinicalCase(row: Row): ClinicalCase {
  const notes: string[] = [];
  const kindsOf: readonly (readonly [keyof Row, readonly Kind[]])[] = [
    ['lesions', []],
    ['blastic', ['blastic']],
    ['lytic', ['lytic']],
    ['mixed', ['lytic', 'blastic']],
  ];
  const lesions = new Map<VertebraLevel, Kind[]>();
  const listed = new Set(levelsOf(row.lesions).levels);
  for (const [column, kinds] of kindsOf) {
    const { levels, unknown } = levelsOf(row[column]);
    if (unknown.length) notes.push(`${COLUMNS[column]}: ${unknown.join(', ')} is no vertebra`);
    for (const level of levels) {
      if (!listed.has(level))
        notes.push(`${level} stands under ${COLUMNS[column]} but not under ${COLUMNS.lesions}; taken as a lesion`);
      lesions.set(level, [...new Set([...(lesions.get(level) ?? []), ...kinds])].sort().reverse() as Kind[]);
    }
  }
  for (const [level, kinds] of lesions) if (!kinds.length) notes.push(`${level}: a lesion of no named kind`);
  const sorted = [...lesions].sort(([a], [b]) => levelOrder(a) - levelOrder(b));
  return { id: row.case, primaryCancer: row.primary, lesions: new Map(sorted), flags: flagsOf(row.comments), notes };
}

/**
 * The levels in a text with whatever between them ("T1, T2 T3/T4"; "Th12", "l 3"); "T8-T10" and "T8-10" mean all between.
 * @returns besides, what looks like a level and is none ("T15")
 */
export function levelsOf(value: string): { levels: VertebraLevel[]; unknown: string[] } {
  const levels = new Set<VertebraLevel>();
  const unknown: string[] = [];
  const pattern =
    /(?<![A-Za-z])(Th|[CTLS])\s?0?(\d{1,2})(?!\d)(?:\s*(?:-|–|—|to|through)\s*(?:(Th|[CTLS])\s?)?0?(\d{1,2})(?!\d))?/gi;
  for (const match of value.matchAll(pattern)) {
    const first = match[1][0].toUpperCase() + Number(match[2]);
    const last = match[4] === undefined ? first : (match[3] ?? match[1])[0].toUpperCase() + Number(match[4]);
    const bad = [first, last].filter(level => !LEVELS.includes(level));
    if (bad.length) {
      unknown.push(...new Set(bad));
      continue;
    }
    // People with the usual number of vertebrae: T13 and L6 are no part of a range.
    const usual = LEVELS.filter(level => (level !== 'T13' && level !== 'L6') || level === first || level === last);
    const [from, to] = [usual.indexOf(first), usual.indexOf(last)].sort((a, b) => a - b);
    for (const level of usual.slice(from, to + 1)) levels.add(level);
  }
  return { levels: [...levels].sort((a, b) => levelOrder(a) - levelOrder(b)), unknown };
}

const FLAG_WORDS: Readonly<Record<Flag, RegExp>> = {
  fracture: /fractur|compress|collaps|\bfx\b|wedg/i,
  hardware:
    /hardware|screw|\brods?\b|fusion|fixat|instrument|post-?\s?op|surg|implant|cage|laminectom|cement|kyphoplast|vertebroplast/i,
};

/** "No fracture", "without compression fracture or hardware": nothing that a flag would be for. */
const ANY_FLAG = `(?:${Object.values(FLAG_WORDS)
  .map(({ source }) => source)
  .join('|')})\\w*`;
const DENIED = new RegExp(
  String.raw`\b(?:no|without|negative for|absence of)\s+(?:(?!and\b|but\b|with\b)[\w-]+\s+){0,3}?${ANY_FLAG}(?:(?:\s+(?:or|nor))?\s+${ANY_FLAG})*`,
  'gi'
);

/** What the comments say, sentence by sentence, of the levels that the sentence names. */
function flagsOf(comments: string): Map<VertebraLevel | '*', Flag[]> {
  const flags = new Map<VertebraLevel | '*', Flag[]>();
  for (const sentence of comments.replace(DENIED, '').split(/[.;\n]+/)) {
    const { levels } = levelsOf(sentence);
    for (const flag of Object.keys(FLAG_WORDS) as Flag[]) {
      if (!FLAG_WORDS[flag].test(sentence)) continue;
      for (const level of levels.length ? levels : (['*'] as const)) {
        flags.set(level, [...new Set([...(flags.get(level) ?? []), flag])].sort());
      }
    }
  }
  return flags;
}
