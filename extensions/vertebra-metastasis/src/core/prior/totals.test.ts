import type { Change, LesionChange } from './types';
import { comparisonTotals } from './totals';

const one = (
  change: Change,
  kind: LesionChange['kind'],
  prior: number,
  current: number,
  priorKind?: LesionChange['kind']
): LesionChange => ({
  change,
  level: 'T12',
  kind,
  priorKind,
  priorMillilitres: prior,
  currentMillilitres: current,
  differenceMillilitres: current - prior,
});

test('new and resolved count with the side they are on, what cannot be compared on neither', () => {
  const totals = comparisonTotals([
    one('increased', 'blastic', 1.5, 3.75),
    one('new', 'lytic', 0, 0.5),
    one('resolved', 'lytic', 0.25, 0),
    one('not-comparable', 'lytic', 0, 8),
  ]);
  expect(totals).toEqual([
    { kind: 'lytic', priorMillilitres: 0.25, currentMillilitres: 0.5, differenceMillilitres: 0.25, percent: 100 },
    { kind: 'blastic', priorMillilitres: 1.5, currentMillilitres: 3.75, differenceMillilitres: 2.25, percent: 150 },
  ]);
});

test('lytic turned blastic leaves the one kind and enters the other', () => {
  expect(comparisonTotals([one('stable', 'blastic', 2, 2, 'lytic')])).toEqual([
    { kind: 'lytic', priorMillilitres: 2, currentMillilitres: 0, differenceMillilitres: -2, percent: -100 },
    { kind: 'blastic', priorMillilitres: 0, currentMillilitres: 2, differenceMillilitres: 2 },
  ]);
  expect(comparisonTotals([])).toEqual([]);
});
