import { InputError, type Volume } from '../types';
import { GRIDS, labelsOf, volumeOf } from '../testing/grids';
import { checkSameGrid, checkVolume } from './volume';

const good = volumeOf(GRIDS['P I R'], () => 0);
const code = (run: () => void) => {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
  return 'accepted';
};
const changed = (at: number, value: number): Volume => {
  const indexToLps = good.indexToLps.slice();
  indexToLps[at] = value;
  return { ...good, indexToLps };
};

test.each(Object.keys(GRIDS))('%s is accepted', name => {
  expect(code(() => checkVolume(volumeOf(GRIDS[name], () => 0)))).toBe('accepted');
});

test.each<[string, Volume]>([
  ['bad-dimensions', { ...good, dims: [58, 50, 67] }],
  ['too-few-slices', { ...good, hu: new Float32Array(58 * 50 * 2), dims: [58, 50, 2] }],
  ['bad-affine', changed(3, NaN)],
  ['bad-affine', { ...good, indexToLps: new Float64Array(16) }],
  ['gantry-tilt', changed(0, 0.05)],
])('%s is refused by name', (expected, volume) => {
  expect(code(() => checkVolume(volume))).toBe(expected);
});

test('masks of another grid are refused, rounding of the header is not', () => {
  const masks = labelsOf(GRIDS['P I R'], () => 1);
  const moved = (mm: number) => ({ ...masks, indexToLps: masks.indexToLps.map((v, at) => (at === 3 ? v + mm : v)) });
  expect(code(() => checkSameGrid(good, moved(0.01)))).toBe('accepted');
  expect(code(() => checkSameGrid(good, moved(0.5)))).toBe('grid-mismatch');
  expect(
    code(() =>
      checkSameGrid(
        good,
        labelsOf(GRIDS['head first, L P S'], () => 1)
      )
    )
  ).toBe('grid-mismatch');
});
