/** Lesions in three dimensions: who matches whom, and what is left over. */
import { PATCH_PIXELS, PATCH_SIZE } from '@spine/core';
import { matchRegions } from './matching';
import { compareVolumes } from './volumes';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

test('a region finds one lesion, the best overlap first', () => {
  const lesions = [range(0, 10), range(10, 20), range(40, 50)].map(one => new Set(one));
  // Overlaps the first with 5 of 15, the second with 10 of 15.
  const regions = [range(5, 20), range(100, 110)].map(one => new Set(one));
  expect([...matchRegions(lesions, regions)]).toEqual([[1, 0]]);
  expect(matchRegions(lesions, []).size).toBe(0);
});

test('volumes of one kind: found, missed, false, and millilitres; specks count for nothing but volume', () => {
  const row = (slice: number, y: number) => range(0, 40).map(x => slice * PATCH_PIXELS + y * PATCH_SIZE + x);
  const truth = [...row(0, 5), ...row(1, 5), ...row(0, 40)];
  const shown = [...row(0, 5), ...row(0, 20), 60 * PATCH_SIZE];
  const found = compareVolumes(truth, shown, 2);
  expect(found).toMatchObject({ found: 1, missed: 1, falseParts: 1 });
  expect(found.dice).toBeCloseTo((2 * 40) / (120 + 81), 6);
  expect(found.shownMl / found.trueMl).toBeCloseTo(81 / 120, 6);
});
