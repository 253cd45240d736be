import { type Levels, movedWorksheets } from './worksheetLevels';

const levels = (source: string, ...names: string[]): Levels => ({
  source,
  byLabel: new Map(names.map((level, n) => [n + 1, level])),
});
const sheets = {
  T12: { answers: { location: 'junctional', pain: 'none' } as const, sectors: [1] as const },
  L1: { answers: { pain: 'mechanical' } as const },
};

test('all levels shifted by one: every sheet stays with its vertebra, its location open again', () => {
  expect(movedWorksheets(sheets, levels('seg', 'T11', 'T12', 'L1'), levels('seg', 'T12', 'L1', 'L2'))).toEqual({
    L1: { answers: { pain: 'none' }, sectors: [1] },
    L2: { answers: { pain: 'mechanical' } },
  });
});

test('nothing moves when no name with a sheet changed, or when other masks are opened', () => {
  expect(movedWorksheets(sheets, levels('seg', 'T10', 'T12'), levels('seg', 'T11', 'T12'))).toBe(sheets);
  expect(movedWorksheets(sheets, levels('seg', 'T12'), levels('other', 'L4'))).toBe(sheets);
});
