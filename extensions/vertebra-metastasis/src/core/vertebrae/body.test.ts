import { applyAffine, labelExtents, type Vec3 } from '../geometry';
import { type Grid, gridAlong, labelsOf } from '../testing/grids';
import { InputError, type Labelmap } from '../types';
import { bodyFromVertebra, vertebralBodies } from './body';
import { distanceTo } from './distance';

const BODY = 1;
const POSTERIOR = 2;

/** A lumbar vertebra in its own axes (x left, y posterior, z superior; mm from the middle of the body): body, pedicles, arch. */
function lumbar([x, y, z]: Vec3): number {
  const corner = Math.hypot(x / 23, (y + 2) / 19);
  if (Math.abs(z) <= 13 && y <= 15 - (x * x) / 200 && corner <= 1.05) return BODY;
  const side = Math.abs(x);
  if (side > 9 && side < 18 && y > 0 && y < 27 && z > -2 && z < 11) return POSTERIOR; // pedicles
  if (y >= 27 && y < 36 && side < 18 && z > -12 && z < 10) return POSTERIOR; // laminae, articular processes
  if (side < 4 && y >= 36 && y < 58 && z > -12 && z < 4) return POSTERIOR; // spinous process
  if (side >= 18 && side < 42 && y > 20 && y < 27 && z > 0 && z < 8) return POSTERIOR; // transverse processes
  return 0;
}

/** The vertebra tilted forward, turned about its axis and leaning sideways, degrees. */
function posed(tilt: number, turn: number, lean: number): (position: Vec3) => Vec3 {
  const [a, b, c] = [tilt, turn, lean].map(degrees => (degrees * Math.PI) / 180);
  return ([x, y, z]) => {
    const [x1, y1] = [x * Math.cos(b) + y * Math.sin(b), -x * Math.sin(b) + y * Math.cos(b)];
    const [y2, z1] = [y1 * Math.cos(a) + z * Math.sin(a), -y1 * Math.sin(a) + z * Math.cos(a)];
    return [x1 * Math.cos(c) + z1 * Math.sin(c), y2, -x1 * Math.sin(c) + z1 * Math.cos(c)];
  };
}

const axial = gridAlong(
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [1.5, 1.5, 2],
  [66, 76, 50],
  [0, 16, 0]
);
const flipped = gridAlong(
  [
    [0, 1, 0],
    [0, 0, -1],
    [-1, 0, 0],
  ],
  [1.5, 2, 1.5],
  [76, 50, 66],
  [0, 16, 0]
);
const thick = gridAlong(
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [1, 1, 5],
  [98, 114, 22],
  [0, 16, 0]
);

function diceOfCut(grid: Grid, pose: (position: Vec3) => Vec3): number {
  const truth = labelsOf(grid, position => lumbar(pose(position)));
  const vertebra = { ...truth, labels: truth.labels.map(label => (label ? 5 : 0)) };
  const body = bodyFromVertebra(vertebra, 5);
  const trueVoxels = [...truth.labels].filter(label => label === BODY).length;
  const both = body.reduce((sum, offset) => sum + (truth.labels[offset] === BODY ? 1 : 0), 0);
  return (2 * both) / (body.length + trueVoxels);
}

test.each<[string, Grid, [number, number, number]]>([
  ['upright', axial, [0, 0, 0]],
  ['tilted as L5', axial, [-30, 0, 0]],
  ['tilted backwards', axial, [20, 0, 0]],
  ['turned and leaning as in scoliosis', axial, [-10, 15, 12]],
  ['stored as P I R', flipped, [-15, 0, 0]],
  ['5 mm slices', thick, [-10, 0, 0]],
])('the body is cut out of a vertebra %s', (_, grid, [tilt, turn, lean]) => {
  expect(diceOfCut(grid, posed(tilt, turn, lean))).toBeGreaterThan(0.92);
});

test('a mask that is a body already stays whole', () => {
  const body = labelsOf(axial, position => (lumbar(position) === BODY ? 5 : 0));
  expect(bodyFromVertebra(body, 5)).toHaveLength(labelExtents(body).get(5)!.voxels);
});

test('masks are cut or kept as asked, and one that cannot be cut is listed', () => {
  const labelmap = labelsOf(axial, position => (lumbar(position) ? 5 : position[2] > 30 ? 6 : 0));
  const before = labelmap.labels.slice();
  const { bodies, failures } = vertebralBodies(labelmap, [
    { label: 5, region: 'vertebra' },
    { label: 6, region: 'body' },
    { label: 7, region: 'vertebra' },
  ]);
  expect(labelmap.labels).toEqual(before);
  const [was, is] = [labelExtents(labelmap), labelExtents(bodies)];
  expect(is.get(5)!.voxels / was.get(5)!.voxels).toBeLessThan(0.8);
  expect(is.get(6)!.voxels).toBe(was.get(6)!.voxels);
  expect(failures).toEqual([{ label: 7, reason: { code: 'empty-mask', params: { mask: '7' } } }]);
});

test('no posterior voxel far behind the wall survives', () => {
  const vertebra = labelsOf(axial, position => (lumbar(position) ? 5 : 0));
  const furthest = Math.max(...heights(vertebra, bodyFromVertebra(vertebra, 5)));
  expect(furthest).toBeLessThan(18);
});

function heights({ dims, indexToLps }: Labelmap, offsets: Uint32Array): number[] {
  return [...offsets].map(offset => {
    const index: Vec3 = [
      offset % dims[0],
      Math.floor(offset / dims[0]) % dims[1],
      Math.floor(offset / dims[0] / dims[1]),
    ];
    return applyAffine(indexToLps, index)[1];
  });
}

test('an empty mask is refused by name', () => {
  expect(() =>
    bodyFromVertebra(
      labelsOf(axial, () => 0),
      5
    )
  ).toThrow(InputError);
});

test('distances are Euclidean', () => {
  const target = new Uint8Array(5 * 4 * 3);
  target[0] = 1;
  target[4 + 5 * 3] = 1;
  const distance = distanceTo(target, [5, 4, 3]);
  expect(distance[0]).toBe(0);
  expect(distance[1]).toBe(1);
  expect(distance[2 + 5 * (2 + 4 * 2)]).toBeCloseTo(3, 6); // (2, 2, 2): from (4, 3, 0) sqrt(4 + 1 + 4)
  expect(distance[0 + 5 * (0 + 4 * 2)]).toBe(2);
});
