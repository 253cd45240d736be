/** The worksheets as a table: only what a person set or confirmed. */
import { SINS_FIELDS, sinsPoints, sinsScore } from '../../core/planning';
import type { VertebraLevel } from '../../core/types';
import { csvText } from '../controls/csv';
import type { Worksheets } from '../state/planning';

/**
 * One line per vertebra; open fields and unconfirmed sectors are empty.
 * @param notes on a level's line: on how little of the body proposals rested, among others
 */
export function worksheetCsv(worksheets: Worksheets, notes: (level: VertebraLevel) => string): string {
  const header = [
    'level',
    ...SINS_FIELDS.flatMap(field => [`sins_${field}`, `sins_${field}_points`]),
    'sins_total',
    'sectors_confirmed',
    'notes',
  ];
  const rows = Object.entries(worksheets).flatMap(([level, sheet]) => {
    if (!sheet) return [];
    const fields = SINS_FIELDS.flatMap(field => {
      const answer = sheet.answers[field];
      return answer === undefined ? [undefined, undefined] : [answer, sinsPoints(field, answer)];
    });
    return [[level, ...fields, sinsScore(sheet.answers)?.total, sheet.sectors?.join(' '), notes(level)]];
  });
  return csvText([header, ...rows]);
}
