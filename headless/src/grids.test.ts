import { applyAffine, determinant, InputError, type Labelmap, type Vec3, type Volume } from '@spine/core';
import { axialVolume, labelsOnGrid } from './grids';

/** A small volume stored as P, I, R whose values tell each voxel's LPS position. */
function stored(indexToLps: Float64Array, dims: [number, number, number]): Volume {
  const hu = Float32Array.from({ length: dims[0] * dims[1] * dims[2] }, (_, at) =>
    value(applyAffine(indexToLps, index(at, dims)))
  );
  return { hu, dims, indexToLps };
}
const index = (at: number, [a, b]: readonly number[]): Vec3 => [at % a, Math.floor(at / a) % b, Math.floor(at / a / b)];
const value = ([x, y, z]: Vec3) => x + 20 * y + 500 * z;
const PIR = Float64Array.from([0, 0, -1.5, 30, 2, 0, 0, -8, 0, -3, 0, 40, 0, 0, 0, 1]);

test('axial order moves voxels, not positions', () => {
  const source = stored(PIR, [5, 4, 3]);
  const before = source.hu.slice();
  const axial = axialVolume(source);
  expect(source.hu).toEqual(before);
  expect(axial.dims).toEqual([3, 5, 4]);
  expect([0, 5, 10].map(at => axial.indexToLps[at])).toEqual([1.5, 2, 3]);
  expect(determinant(axial.indexToLps)).toBeGreaterThan(0);
  axial.hu.forEach((hu, at) => expect(hu).toBeCloseTo(value(applyAffine(axial.indexToLps, index(at, axial.dims))), 3));
});

test('labels come back to their own grid', () => {
  const source = stored(PIR, [5, 4, 3]);
  const axial = axialVolume(source);
  const labels = Uint8Array.from({ length: 60 }, (_, n) => n % 7);
  const original: Labelmap = { labels, dims: source.dims, indexToLps: source.indexToLps };
  const there = labelsOnGrid(original, axial);
  expect([...there.labels]).not.toEqual([...labels]);
  expect([...labelsOnGrid(there, source).labels]).toEqual([...labels]);
});

test('labels of a part of the CT keep their place', () => {
  const grid = {
    dims: [5, 1, 1] as const,
    indexToLps: Float64Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
  };
  const part = { labels: Uint8Array.from([8, 9]), dims: [2, 1, 1] as const, indexToLps: grid.indexToLps.slice() };
  part.indexToLps[3] = 3;
  expect([...labelsOnGrid(part, grid).labels]).toEqual([0, 0, 0, 8, 9]);
});

test('labels of another grid are refused', () => {
  const source = stored(PIR, [5, 4, 3]);
  const labels = { labels: new Uint8Array(60), dims: source.dims, indexToLps: source.indexToLps.slice() };
  labels.indexToLps[3] += 0.4;
  expect(() => labelsOnGrid(labels, source)).toThrow(InputError);
});
