import { huStatistics, labelMillilitres, measureLabels, sliceThicknessesMm } from './measure';

/** 2 x 2 x 4 voxels of 0.5 x 2 x 3 mm. */
const grid = {
  dims: [2, 2, 4] as [number, number, number],
  indexToLps: Float64Array.from([0.5, 0, 0, 10, 0, 2, 0, 20, 0, 0, 3, 30, 0, 0, 0, 1]),
};
const labels = Uint8Array.from([1, 1, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0]);
const labelmap = { ...grid, labels };
const volume = { ...grid, hu: Int16Array.from({ length: 16 }, (_, n) => 10 * n) };

test('volume, statistics, centroid and extent of each label', () => {
  const measured = measureLabels(volume, labelmap);
  expect([...measured.keys()]).toEqual([1, 2]);
  expect(measured.get(1)).toMatchObject({ voxels: 3, cubicMillimetres: 9, millilitres: 0.009, slices: [0, 1] });
  expect(measured.get(1)!.hu).toMatchObject({ minimum: 0, maximum: 40, median: 10 });
  expect(measured.get(1)!.hu.mean).toBeCloseTo(50 / 3, 9);
  expect(measured.get(2)!.centroidLps).toEqual([10.25, 22, 34.5]);
  expect(labelMillilitres(labelmap).get(1)).toBeCloseTo(0.009, 12);
});

test('uneven slices count with their own thickness, never with a mean spacing', () => {
  const positions = [0, 3, 9, 10];
  expect([...sliceThicknessesMm(positions)]).toEqual([3, 4.5, 3.5, 1]);
  const measured = measureLabels(volume, labelmap, positions);
  expect(measured.get(1)!.cubicMillimetres).toBe(3 + 3 + 4.5);
  expect(measured.get(2)!.cubicMillimetres).toBe(3 + 1);
  expect(labelMillilitres(labelmap, positions).get(2)).toBeCloseTo(0.004, 12);
});

test('the order of slices does not matter', () => {
  expect([...sliceThicknessesMm([10, 9, 3, 0])]).toEqual([1, 3.5, 4.5, 3]);
});

test('statistics of one voxel, of even and odd counts, unsorted', () => {
  expect(huStatistics([7])).toEqual({ mean: 7, standardDeviation: 0, minimum: 7, maximum: 7, median: 7 });
  expect(huStatistics([9, -100, 1, 2])).toMatchObject({ minimum: -100, maximum: 9, median: 1.5 });
  expect(huStatistics([2, 4, 4, 4, 5, 5, 7, 9]).standardDeviation).toBe(2);
});

test('nothing is changed, and other grids are refused', () => {
  const before = labels.slice();
  measureLabels(volume, labelmap);
  expect(labels).toEqual(before);
  const other = { ...labelmap, indexToLps: Float64Array.from(grid.indexToLps, (value, n) => (n === 3 ? 11 : value)) };
  expect(() => measureLabels(volume, other)).toThrow('voxel grid');
  expect(() => measureLabels(volume, labelmap, [0, 1])).toThrow('2 slice positions were given for 4 slices');
});
