import type { Vec3 } from '../../core';
import { labelPlace } from './levelLayer';

/** A sagittal view of 400 x 600 pixels, 1 mm each, its middle at y = 0, z = 0: anterior is left, the head on top. */
const at = (x: number) => ({
  getCamera: () => ({ viewPlaneNormal: [1, 0, 0] as const, focalPoint: [x, 0, 0] as const }),
  worldToCanvas: ([, y, z]: [number, number, number]) => [200 + y, 300 - z] as [number, number],
  canvas: { clientWidth: 400, clientHeight: 600 } as HTMLCanvasElement,
});
const box = (low: Vec3, high: Vec3): Vec3[] =>
  [low[0], high[0]].flatMap(x => [low[1], high[1]].flatMap(y => [low[2], high[2]].map((z): Vec3 => [x, y, z])));
const body = box([-20, -15, 40], [20, 15, 66]);

test('left of the body at its middle height, in every slice through it and in no other', () => {
  for (const x of [-13, 0, 13]) expect(labelPlace(at(x), body)).toEqual({ x: 181, y: 247 });
  for (const x of [-15, 15]) expect(labelPlace(at(x), body)).toBeUndefined();
});

test('inside the view: of a body that is larger than it the middle of what is seen; none out of sight', () => {
  expect(labelPlace(at(0), box([-20, -500, 200], [20, 500, 500]))).toEqual({ x: 62, y: 50 });
  expect(labelPlace(at(0), box([-20, -15, 310], [20, 15, 340]))).toBeUndefined();
});
