import { applyAffine, determinant, invert, multiply, voxelMillilitres, voxelSpacingMm } from './affine';
import { GRIDS } from '../testing/grids';

const { indexToLps } = GRIDS['oblique L P S'];

test('the inverse undoes the map', () => {
  const [i, j, k] = applyAffine(invert(indexToLps), applyAffine(indexToLps, [3, 5, 7]));
  expect([i, j, k].map(n => Number(n.toFixed(9)))).toEqual([3, 5, 7]);
  const identity = [...multiply(invert(indexToLps), indexToLps)].map(n => Number(n.toFixed(9)) + 0);
  expect(identity).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
});

test('multiply applies its second argument first', () => {
  const shift = Float64Array.from([1, 0, 0, 10, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  const double = Float64Array.from([2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]);
  expect(applyAffine(multiply(double, shift), [1, 1, 1])).toEqual([22, 2, 2]);
});

test('spacing and voxel volume do not depend on orientation or handedness', () => {
  expect(voxelSpacingMm(indexToLps).map(mm => Number(mm.toFixed(9)))).toEqual([1.1, 1.1, 1.4]);
  expect(voxelMillilitres(indexToLps)).toBeCloseTo(0.001694, 12);
  expect(determinant(GRIDS['left-handed, L P I'].indexToLps)).toBeLessThan(0);
  expect(voxelMillilitres(GRIDS['left-handed, L P I'].indexToLps)).toBeCloseTo(0.002304, 12);
});

test('a singular affine has no inverse', () => {
  expect(() => invert(new Float64Array(16))).toThrow(RangeError);
});
