import { planeLine } from './planeLine';

const sagittal = { viewPlaneNormal: [1, 0, 0] as const, focalPoint: [7, 0, 0] as const };
const [c, s] = [Math.cos(0.3), Math.sin(0.3)];

test('the line lies in both planes, also where they are oblique', () => {
  for (const other of [
    { viewPlaneNormal: [0, 0, 1] as const, focalPoint: [0, 5, -30] as const },
    { viewPlaneNormal: [s, 0, c] as const, focalPoint: [20, 5, 40] as const },
    { viewPlaneNormal: [0, -c, s] as const, focalPoint: [-4, 90, 3] as const },
  ]) {
    const ends = planeLine(sagittal, other)!;
    for (const { viewPlaneNormal: n, focalPoint: p } of [sagittal, other]) {
      for (const end of ends) {
        expect(end.reduce<number>((sum, mm, axis) => sum + n[axis] * (mm - p[axis]), 0)).toBeCloseTo(0, 6);
      }
    }
    expect(Math.hypot(...ends[0].map((mm, axis) => mm - ends[1][axis]))).toBeCloseTo(4000, 3);
  }
});

test('parallel planes have none', () => {
  expect(planeLine(sagittal, { viewPlaneNormal: [-1, 0, 0], focalPoint: [0, 0, 0] })).toBeUndefined();
});
