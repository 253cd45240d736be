/** The report of a cohort as one HTML file with plots. */
import { barChart, htmlPage, htmlTable } from '../seen/html';
import type { CohortRow } from './cohortRow';

/** Head to pelvis; bodies without a level come last by their number. */
const REGION: Readonly<Record<string, number>> = { C: 0, T: 100, L: 200, S: 300, V: 400 };
const place = (level: string) => (REGION[level[0]] ?? 500) + Number(level.slice(1) || 0);

/** From this P(malignant) a slice is suspicious and is searched. */
const SUSPICIOUS = 0.5;

export function reportHtml(rows: readonly CohortRow[]): string {
  const summaries = rows.flatMap(({ summary }) => (summary ? [summary] : []));
  const vertebrae = summaries.flatMap(summary => summary.vertebrae);
  const lesions = summaries.flatMap(summary => summary.lesions);
  const levels = [...new Set(vertebrae.map(({ level }) => level))].sort((a, b) => place(a) - place(b));
  const ofLevel = (level: string) => vertebrae.filter(vertebra => vertebra.level === level);
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const states = countBy(rows.map(({ state }) => state));
  const reasons = countBy(rows.filter(({ state }) => state === 'failed').map(({ code }) => code ?? 'unknown'));
  const volumes = histogram(
    lesions.map(({ millilitres }) => millilitres),
    [0, 0.1, 0.3, 1, 3, 10, Infinity],
    'ml'
  );
  const times = histogram(
    rows.flatMap(({ seconds }) => (seconds === null ? [] : [seconds / 60])),
    [0, 0.5, 1, 2, 5, 10, 30, Infinity],
    'min'
  );
  const burden = levels.map(level => ({
    label: level,
    value: mean(ofLevel(level).map(({ lyticMl, blasticMl, mixedMl }) => lyticMl + blasticMl + mixedMl)),
  }));
  const prevalence = levels.map(level => ({
    label: level,
    value: 100 * mean(ofLevel(level).map(({ malignancyProbability }) => Number(malignancyProbability >= SUSPICIOUS))),
  }));
  const body = [
    htmlTable(
      ['Series', 'Number'],
      states.map(({ label, value }) => [label, value])
    ),
    `<p>${vertebrae.length} vertebrae, ${lesions.length} lesions proposed.</p>`,
    levels.length ? barChart('Burden by level: mean lesion volume of a vertebra', burden, 'ml') : '',
    levels.length ? barChart(`Vertebrae with P(malignant) of at least ${SUSPICIOUS}`, prevalence, '%') : '',
    lesions.length ? barChart('Lesion volumes', volumes, 'number of lesions') : '',
    barChart('Processing time of a series', times, 'number of series'),
    reasons.length ? barChart('Failures', reasons, 'number of series') : '<p>No failures.</p>',
  ];
  return htmlPage('Cohort report', body.join('\n'));
}

function countBy(values: readonly string[]): { label: string; value: number }[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([label, value]) => ({ label, value })).sort((a, b) => b.value - a.value);
}

function histogram(
  values: readonly number[],
  edges: readonly number[],
  unit: string
): { label: string; value: number }[] {
  return edges.slice(1).map((upper, n) => ({
    label: upper === Infinity ? `over ${edges[n]} ${unit}` : `${edges[n]}-${upper} ${unit}`,
    value: values.filter(value => value >= edges[n] && value < upper).length,
  }));
}
