import type { LesionKind } from '@spine/core';
import { bootstrapInterval } from './bootstrap';
import type { Interval } from './bootstrap';
import { METHODS } from './evaluate';
import type { MethodName, Outcomes } from './evaluate';
import { figures, kindFigures, largeOnly, sliceAuc, withLesion } from './metrics';
import type { Figure, Figures, SliceOutcome } from './metrics';

const TITLES: Record<MethodName, string> = {
  method: 'Hide-and-Seek Attribution',
  otsu: 'Otsu in the body',
  ad: 'Difference map alone (AD)',
  gradcam: 'Grad-CAM',
};
const KINDS: readonly LesionKind[] = ['blastic', 'lytic'];

/** The paper's figures on its own data (radiologists' annotations of patients we have no access to), for orientation. */
export const PAPER = { blastic: { f1: 0.91, dice: 0.87 }, lytic: { f1: 0.85, dice: 0.78 } } as const;

const number = (value: Figure) => (value === null ? '-' : value.toFixed(3));
const withInterval = (value: Figure, interval: Interval | null) =>
  interval ? `${number(value)} (${number(interval[0])}-${number(interval[1])})` : number(value);

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

/** The main table: every method, every kind, with 95 % intervals over patients. */
export function mainTable(outcomes: Outcomes): string {
  const rows = METHODS.filter(name => outcomes[name].length > 0).flatMap(name =>
    KINDS.map(kind => {
      const all = outcomes[name];
      const result = kindFigures(all, kind);
      const cell = (key: 'f1' | 'dice' | 'precision' | 'recall') =>
        withInterval(
          result[key],
          bootstrapInterval(all, sample => kindFigures(sample, kind)[key])
        );
      return [
        TITLES[name],
        kind,
        cell('f1'),
        cell('dice'),
        cell('precision'),
        cell('recall'),
        String(result.lesions),
        String(result.slices),
      ];
    })
  );
  return table(['Method', 'Kind', 'F1', 'Dice', 'Precision', 'Recall', 'Lesions', 'Slices'], rows);
}

/** False regions and vertebra-level AUC. */
export function falsePositiveTable(outcomes: Outcomes): string {
  const rows = METHODS.filter(name => outcomes[name].length > 0).map(name => {
    const all = outcomes[name];
    const result = figures(all);
    const cell = (key: 'falsePerHealthy' | 'falsePerMimic' | 'auc') =>
      withInterval(
        result[key],
        bootstrapInterval(all, sample => figures(sample)[key])
      );
    return [TITLES[name], cell('falsePerHealthy'), cell('falsePerMimic'), cell('auc')];
  });
  return table(
    ['Method', 'False regions per healthy vertebra', 'per vertebra with a mimic', 'Vertebra-level AUC'],
    rows
  );
}

/** F1 and Dice where all lesions are at least 10 mm across. */
export function largeFigures(outcomes: readonly SliceOutcome[]) {
  const { blastic, lytic } = figures(largeOnly(outcomes));
  return { blastic, lytic };
}

/** The method on lesions of the paper's sizes, and on slices with a lesion. */
export function lesionTable(outcomes: readonly SliceOutcome[]): string {
  const parts: [string, SliceOutcome[]][] = [
    ['all lesions at least 10 mm across', largeOnly(outcomes)],
    ['slices with a lesion', withLesion(outcomes)],
  ];
  const rows = parts.map(([name, part]) => {
    const f = figures(part);
    return [name, String(part.length), ...[f.blastic.f1, f.lytic.f1, f.blastic.dice, f.lytic.dice].map(number)];
  });
  const head = ['Part', 'Slices', 'F1 blastic', 'F1 lytic', 'Dice blastic', 'Dice lytic'];
  return `${table(head, rows)}\n\nSlice-level AUC (with a lesion or without): ${number(sliceAuc(outcomes))}.`;
}

const THICKNESS_BANDS: readonly [string, (outcome: SliceOutcome) => boolean][] = [
  ['slices up to 1.5 mm', o => o.sliceThicknessMm <= 1.5],
  ['slices of 1.5-3 mm', o => o.sliceThicknessMm > 1.5 && o.sliceThicknessMm <= 3],
  ['slices above 3 mm', o => o.sliceThicknessMm > 3],
];

/** The method alone by source and by slice thickness. */
export function subgroupTable(outcomes: readonly SliceOutcome[]): string {
  const sources = [...new Set(outcomes.map(o => o.source))].sort();
  const groups: [string, SliceOutcome[]][] = [
    ...sources.map((source): [string, SliceOutcome[]] => [
      `source: ${source}`,
      outcomes.filter(o => o.source === source),
    ]),
    ...THICKNESS_BANDS.map(([name, test]): [string, SliceOutcome[]] => [name, outcomes.filter(test)]),
  ];
  return table(
    ['Part', 'Slices', 'F1 blastic', 'F1 lytic', 'Dice blastic', 'Dice lytic', 'False per healthy', 'AUC'],
    groups
      .filter(([, part]) => part.length > 0)
      .map(([name, part]) => {
        const f = figures(part);
        const cells = [f.blastic.f1, f.lytic.f1, f.blastic.dice, f.lytic.dice, f.falsePerHealthy, f.auc].map(number);
        return [name, String(part.length), ...cells];
      })
  );
}

const PIXEL_AREA_MM2 = 0.8 * 0.675;
const SIZE_BANDS_MM: readonly [number, number][] = [
  [0, 6],
  [6, 10],
  [10, 16],
  [16, Infinity],
];

/** Recall of the method by the equivalent diameter of the true lesion in the slice. */
export function sizeTable(outcomes: readonly SliceOutcome[]): string {
  const rows = SIZE_BANDS_MM.map(([low, high]) => {
    const cells = KINDS.map(kind => {
      const lesions = outcomes
        .flatMap(o => o.counts[kind].lesions)
        .filter(({ pixels }) => {
          const diameter = 2 * Math.sqrt((pixels * PIXEL_AREA_MM2) / Math.PI);
          return diameter >= low && diameter < high;
        });
      return `${number(lesions.length ? lesions.filter(l => l.found).length / lesions.length : null)} of ${lesions.length}`;
    });
    return [high === Infinity ? `${low} mm and more` : `${low}-${high} mm`, ...cells];
  });
  return table(['Equivalent diameter in the slice', 'Recall blastic', 'Recall lytic'], rows);
}

/** The figures of every method that ran; a method that did not run is null. */
export function figuresByMethod(outcomes: Outcomes): Record<MethodName, Figures | null> {
  const of = (name: MethodName) => (outcomes[name].length > 0 ? figures(outcomes[name]) : null);
  return { method: of('method'), otsu: of('otsu'), ad: of('ad'), gradcam: of('gradcam') };
}
