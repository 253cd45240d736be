/** How often readers accepted, rejected and added, per model version, as one HTML page that needs nothing else. */
import type { ArchiveReadings, ReadingCounts } from './collect';

const COLOURS = { accepted: '#2e7d32', rejected: '#c62828', drawn: '#1565c0' } as const;
const [WIDTH, HEIGHT, BAR] = [640, 180, 24];
/** Room for a label such as 2026-01. */
const STEP = 60;

interface Sum {
  readonly readings: number;
  readonly accepted: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly drawn: number;
}

export function driftPage({ readings, unread }: ArchiveReadings): string {
  const models = [...new Set(readings.map(({ model }) => model))].sort();
  const sections = models.map(model =>
    section(
      model,
      readings.filter(reading => reading.model === model)
    )
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>What readers did with the model's candidates</title>
<style>body{font:15px/1.5 system-ui;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222}table{border-collapse:collapse}td,th{padding:.2rem .8rem;border-bottom:1px solid #ccc;text-align:right}th:first-child,td:first-child{text-align:left}svg text{font:12px system-ui}</style>
<h1>What readers did with the model's candidates</h1>
<p>Research use only. Counted from ${readings.length} saved results, the newest of each reader. A share of rejected candidates that rises from month to month means that the images or the patients have changed, or that the model suits them less than it seemed.</p>
${unread.length ? `<p>Not counted, because they could not be read: ${unread.map(({ name, why }) => `${escape(name)} (${escape(why)})`).join(', ')}.</p>\n` : ''}${sections.length ? sections.join('\n') : '<p>No result that a reader has saved was found.</p>'}
</html>
`;
}

function section(model: string, readings: readonly ReadingCounts[]): string {
  const months = [...new Set(readings.map(({ month }) => month))].sort();
  const rows = months.map(month => [month, total(readings.filter(reading => reading.month === month))] as const);
  const all = total(readings);
  const reasons = Object.entries(all.rejected).sort(([, a], [, b]) => b - a);
  const cells = (name: string, sum: Sum) =>
    `<tr><td>${escape(name)}</td><td>${sum.readings}</td><td>${sum.accepted}</td><td>${rejectedOf(sum)}</td><td>${share(sum)}</td><td>${sum.drawn}</td></tr>`;
  return `<h2>${escape(model)}</h2>
<table><tr><th>Month</th><th>Results</th><th>Accepted</th><th>Rejected</th><th>Share rejected</th><th>Drawn by a reader</th></tr>
${rows.map(([month, sum]) => cells(month, sum)).join('\n')}
${cells('all', all)}</table>
<p>Why rejected: ${reasons.length ? reasons.map(([reason, count]) => `${escape(reason)} ${count}`).join(', ') : 'none was'}.</p>
${plot(rows)}`;
}

/** Stacked bars, one a month. */
function plot(rows: readonly (readonly [string, Sum])[]): string {
  const highest = Math.max(1, ...rows.map(([, sum]) => sum.accepted + rejectedOf(sum) + sum.drawn));
  const bars = rows.map(([month, sum], i) => {
    let y = HEIGHT;
    const parts = { accepted: sum.accepted, rejected: rejectedOf(sum), drawn: sum.drawn };
    const rects = Object.entries(parts).map(([name, count]) => {
      const height = (count / highest) * (HEIGHT - 20);
      y -= height;
      return `<rect x="${i * STEP + 10}" y="${y.toFixed(1)}" width="${BAR}" height="${height.toFixed(1)}" fill="${COLOURS[name as keyof typeof COLOURS]}"><title>${escape(month)}: ${name} ${count}</title></rect>`;
    });
    const count = sum.accepted + rejectedOf(sum) + sum.drawn;
    return `${rects.join('')}<text x="${i * STEP + 12}" y="${(y - 4).toFixed(1)}">${count}</text><text x="${i * STEP + 4}" y="${HEIGHT + 16}">${escape(month)}</text>`;
  });
  const legend = Object.entries(COLOURS).map(
    ([name, colour], i) =>
      `<rect x="${i * 110 + 10}" y="${HEIGHT + 28}" width="12" height="12" fill="${colour}"/><text x="${i * 110 + 28}" y="${HEIGHT + 39}">${name}</text>`
  );
  const width = Math.max(WIDTH, rows.length * STEP + 20);
  return `<div style="overflow-x:auto"><svg role="img" aria-label="accepted, rejected and drawn regions by month" width="${width}" height="${HEIGHT + 50}">${bars.join('')}${legend.join('')}</svg></div>`;
}

function total(readings: readonly ReadingCounts[]): Sum {
  const rejected: Record<string, number> = {};
  for (const reading of readings) {
    for (const [reason, count] of Object.entries(reading.rejected)) rejected[reason] = (rejected[reason] ?? 0) + count;
  }
  const sum = (of: (reading: ReadingCounts) => number) => readings.reduce((all, reading) => all + of(reading), 0);
  return { readings: readings.length, accepted: sum(r => r.accepted), drawn: sum(r => r.drawn), rejected };
}

const rejectedOf = ({ rejected }: Sum) => Object.values(rejected).reduce((a, b) => a + b, 0);

function share(sum: Sum): string {
  const decided = sum.accepted + rejectedOf(sum);
  return decided ? `${Math.round((100 * rejectedOf(sum)) / decided)} %` : '';
}

const escape = (text: string) => text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);
