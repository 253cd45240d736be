import type { PatchFrame, Vec3 } from '../geometry';
import { square } from '../testing/study';
import { crossSection } from './crossSection';

const FRAME: PatchFrame = {
  origin: [10, -25, 21],
  rowDirection: [0, 1, 0],
  columnDirection: [0, 0, -1],
  normal: [1, 0, 0],
  spacing: { anteriorPosterior: 0.8, superiorInferior: 0.675, leftRight: 1.6 },
};
/** Rows and columns 30 to 34. */
const MASK = square(2);

function extent(loops: readonly Vec3[][]) {
  const points = loops.flat();
  return ([0, 1, 2] as const).map(axis => {
    const values = points.map(point => point[axis]);
    return [Math.min(...values), Math.max(...values)].map(value => Number(value.toFixed(3)));
  });
}
const [AP, SI] = [
  [-25 + 29.5 * 0.8, -25 + 34.5 * 0.8],
  [21 - 34.5 * 0.675, 21 - 29.5 * 0.675],
].map(range => range.map(value => Number(value.toFixed(3))));

test.each<[string, Vec3, Vec3, number[][]]>([
  ['sagittal: the pixels', [10.5, 0, 0], [1, 0, 0], [[10.5, 10.5], AP, SI]],
  ['axial: rows by slice distance', [0, 0, -0.6], [0, 0, -1], [[9.2, 10.8], AP, [-0.6, -0.6]]],
  ['coronal: columns by slice distance', [0, 0.6, 0], [0, 1, 0], [[9.2, 10.8], [0.6, 0.6], SI]],
])('%s', (_, point, normal, expected) => {
  const loops = crossSection(FRAME, MASK, { point, normal });
  expect(loops.map(({ length }) => length)).toEqual([4]);
  expect(extent(loops)).toEqual(expected);
});

test('a plane beside the region cuts nothing', () => {
  const planes: [Vec3, Vec3][] = [
    [
      [10.9, 0, 0],
      [1, 0, 0],
    ],
    [
      [0, 0, 5],
      [0, 0, 1],
    ],
    [
      [0, 40, 0],
      [0, 1, 0],
    ],
  ];
  for (const [point, normal] of planes) expect(crossSection(FRAME, MASK, { point, normal })).toEqual([]);
});

test('on a tilted plane all points lie on the plane, within the region', () => {
  const tilt = 0.3;
  const normal: Vec3 = [0, Math.sin(tilt), Math.cos(tilt)];
  const loops = crossSection(FRAME, MASK, { point: [10, 0.6, -0.6], normal });
  const points = loops.flat();
  expect(points.length).toBeGreaterThanOrEqual(4);
  for (const [, y, z] of points) expect(normal[1] * (y - 0.6) + normal[2] * (z + 0.6)).toBeCloseTo(0, 9);
  const [leftRight, anteriorPosterior] = extent(loops);
  expect(leftRight).toEqual([9.2, 10.8]);
  expect(anteriorPosterior[0]).toBeGreaterThanOrEqual(AP[0]);
  expect(anteriorPosterior[1]).toBeLessThanOrEqual(AP[1]);
});

test('the mask is not modified', () => {
  const before = MASK.slice();
  crossSection(FRAME, MASK, { point: [10, 0, 0], normal: [1, 0, 0] });
  expect(MASK).toEqual(before);
});
