import type { Vec3 } from '../geometry';
import { gridAlong, volumeOf } from '../testing/grids';
import { proposeLevel } from './anchor';
import type { SegmentedBody } from './segment';

const GRID = gridAlong(
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [1.5, 1.5, 2],
  [70, 50, 110],
  [0, 0, 0]
);
const STEP_MM = 32;
const centres = Array.from({ length: 6 }, (_, n): Vec3 => [0, 0, (2.5 - n) * STEP_MM]);

/** Rows from head to pelvis; the bodies themselves play no part. */
function body([x, y, z]: Vec3, height: number): SegmentedBody {
  const fit = { x, y, z, lean: 0, tilt: 0, turn: 0, wedge: 0, width: 36, depth: 28, height };
  const mask = { min: [0, 0, 0] as const, dims: [0, 0, 0] as const, labels: new Uint8Array(), voxels: 0 };
  return { fit, centroidLps: [x, y, z], millilitres: 20, confidence: 1, mask };
}

/** A rib head beside each body of the list: bone from its wall outwards at the upper posterior corner. */
function withRibs(ribs: readonly number[], sides: readonly (1 | -1)[] = [1, -1]) {
  return volumeOf(GRID, ([x, y, z]) => {
    const rib = ribs.some(n => {
      const [up, out] = [z - centres[n][2], Math.abs(x) - 18];
      return sides.includes(x > 0 ? 1 : -1) && up > 2 && up < 14 && out > 1 && out < 14 && y > 2 && y < 13;
    });
    return rib ? 500 : 40;
  });
}
const tall = centres.map(centre => body(centre, 26));

test('the lowest body with ribs is proposed as T12', () => {
  const anchor = proposeLevel(withRibs([0, 1, 2]), tall);
  expect(anchor).toMatchObject({ index: 2, level: 'T12', basis: 'last-rib' });
  expect(anchor!.confidence).toBeGreaterThan(0.9);
});

test('the uppermost body with ribs is proposed as T1 where bodies are small', () => {
  const small = centres.map(centre => body(centre, 17));
  const near = small.map(one => ({ ...one, fit: { ...one.fit, height: 20 } }));
  expect(proposeLevel(withRibs([3, 4, 5]), near)).toMatchObject({ index: 3, level: 'T1', basis: 'first-rib' });
});

test.each<[string, number[], (1 | -1)[]]>([
  ['ribs everywhere', [0, 1, 2, 3, 4, 5], [1, -1]],
  ['ribs nowhere', [], [1, -1]],
  ['bone on one side alone', [0, 1, 2], [1]],
])('%s say nothing', (_, ribs, sides) => {
  expect(proposeLevel(withRibs(ribs, sides), tall)).toBeUndefined();
});

test('nothing is proposed across a gap', () => {
  expect(proposeLevel(withRibs([0, 1, 2]), [tall[0], tall[1], tall[2], tall[4], tall[5]])).toBeUndefined();
});
