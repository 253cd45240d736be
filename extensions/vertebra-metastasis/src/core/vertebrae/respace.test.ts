import type { Vec3 } from '../geometry';
import { missing, respace, tooFar } from './respace';
import type { SegmentedBody } from './segment';

const HEIGHT = 20;

/** A body of usual height at a depth along the spine, mm below the first. */
function body(down: number): SegmentedBody {
  const centroidLps: Vec3 = [0, 0, -down];
  const fit = { x: 0, y: 0, z: -down, lean: 0, tilt: 0, turn: 0, width: 27, depth: 22, height: HEIGHT, wedge: 0 };
  const mask = { min: centroidLps, dims: [1, 1, 1] as const, labels: Uint8Array.of(1), voxels: 1 };
  return { mask, centroidLps, millilitres: 8, confidence: 0.5, fit };
}

const depths = (bodies: readonly SegmentedBody[]) => bodies.map(({ centroidLps }) => Math.round(-centroidLps[2]));

test('one body is expected in the middle of a gap of two places', () => {
  const [{ at, hints }] = missing(body(0), body(48));
  expect(at).toEqual([0, 0, -24]);
  expect(hints.height).toBe(HEIGHT);
  expect(missing(body(0), body(24))).toEqual([]);
});

test('a body across a disc gives way to the two it stood for', async () => {
  const bodies = [body(0), body(36), body(72), body(96)];
  expect(tooFar(bodies[0], bodies[1])).toBe(true);
  await respace(bodies, at => Promise.resolve(body(-at[2])));
  expect(depths(bodies)).toEqual([0, 24, 48, 72, 96]);
});

test('bodies stay when the image does not bear out a try', async () => {
  const bodies = [body(0), body(36), body(72)];
  await respace(bodies, () => Promise.resolve(undefined));
  expect(depths(bodies)).toEqual([0, 36, 72]);
});
