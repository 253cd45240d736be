import { innerVoxelLps } from './centroid';

const indexToLps = Float64Array.from([2, 0, 0, 100, 0, 2, 0, 200, 0, 0, 3, 300, 0, 0, 0, 1]);

test('a ring has its point on the ring, not in the hole', () => {
  const labels = new Uint8Array(5 * 5 * 2);
  for (let j = 0; j < 5; j++) {
    for (let i = 0; i < 5; i++) if (i === 0 || j === 0 || i === 4 || j === 4) labels[25 + i + 5 * j] = 3;
  }
  const [x, y, z] = innerVoxelLps({ labels, dims: [5, 5, 2], indexToLps }, 3)!;
  expect(z).toBe(303);
  const [i, j] = [(x - 100) / 2, (y - 200) / 2];
  expect(labels[25 + i + 5 * j]).toBe(3);
  // The middle of a side is nearest the centroid of the ring.
  expect(Math.hypot(i - 2, j - 2)).toBe(2);
});

test('a label without a voxel has no place', () => {
  expect(innerVoxelLps({ labels: new Uint8Array(8), dims: [2, 2, 2], indexToLps }, 1)).toBeUndefined();
});
