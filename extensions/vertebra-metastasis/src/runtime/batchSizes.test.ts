import { bestBatchSize, expectedMs, BATCH_SIZES, msPerImage, batchSizeFor } from './batchSizes';

it('runs a batch in the next larger size', () => {
  expect([1, 2, 3, 5, 8, 9, 17, 32].map(batch => batchSizeFor(batch))).toEqual([1, 2, 4, 8, 8, 16, 32, 32]);
  expect(batchSizeFor(33)).toBeUndefined();
  expect(batchSizeFor(3, [32, 8])).toBe(8);
  expect(batchSizeFor(3, [])).toBeUndefined();
});

it('expects times on the line through what was measured', () => {
  // One H100: 8.3 ms a run of 8, 11.3 ms a run of 32; measured in between 9.2 ms at 16, below 7.6 ms at 1.
  const times = new Map([
    [32, 11.3],
    [8, 8.3],
  ]);
  expect(msPerImage(times)).toBeCloseTo(0.125);
  expect(expectedMs(times, 16)).toBeCloseTo(9.3);
  expect(expectedMs(times, 1)).toBeCloseTo(7.425);
  expect(expectedMs(times, 32)).toBe(11.3);
  const one = new Map([[8, 10]]);
  expect(expectedMs(one, 16)).toBe(10);
  expect(expectedMs(one, 16, 2)).toBe(26);
  expect(expectedMs(one, 1, 2)).toBe(0);
});

it('takes noise in times for no gain', () => {
  const noisy = new Map([
    [1, 34],
    [8, 26],
  ]);
  expect(msPerImage(noisy)).toBe(0);
});

it('prefers a larger batch only where its images take clearly less time', () => {
  const line = (overhead: number, perImage: number) => (batchSize: number) => overhead + perImage * batchSize;
  expect(bestBatchSize(line(8, 0.1), 32)).toBe(32);
  expect(bestBatchSize(line(8, 0.1), 16)).toBe(16);
  expect(bestBatchSize(line(8, 50), 32)).toBe(2);
  expect(bestBatchSize(line(1, 50), 32)).toBe(1);
  expect(BATCH_SIZES[0]).toBe(1);
});
