/** The page /cohort: how far the cohort is, and what failed why. */
import type { Database } from '../queue/database';
import { escapeHtml, htmlPage, htmlTable } from './html';
import { recentPace } from './metrics';

interface Row {
  readonly key: string;
  readonly study: string;
  readonly state: string;
  readonly code: string | null;
  readonly reason: string | null;
  readonly vertebra: string | null;
  readonly vertebrae_done: number;
  readonly vertebrae_planned: number;
}

const SHOWN = 100;

export async function pageHtml(database: Database): Promise<string> {
  const counts = await database.query<{ state: string; count: number }>(
    'SELECT state, count(*)::int AS count FROM cohort.series GROUP BY state ORDER BY state'
  );
  const pace = await recentPace(database);
  const running = await database.query<Row>(`SELECT * FROM cohort.series WHERE state = 'running' ORDER BY started_at`);
  const failed = await database.query<Row>(
    `SELECT * FROM cohort.series WHERE state IN ('failed', 'cancelled') ORDER BY ended_at DESC LIMIT ${SHOWN}`
  );
  const body = [
    htmlTable(
      ['Series', 'Number'],
      counts.map(({ state, count }) => [state, count])
    ),
    `<p>${pace.perHour} finished in the last hour; ${pace.secondsMean === null ? '-' : pace.secondsMean.toFixed(0)} s a series; ${pace.workers} ${pace.workers === 1 ? 'worker' : 'workers'} busy; time left: ${timeLeft(pace.hoursLeft)}.</p>`,
    '<h2>Running</h2>',
    running.length === 0
      ? '<p>Nothing runs.</p>'
      : htmlTable(
          ['Study', 'Vertebrae', 'Last finished'],
          running.map(row => [
            row.study,
            `${row.vertebrae_done} of ${row.vertebrae_planned || '?'}`,
            row.vertebra ?? '',
          ])
        ),
    button('/cohort/cancel', undefined, 'Cancel all that waits or runs'),
    '<h2>Failed or cancelled</h2>',
    failed.length === 0
      ? '<p>None.</p>'
      : `<table><thead><tr><th>Study</th><th>Why</th><th></th></tr></thead><tbody>${failed.map(failedRow).join('')}</tbody></table>${button('/cohort/retry', undefined, 'Retry all')}`,
  ];
  return htmlPage('Cohort', body.join('\n'), '<meta http-equiv="refresh" content="15">');
}

export function timeLeft(hours: number | null): string {
  if (hours === null) return 'not known yet';
  const minutes = Math.ceil(hours * 60);
  return minutes < 60 ? `${minutes} min` : `${hours.toFixed(1)} h`;
}

function failedRow({ key, study, state, code, reason }: Row): string {
  const why = [state, code, reason].filter(Boolean).join(': ');
  return `<tr><td>${escapeHtml(study)}</td><td>${escapeHtml(why)}</td><td>${button('/cohort/retry', key, 'Retry')}</td></tr>`;
}

function button(action: string, key: string | undefined, label: string): string {
  const field = key === undefined ? '' : `<input type="hidden" name="key" value="${escapeHtml(key)}">`;
  return `<form method="post" action="${action}">${field}<button>${escapeHtml(label)}</button></form>`;
}
