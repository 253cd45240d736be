/** The worksheets as a table: only what a person set or confirmed. */
import { SINS_FIELDS, sinsPoints, sinsScore } from '../../core/planning';
import type { Worksheets } from '../state/planning';

/** RFC 4180, one line per vertebra, CRLF; open fields and unconfirmed sectors are empty. */
export function worksheetCsv(worksheets: Worksheets, notes: string): string {
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
      return answer === undefined ? ['', ''] : [answer, String(sinsPoints(field, answer))];
    });
    const total = sinsScore(sheet.answers)?.total ?? '';
    return [[level, ...fields, total, sheet.sectors?.join(' ') ?? '', `"${notes.replaceAll('"', '""')}"`]];
  });
  return [header, ...rows].map(row => `${row.join(',')}\r\n`).join('');
}
