import type { Vec3 } from '../geometry';
import type { BodyFit } from './fit/shape';
import type { SegmentedBody } from './segment';
import { bodiesLabelmap, separated } from './separate';

const GRID = {
  dims: [12, 12, 40],
  indexToLps: Float64Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
} as const;

/** A box over all columns and rows, from one slice to another, around a drum at z. */
function body(z: number, height: number, from: number, to: number): SegmentedBody {
  const dims = [12, 12, to - from + 1] as const;
  const labels = new Uint8Array(12 * 12 * dims[2]).fill(1);
  const upright = { lean: 0, tilt: 0, turn: 0, wedge: 0 };
  const fit: BodyFit = { x: 5.5, y: 5.5, z, height, width: 40, depth: 40, ...upright };
  const mask = { min: [0, 0, from] as Vec3, dims, labels, voxels: labels.length };
  return { mask, fit, centroidLps: [5.5, 5.5, (from + to) / 2], millilitres: labels.length / 1000, confidence: 0.9 };
}
const voxels = (bodies: readonly SegmentedBody[]) => bodies.map(({ mask }) => mask.voxels / 144);

test('a voxel of two bodies stays with the one in which it lies deeper, so that none is claimed twice', () => {
  // Surfaces at 11 and 9: both reach into the other's half; the middle between the surfaces is 10.
  const given = [body(5, 12, 0, 11), body(20, 22, 9, 31)];
  const before = given.map(({ mask }) => mask.labels.slice());
  const apart = separated(GRID, given);
  expect(voxels(given)).toEqual([12, 23]);
  expect(voxels(apart).reduce((a, b) => a + b)).toBe(32);
  apart.forEach(({ mask, millilitres, centroidLps }, n) => {
    expect(mask.voxels).toBeLessThan(given[n].mask.voxels);
    expect(mask.labels.reduce((a, b) => a + b, 0)).toBe(mask.voxels);
    expect(millilitres).toBeCloseTo(mask.voxels / 1000, 6);
    expect(Math.abs(centroidLps[2] - given[n].centroidLps[2])).toBeGreaterThan(0.2);
    expect(given[n].mask.labels).toEqual(before[n]);
  });
  const { labels } = bodiesLabelmap(GRID, apart);
  expect([1, 2].map(label => labels.filter(value => value === label).length / 144)).toEqual(voxels(apart));
});

test('of equal claims the first counts, and of three each voxel has one owner', () => {
  const twice = separated(GRID, [body(10, 16, 2, 18), body(10, 16, 2, 18), body(10, 16, 2, 18)]);
  expect(voxels(twice)).toEqual([17, 0, 0]);
});

test('bodies apart are left as they are', () => {
  const given = [body(5, 10, 0, 9), body(20, 10, 12, 24)];
  separated(GRID, given).forEach((one, n) => expect(one).toBe(given[n]));
});
