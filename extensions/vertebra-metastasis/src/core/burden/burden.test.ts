import type { LesionKind } from '../types';
import { describeError } from '../errors';
import { lesionBurden } from './burden';
import { burdenRows, burdenText } from './table';
import type { Coverage } from './coverage';
import { notAssessedSentence } from './notAssessed';

/** 4 x 2 x 5 voxels of 1 x 1 x 2 mm: 0.002 ml each. Vertebrae 1 (T11) in slice 0 and 1, 2 (T12) in slices 3 and 4. */
const grid = {
  dims: [4, 2, 5] as [number, number, number],
  indexToLps: Float64Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]),
};
const volume = { ...grid, hu: Int16Array.from({ length: 40 }, (_, n) => 10 * n) };
const row = (text: string) => [...text.replaceAll(' ', '')].map(Number);
const bodies = { ...grid, labels: Uint8Array.from(row('11110000 11110000 00000000 22220000 22220000')) };
/** Segment 1 T11 lytic, 2 T12 lytic, 3 T12 blastic; one voxel of 3 lies outside the body. */
const lesions = { ...grid, labels: Uint8Array.from(row('11000000 10000000 00000000 22330000 00033000')) };
const segment = (index: number, level: string, kind: LesionKind) => ({ index, level, kind });
const segments = [segment(1, 'T11', 'lytic'), segment(2, 'T12', 'lytic'), segment(3, 'T12', 'blastic')];
const coverage = (label: number, level: string, notAnalysed = 0, skippedSlices = 0): Coverage => ({
  label,
  level,
  skippedSlices,
  searchedSlices: 4,
  screenedSlices: 1,
  analysedMillilitres: 0.016 - notAnalysed,
  notAnalysedMillilitres: notAnalysed,
});
const AT_EDGE = { code: 'body-at-edge', params: { label: 7 } } as const;
const vertebrae = [
  { label: 1, level: 'T11', coverage: coverage(1, 'T11') },
  { label: 2, level: 'T12', coverage: coverage(2, 'T12', 0.004, 2) },
  { label: 3, level: 'L1', reason: AT_EDGE },
];
const burden = lesionBurden({ volume, lesions, segments, bodies, vertebrae });

test('volumes, shares of the analysed body and HU by level and kind', () => {
  const [t11, t12] = burden.levels;
  expect(burden.levels.map(({ level }) => level)).toEqual(['T11', 'T12']);
  expect(t11.lytic).toMatchObject({ voxels: 3, millilitres: 0.006, cubicMillimetres: 6 });
  expect(t11.lytic!.hu).toEqual({ mean: 30, standardDeviation: 35.59, minimum: 0, maximum: 80, median: 10 });
  expect(t11.lytic!.huPercentiles).toEqual({ p10: 2, p90: 66 });
  expect(t11.blastic).toBeUndefined();
  expect(t11.percent).toBeCloseTo((100 * 6) / 16, 9);
  expect([t12.lytic?.millilitres, t12.blastic?.millilitres]).toEqual([0.004, 0.008]);
  expect(t12.analysedMillilitres).toBeCloseTo(0.012, 9);
  // Of the six voxels one lies outside the body.
  expect(t12.percent).toBeCloseTo((100 * 10) / 12, 9);
  expect(burden.outsideMillilitres).toBeCloseTo(0.002, 9);
});

test('the total is over all levels, not a mean of means', () => {
  expect(burden.total.lytic).toMatchObject({ voxels: 5, millilitres: 0.01 });
  expect(burden.total.lytic!.hu.mean).toBe((0 + 10 + 80 + 240 + 250) / 5);
  expect(burden.total.percent).toBeCloseTo((100 * 16) / 28, 9);
  expect([burden.affectedLevels, burden.analysedLevels]).toEqual([2, 2]);
});

test('names what was not assessed', () => {
  expect(burden.notAssessed).toEqual([
    { part: 'screened-slices', level: 'T11', count: 1, of: 5 },
    { part: 'screened-slices', level: 'T12', count: 1, of: 5 },
    { part: 'slices', level: 'T12', count: 2 },
    { part: 'body-part', level: 'T12', millilitres: 0.004 },
    { part: 'vertebra', level: 'L1', reason: AT_EDGE },
    { part: 'posterior-elements' },
  ]);
});

