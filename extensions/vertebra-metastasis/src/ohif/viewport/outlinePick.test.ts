import { pickOutline } from './outlinePick';

const square = (key: string, left: number, top: number, side: number) => ({
  key,
  loops: [
    [
      [left, top],
      [left + side, top],
      [left + side, top + side],
      [left, top + side],
    ] as const,
  ],
});
const large = square('large', 0, 0, 100);
const small = square('small', 30, 30, 30);

test('a click on a line means that line, also from a little outside', () => {
  expect(pickOutline([large, small], [31, 45])).toBe('small');
  expect(pickOutline([small, large], [-5, 50])).toBe('large');
  // Nearer to the line of the small one than to that of the large one, though both are within reach.
  expect(pickOutline([large, square('edge', 4, 4, 30)], [4, 20])).toBe('edge');
});

test('a click inside means the smallest region around it, beside everything none', () => {
  expect(pickOutline([large, small], [45, 45])).toBe('small');
  expect(pickOutline([small, large], [80, 80])).toBe('large');
  expect(pickOutline([large, small], [150, 50])).toBeUndefined();
  expect(pickOutline([], [1, 1])).toBeUndefined();
});

test('a hole is outside of its region', () => {
  const ring = { key: 'ring', loops: [...large.loops, ...square('', 20, 20, 60).loops] };
  expect(pickOutline([ring], [50, 50])).toBeUndefined();
  expect(pickOutline([ring], [10, 50])).toBe('ring');
});
