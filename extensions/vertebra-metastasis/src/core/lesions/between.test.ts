import type { Vec3 } from '../geometry';
import { eachVoxel, gridAlong } from '../testing/grids';
import { voxelsBetween } from './between';

const AXES: [Vec3, Vec3, Vec3] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const grid = gridAlong(AXES, [0.8, 0.8, 2], [40, 36, 16], [0, 0, 0]);
const voxels = (inside: (at: Vec3) => boolean) => {
  const found: number[] = [];
  eachVoxel(grid, (offset, position) => inside(position) && found.push(offset));
  return found;
};
const cone = ([x, y, z]: Vec3) => Math.hypot(x, y / 0.7) <= 6 + 0.4 * z && Math.abs(z) < 9;
const slice =
  (axis: 0 | 1 | 2, ...at: number[]) =>
  (position: Vec3) =>
    at.some(mm => Math.abs(position[axis] - mm) < [0.39, 0.39, 0.99][axis]);

test('a cone drawn in its first and last slice is whole again: axial slices', () => {
  const whole = voxels(cone);
  const drawn = voxels(at => cone(at) && slice(2, -7, 7)(at));
  const added = voxelsBetween(drawn, grid);
  const missing = whole.filter(at => !drawn.includes(at) && Math.abs(Math.floor(at / (40 * 36)) - 7.5) < 3.6);
  const found = new Set(added);
  const common = missing.filter(at => found.has(at)).length;
  expect((2 * common) / (missing.length + added.length)).toBeGreaterThan(0.94);
  expect(added.some(at => drawn.includes(at))).toBe(false);
  expect([...added].sort((a, b) => a - b)).toEqual(added);
});

test('the same disc in sagittal slices of unequal voxels stays the same disc', () => {
  const disc = ([, y, z]: Vec3) => Math.hypot(y, z) <= 7;
  const drawn = voxels(at => disc(at) && slice(0, -4.4, 4.4)(at));
  const added = voxelsBetween(drawn, grid);
  expect(added).toEqual(voxels(at => disc(at) && Math.abs(at[0]) < 4));
});

test('what moved aside moves on between, and does not vanish', () => {
  const disc = (x: number) => (at: Vec3) => Math.hypot(at[0] - x, at[1]) <= 3;
  const drawn = voxels(at => (disc(-7)(at) && slice(2, -5)(at)) || (disc(7)(at) && slice(2, 5)(at)));
  const added = voxelsBetween(drawn, grid);
  const middle = added.filter(at => [7, 8].includes(Math.floor(at / (40 * 36))));
  const x = middle.map(at => (at % 40) * 0.8 - 15.6);
  expect(Math.abs(x.reduce((sum, mm) => sum + mm, 0) / x.length)).toBeLessThan(1);
  expect(middle.length / 2 / drawn.length).toBeGreaterThan(0.4);
});

test('only where it is allowed; nothing without a gap, and nothing is modified', () => {
  const drawn = voxels(at => cone(at) && slice(2, -7, 7)(at));
  const before = [...drawn];
  const left = voxelsBetween(drawn, grid, at => at % 40 < 20);
  expect(left.length).toBeGreaterThan(50);
  expect(left.every(at => at % 40 < 20)).toBe(true);
  expect(drawn).toEqual(before);
  expect(voxelsBetween(voxels(cone), grid)).toEqual([]);
  expect(
    voxelsBetween(
      voxels(at => cone(at) && slice(2, 1)(at)),
      grid
    )
  ).toEqual([]);
});

test('two large slices of a thick series are filled as well', () => {
  const large = gridAlong(AXES, [0.5, 0.5, 5], [400, 400, 3], [0, 0, 0]);
  const slices = [0, 2].flatMap(k => Array.from({ length: 300 * 300 }, (_, n) => [n % 300, Math.floor(n / 300), k]));
  const drawn = slices.map(([x, y, k]) => x + 50 + 400 * (y + 50 + 400 * k));
  expect(voxelsBetween(drawn, large)).toHaveLength(300 * 300);
});