test('vertebrae of which no slice was searched are named together, from head to pelvis, in one sentence for panel and files', () => {
  const screened = (label: number, level: string): Coverage => ({
    ...coverage(label, level),
    searchedSlices: 0,
    screenedSlices: 7,
  });
  const found = lesionBurden({
    volume,
    lesions,
    segments,
    bodies,
    vertebrae: [
      { label: 4, level: 'L2', coverage: screened(4, 'L2') },
      { label: 1, level: 'T11', coverage: { ...coverage(1, 'T11'), screenedSlices: 2 } },
      { label: 2, level: 'T10', coverage: screened(2, 'T10') },
      { label: 3, level: 'L1', reason: AT_EDGE },
    ],
  });
  expect(found.screenedLevels).toEqual(['T10', 'L2']);
  expect(notAssessedSentence(found.notAssessed)).toBe(
    `Not assessed: T10, L2: screened as not suspicious, not searched for lesions; T11: 2 of 6 sagittal slices screened as not suspicious, not searched for lesions; L1: not analysed: ${describeError(AT_EDGE).replace(/\.$/, '')}; Posterior elements of every vertebra, and everything outside the vertebrae.`
  );
});

test('drawn where nothing was analysed: in the volume, outside the share, which never passes 100 %', () => {
  const drawn = { ...grid, labels: Uint8Array.from(row('11110000 11110000 00000000 00000000 00000000')) };
  const of = (more: object) =>
    lesionBurden({
      volume,
      lesions: drawn,
      segments: [segment(1, 'T11', 'lytic')],
      bodies,
      vertebrae: [{ label: 1, level: 'T11', coverage: coverage(1, 'T11', 0.012), ...more }],
    });
  const rest = new Set([2, 3, 8, 9, 10, 11]);
  const told = of({ notAnalysed: rest });
  expect(told.levels[0].percent).toBeCloseTo(100, 6);
  expect(told.outsideMillilitres).toBeCloseTo(0.012, 9);
  expect(told.levels[0].lytic!.millilitres).toBeCloseTo(0.016, 9);
  // A record that does not say where it looked.
  expect([of({}).levels[0].percent, of({}).levels[0].analysedMillilitres]).toEqual([
    undefined,
    expect.closeTo(0.004, 9),
  ]);
});

test('a stored result that does not say what was analysed gives volumes and no percentages', () => {
  const unknown = vertebrae.map(({ label, level }) => ({ label, level }));
  const { levels, total, analysedLevels, notAssessed } = lesionBurden({
    volume,
    lesions,
    segments,
    bodies,
    vertebrae: unknown,
  });
  expect(levels.map(({ percent }) => percent)).toEqual([undefined, undefined]);
  expect([total.lytic?.millilitres, total.percent, analysedLevels]).toEqual([0.01, undefined, undefined]);
  expect(notAssessed).toEqual([{ part: 'unknown-coverage' }, { part: 'posterior-elements' }]);
});

test('an analysed vertebra without a lesion has its row, and no lesion is no error', () => {
  const nothing = { ...lesions, labels: new Uint8Array(40) };
  const { levels, affectedLevels } = lesionBurden({ volume, lesions: nothing, segments: [], bodies, vertebrae });
  expect(levels.map(({ level, percent }) => [level, percent])).toEqual([
    ['T11', 0],
    ['T12', 0],
  ]);
  expect(affectedLevels).toBe(0);
});

test('uneven slices count with their own thickness', () => {
  const positionsMm = [0, 2, 4, 6, 12];
  const { levels } = lesionBurden({ volume, lesions, segments, bodies, vertebrae, positionsMm });
  expect(levels[1].lytic?.cubicMillimetres).toBe(2 * 4);
});

test('as rows and as text: the same numbers, the total last', () => {
  const rows = burdenRows(burden);
  expect(rows[0]).toContain('lytic_hu_p90');
  expect(rows.map(([level]) => level)).toEqual(['level', 'T11', 'T12', 'total']);
  expect(rows[1].slice(0, 8)).toEqual(['T11', 0.006, 30, 35.59, 2, 10, 66, 0]);
  expect(burdenText(burden, 'notes').split('\n')[1].split('\t')[1]).toBe('0.006');
});

test('a whole CT is never walked by an iterator, which would make a list of all its voxels first', () => {
  const labels = lesions.labels.slice();
  const iterator = () => {
    throw new Error('iterated');
  };
  Object.defineProperty(labels, Symbol.iterator, { value: iterator });
  const again = lesionBurden({ volume, lesions: { ...lesions, labels }, segments, bodies, vertebrae });
  expect(again).toEqual(burden);
});

test('segments of one vertebra and kind are measured as one region', () => {
  const split = { ...lesions, labels: lesions.labels.slice() };
  split.labels[8] = 4;
  const more = [...segments, segment(4, 'T11', 'lytic')];
  expect(lesionBurden({ volume, lesions: split, segments: more, bodies, vertebrae }).levels[0].lytic).toEqual(
    burden.levels[0].lytic
  );
});
