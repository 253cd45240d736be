import Papa from 'papaparse';

export type CsvCell = string | number | boolean | null | undefined;

/**
 * Rows as RFC 4180 text, with a line break after the last. A spreadsheet would run text that begins like a formula (labels are typed
 * by people, descriptions come from files): it gets an apostrophe in front. Numbers stay numbers; null and undefined are empty.
 */
export function csvText(rows: readonly (readonly CsvCell[])[], newline: '\r\n' | '\n' = '\r\n'): string {
  return `${Papa.unparse(rows as CsvCell[][], { newline, escapeFormulae: true })}${newline}`;
}
