import type { Vec3 } from '../../core';
import { closeUpOf } from './navigation';

/** A view along `normal`, its picture's axes `right` and `down` (LPS), of so many pixels. */
function view(right: Vec3, down: Vec3, normal: Vec3, focal: Vec3, [width, height]: [number, number], scale: number) {
  const perPixel = (2 * scale) / height;
  const along = (axis: Vec3, point: Vec3) =>
    axis.reduce((sum, value, n) => sum + value * (point[n] - focal[n]), 0) / perPixel;
  return {
    getCamera: () => ({ viewPlaneNormal: normal, focalPoint: focal }),
    worldToCanvas: (point: [number, number, number]): [number, number] => [
      width / 2 + along(right, point),
      height / 2 + along(down, point),
    ],
    canvas: { clientWidth: width, clientHeight: height } as HTMLCanvasElement,
  };
}
/** 44 mm wide, 32 deep and 26 high. */
const CORNERS = [-22, 22].flatMap(x => [-16, 16].flatMap(y => [187, 213].map((z): Vec3 => [x, y, z])));
const LESION: Vec3 = [9, -4, 205];

test.each([
  ['sagittal', view([0, 1, 0], [0, 0, -1], [1, 0, 0], [9, 30, 0], [500, 800], 250), 0, Math.max(26 / 800, 32 / 500)],
  ['axial', view([1, 0, 0], [0, 1, 0], [0, 0, 1], [80, 30, 205], [500, 800], 250), 2, Math.max(32 / 800, 44 / 500)],
] as const)(
  '%s: the lesion is in the middle, the slice stays, the body fills two thirds',
  (_, viewport, depth, share) => {
    const { focalPoint } = viewport.getCamera();
    const position = focalPoint.map((mm, axis) => mm + (axis === depth ? 500 : 0)) as unknown as Vec3;
    const close = closeUpOf(viewport, { focalPoint, position, parallelScale: 250 }, LESION, CORNERS);
    const planar = close.focalPoint.filter((_one, axis) => axis !== depth);
    expect(planar).toEqual(LESION.filter((_one, axis) => axis !== depth));
    expect(close.focalPoint[depth]).toBe(focalPoint[depth]);
    expect(close.position.map((mm, axis) => mm - close.focalPoint[axis])).toEqual(
      position.map((mm, axis) => mm - focalPoint[axis])
    );
    // Millimetres seen are 2 x scale; the side that is tightest shows one and a half bodies.
    expect(close.parallelScale).toBeCloseTo((1.5 * share * 800) / 2, 6);
  }
);

test('a body of a child fills the view as well; no extent leaves the zoom', () => {
  const sagittal = view([0, 1, 0], [0, 0, -1], [1, 0, 0], [0, 0, 200], [400, 400], 800);
  const camera = { focalPoint: [0, 0, 200] as Vec3, position: [500, 0, 200] as Vec3, parallelScale: 800 };
  const small = CORNERS.map(([x, y, z]): Vec3 => [x / 3, y / 3, 200 + (z - 200) / 3]);
  expect(2 * closeUpOf(sagittal, camera, [0, 0, 200], small).parallelScale).toBeCloseTo((1.5 * 32) / 3, 6);
  expect(closeUpOf(sagittal, camera, [0, 0, 200], []).parallelScale).toBe(800);
});
