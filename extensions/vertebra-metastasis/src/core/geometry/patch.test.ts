import { CENTRE, ellipsoid, type Grid, gridAlong, GRIDS, labelsOf, volumeOf } from '../testing/grids';
import { InputError, PATCH_SIZE } from '../types';
import type { Vec3 } from './affine';
import { patchSite, type PatchSpec, sagittalPatch } from './patch';

const spec: PatchSpec = { size: 64, spacingMm: { anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 0.8 } };
const HALF_AXES: Vec3 = [20, 15, 13];
/** A linear field: trilinear interpolation reproduces it exactly, so each pixel's value tells its position. */
const field = ([x, y, z]: Vec3) => 2 * x + 5 * y - 3 * z;

function cut(grid: Grid, offsetMm: number) {
  const volume = volumeOf(grid, field);
  const bodies = labelsOf(grid, ellipsoid(CENTRE, HALF_AXES));
  const site = patchSite(bodies, 1, spec);
  return { site, slice: sagittalPatch(volume, bodies, site, offsetMm, spec) };
}

describe.each(Object.keys(GRIDS))('a CT stored as %s', name => {
  const { site, slice } = cut(GRIDS[name], 4);

  test('has its body found where it is', () => {
    site.centreLps.forEach((value, axis) => expect(value).toBeCloseTo(CENTRE[axis], 0));
    expect(site.offsetsMm).toContain(0);
    expect(Math.abs(site.offsetsMm[0] + 20)).toBeLessThan(2);
    expect(Math.abs(site.offsetsMm.at(-1)! - 20)).toBeLessThan(2);
  });

  test('gives rows from anterior to posterior, columns from superior to inferior', () => {
    const [x, y, z] = site.centreLps;
    let worst = 0;
    for (let row = 0; row < PATCH_SIZE; row++) {
      for (let column = 0; column < PATCH_SIZE; column++) {
        const expected = field([x + 4, y + (row - 31.5) * 0.8, z - (column - 31.5) * 0.675]);
        worst = Math.max(worst, Math.abs(slice.raw[row * PATCH_SIZE + column] - expected));
      }
    }
    expect(slice.paddedPixels).toBe(0);
    expect(worst).toBeLessThan(0.01);
  });

  test('gives the same cross-section of the body', () => {
    const ideal = Math.PI * HALF_AXES[1] * HALF_AXES[2] * (1 - (4 / HALF_AXES[0]) ** 2);
    expect(slice.bodyPixels * 0.8 * 0.675).toBeGreaterThan(0.97 * ideal);
    expect(slice.bodyPixels * 0.8 * 0.675).toBeLessThan(1.03 * ideal);
    expect(slice.bodyMask[31 * PATCH_SIZE + 31]).toBe(1);
    expect(slice.bodyMask[0]).toBe(0);
  });
});

test('inputs are not changed', () => {
  const volume = volumeOf(GRIDS['P I R'], field);
  const bodies = labelsOf(GRIDS['P I R'], ellipsoid(CENTRE, HALF_AXES));
  const before = [volume.hu.slice(), bodies.labels.slice(), volume.indexToLps.slice()];
  sagittalPatch(volume, bodies, patchSite(bodies, 1, spec), 0, spec);
  expect([volume.hu, bodies.labels, volume.indexToLps]).toEqual(before);
});

test('pixels outside the CT take the darkest value inside and are counted', () => {
  const low = gridAlong(
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    [1, 1, 1],
    [60, 60, 30],
    CENTRE
  );
  const volume = volumeOf(low, field);
  const bodies = labelsOf(low, ellipsoid(CENTRE, [10, 10, 10]));
  const slice = sagittalPatch(volume, bodies, patchSite(bodies, 1, spec), 0, spec);
  // 43 mm of patch against 30 mm of CT: 9 or 10 columns hang over on each side.
  expect(slice.paddedPixels).toBeGreaterThan(18 * PATCH_SIZE);
  expect(slice.paddedPixels).toBeLessThan(22 * PATCH_SIZE);
  const inside = slice.raw.filter((_, pixel) => pixel % PATCH_SIZE > 12 && pixel % PATCH_SIZE < 51);
  expect(slice.raw[0]).toBe(Math.min(...slice.raw));
  expect(slice.raw[0]).toBeGreaterThan(Math.min(...inside) - 40);
});

test.each<[string, Vec3, number, number]>([
  ['empty-mask', CENTRE, 7, 64],
  ['body-at-edge', [CENTRE[0], CENTRE[1], CENTRE[2] + 30], 1, 64],
  ['patch-spec', CENTRE, 1, 128],
])('%s is refused by name', (code, centre, label, size) => {
  const bodies = labelsOf(GRIDS['head first, L P S'], ellipsoid(centre, HALF_AXES));
  const run = () => patchSite(bodies, label, { ...spec, size });
  expect(run).toThrow(InputError);
  expect(run).toThrow(expect.objectContaining({ code }));
});
