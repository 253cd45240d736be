import { applyAffine, type Lesion3dKind } from '../../core';
import { eachVoxel, gridAlong } from '../../core/testing/grids';
import { kindBlocks } from './kindBlocks';
import { INSIDE, kindPreset, SPINE_PRESET } from './volumeRendering';

/** Sagittal slices of unequal voxels. */
const grid = gridAlong(
  [
    [0, 1, 0],
    [0, 0, -1],
    [1, 0, 0],
  ],
  [0.8, 0.9, 2],
  [40, 40, 20],
  [5, -7, 300]
);
const labels = new Uint8Array(40 * 40 * 20);
const kinds: ReadonlyMap<number, Lesion3dKind> = new Map([
  [1, 'lytic'],
  [2, 'blastic'],
  [3, 'lytic'],
]);
eachVoxel(grid, (at, [x, y, z]) => {
  if (Math.hypot(x - 5, y + 7, z - 300) < 6) labels[at] = 1;
  else if (Math.hypot(x - 5, y - 5, z - 300) < 3) labels[at] = 2;
  else if (Math.hypot(x + 3, y + 18, z - 310) < 2.5) labels[at] = 3;
});

test('one block for each kind, at its place, with an empty layer around it', () => {
  const blocks = kindBlocks({ ...grid, labels }, kinds, INSIDE);
  expect(blocks.map(({ kind }) => kind)).toEqual(['lytic', 'blastic']);
  for (const { kind, dims, originLps, spacingMm, directions, values } of blocks) {
    const wanted = new Set<string>();
    eachVoxel(grid, (at, place) => kinds.get(labels[at]) === kind && wanted.add(place.map(mm => mm.toFixed(3)).join()));
    const found = new Set<string>();
    values.forEach((value, at) => {
      const index = [at % dims[0], Math.floor(at / dims[0]) % dims[1], Math.floor(at / (dims[0] * dims[1]))];
      const place = originLps.map((mm, n) =>
        index.reduce((sum, step, axis) => sum + step * spacingMm[axis] * directions[3 * axis + n], mm)
      );
      if (value > 0) found.add(place.map(mm => mm.toFixed(3)).join());
      const rim = index.some((step, axis) => step === 0 || step === dims[axis] - 1);
      if (rim) expect(value).toBe(0);
    });
    expect(found).toEqual(wanted);
  }
  expect(kindBlocks({ ...grid, labels: new Uint8Array(labels.length) }, kinds, INSIDE)).toEqual([]);
  expect(applyAffine(grid.indexToLps, [0, 0, 0])).toHaveLength(3);
});

/** Opacity at a value; as cornerstone moves it. */
function opacity({ scalarOpacity, colorTransfer }: typeof SPINE_PRESET, wanted: number): number {
  const [, ...numbers] = scalarOpacity.split(' ').map(Number);
  const colours = colorTransfer.split(' ').map(Number).slice(1);
  const values = colours.filter((_, n) => n % 4 === 0);
  expect(Math.min(...values) + Math.max(...values)).toBe(0);
  const points = numbers.flatMap((value, n) => (n % 2 === 0 ? [[value, numbers[n + 1]]] : []));
  const n = points.findIndex(([value]) => value >= wanted);
  const [[a, from], [b, to]] = [points[n - 1], points[n]];
  return from + ((wanted - a) / (b - a)) * (to - from);
}

test('soft tissue is clear, bone is seen through, lesions are seen in one colour without a fringe of another', () => {
  expect([-1000, -100, 0, 60, 120].map(hu => opacity(SPINE_PRESET, hu))).toEqual([0, 0, 0, 0, 0]);
  expect(opacity(SPINE_PRESET, 300)).toBeGreaterThan(0.02);
  for (const hu of [300, 800, 1500, 2500]) expect(opacity(SPINE_PRESET, hu)).toBeLessThanOrEqual(0.3);
  for (const kind of ['lytic', 'blastic', 'mixed'] as const) {
    expect([opacity(kindPreset(kind), 0), opacity(kindPreset(kind), INSIDE)]).toEqual([0, 0.8]);
  }
  expect(kindPreset('lytic').colorTransfer).not.toBe(kindPreset('blastic').colorTransfer);
});
