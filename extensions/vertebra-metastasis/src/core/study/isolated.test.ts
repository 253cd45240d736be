import { candidate, square } from '../testing/study';
import { markIsolated } from './isolated';
import type { SearchedCandidates } from './structures';

const RULE = { leastSlices: 2, sliceMm: 0.8, attributionThreshold: 0.5, minPixels: 5 };
const slice = (offsetMm: number, ...candidates: SearchedCandidates['candidates']): SearchedCandidates => ({
  offsetMm,
  candidates,
});
const lesion = (score = 0.9, rows = 0, id = 0) => candidate(id, 'lytic', square(2, rows), score);
const marks = (searched: readonly SearchedCandidates[], healthy: readonly number[] = [], rule = RULE) =>
  markIsolated(searched, healthy, rule).map(slices => slices.map(({ leftOut }) => leftOut));

it('a region that one slice alone shows is isolated, whether its neighbours were searched or called healthy', () => {
  expect(marks([slice(-0.8), slice(0, lesion()), slice(0.8)])).toEqual([[], ['isolated'], []]);
  expect(marks([slice(0, lesion())], [-0.8, 0.8])).toEqual([['isolated']]);
});
it('one that a neighbouring slice continues is not, and what touches it belongs to it', () => {
  expect(marks([slice(0, lesion()), slice(0.8, lesion())], [-0.8, 1.6])).toEqual([[undefined], [undefined]]);
  expect(marks([slice(0, lesion()), slice(0.8, lesion(0.9, 5))], [-0.8, 1.6])).toEqual([[undefined], [undefined]]);
  expect(marks([slice(0, lesion()), slice(0.8, lesion(0.9, 6))], [-0.8, 1.6])).toEqual([['isolated'], ['isolated']]);
});
it('a region of the other kind, below the threshold, too small or excluded already continues nothing', () => {
  const others = [
    candidate(0, 'blastic', square(2), 0.9),
    lesion(0.4),
    candidate(0, 'lytic', square(0), 0.9),
    { ...lesion(), leftOut: 'contradicted' as const },
    { ...lesion(), skipped: true },
  ];
  for (const other of others) {
    const [[first]] = marks([slice(0, lesion()), slice(0.8, other)], [-0.8, 1.6]);
    expect(first).toBe('isolated');
  }
  // What does not count anyway keeps its own reason, or none.
  const [[weak, refused]] = marks([slice(0, lesion(0.4), { ...lesion(), leftOut: 'covered' })], [-0.8, 0.8]);
  expect([weak, refused]).toEqual([undefined, 'covered']);
});
it('nothing is said at the edge of what was looked at, of the central slice alone, or of every second slice', () => {
  expect(marks([slice(0, lesion())], [-0.8])).toEqual([[undefined]]);
  expect(marks([slice(0, lesion())])).toEqual([[undefined]]);
  expect(marks([slice(0, lesion())], [-1.6, 1.6])).toEqual([[undefined]]);
});
it('the number of slices is the rule’s, and branches of a structure count once a slice', () => {
  const three = { ...RULE, leastSlices: 3 };
  const two = [slice(0, lesion(0.9, -3, 0), lesion(0.9, 3, 1)), slice(0.8, candidate(0, 'lytic', square(6), 0.9))];
  expect(marks(two, [-0.8, 1.6], three)).toEqual([['isolated', 'isolated'], ['isolated']]);
  expect(marks(two, [-0.8, 1.6])).toEqual([[undefined, undefined], [undefined]]);
  expect(marks([...two, slice(1.6, lesion())], [-0.8, 2.4], three).flat()).toEqual(Array(4).fill(undefined));
});
it('slices that alone look healthy may continue a region, but do not count as showing one', () => {
  const rule = { ...RULE, leastSlicesProbability: 0.25 };
  const seen = (...own: number[]) => {
    const slices = own.map((malignancyProbability, n) => ({ ...slice(0.8 * n, lesion()), malignancyProbability }));
    return marks(slices, [-0.8, 0.8 * own.length], rule).flat();
  };
  expect(seen(0.2, 0.2, 0.2)).toEqual(Array(3).fill('isolated'));
  expect(seen(0.2, 0.3, 0.2)).toEqual(Array(3).fill('isolated'));
  expect(seen(0.2, 0.3, 0.9, 0.1)).toEqual(Array(4).fill(undefined));
  // At the edge of what was looked at, one slice that counts is enough.
  const atEdge = (malignancyProbability: number) =>
    marks([{ ...slice(0, lesion()), malignancyProbability }], [], rule).flat();
  expect([atEdge(0.2), atEdge(0.3)]).toEqual([['isolated'], [undefined]]);
});
it('arrays given in are not modified', () => {
  const given = lesion();
  markIsolated([slice(0, given)], [-0.8, 0.8], RULE);
  expect(given.leftOut).toBeUndefined();
});
