/** What a run says at its end. */
import type { Source } from '../archive/archive';
import { DicomFolder } from '../archive/folder';
import type { Database } from '../queue/database';

const COUNT = `SELECT state, count(*)::int AS count FROM cohort.series GROUP BY state`;
const LISTED = 20;

/** @returns how many series failed */
export async function printResult(
  database: Database,
  source: Source,
  stdout: Pick<NodeJS.WriteStream, 'write'>
): Promise<number> {
  const counts = new Map(
    (await database.query<{ state: string; count: number }>(COUNT)).map(({ state, count }) => [state, count])
  );
  const of = (state: string) => counts.get(state) ?? 0;
  const passed = await database.query<{ study: string; series: string; code: string; reason: string }>(
    `SELECT study, series, code, reason FROM cohort.passed_over
     UNION ALL SELECT study, series, code, reason FROM cohort.series WHERE state = 'passed-over' ORDER BY study, series`
  );
  const failed = await database.query<{ study: string; series: string; code: string; reason: string }>(
    `SELECT study, series, code, reason FROM cohort.series WHERE state = 'failed' ORDER BY study, series`
  );
  list('passed over', passed);
  list('failed', failed);
  if (source instanceof DicomFolder) {
    for (const { file, reason } of source.notes.unreadable.slice(0, LISTED)) {
      stdout.write(`unreadable: ${file}: ${reason}\n`);
    }
  }
  const waiting = of('queued') + of('running');
  stdout.write(
    `${of('done')} series analysed, ${passed.length} passed over, ${failed.length} failed` +
      `${waiting ? `, ${waiting} waiting` : ''}${of('cancelled') ? `, ${of('cancelled')} cancelled` : ''}\n`
  );
  return failed.length;

  function list(what: string, rows: readonly { study: string; series: string; code: string; reason: string }[]): void {
    for (const { study, series, code, reason } of rows.slice(0, LISTED)) {
      stdout.write(`${what}: study ${study}, series ${series}: ${code}: ${reason}\n`);
    }
    if (rows.length > LISTED) stdout.write(`${what}: and ${rows.length - LISTED} more (--summary lists all)\n`);
  }
}
