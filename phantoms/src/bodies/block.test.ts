import { BLOCK, makeBodyBlock, TISSUE } from './block';

const voxels = BLOCK.dims[0] * BLOCK.dims[1] * BLOCK.dims[2];

test('a block knows its bodies, their surfaces and what lies between', () => {
  const { hu, tissue, depth, bodies } = makeBodyBlock(1, 4);
  expect([hu.length, tissue.length, depth.length]).toEqual([voxels, voxels, voxels]);
  const [nx, ny] = BLOCK.dims;
  const inBlock = bodies.filter(({ centre }) => centre.every((value, a) => value > 8 && value < BLOCK.dims[a] - 9));
  expect(inBlock.length).toBeGreaterThan(0);
  for (const { centre } of inBlock) {
    const [x, y, z] = centre.map(Math.round);
    const at = x + nx * (y + ny * z);
    expect(tissue[at]).toBe(TISSUE.firstBody + bodies.findIndex(body => body.centre === centre));
    expect(depth[at]).toBeGreaterThan(90);
  }
  let wrong = 0;
  for (let n = 0; n < voxels; n++) if (tissue[n] >= TISSUE.firstBody !== depth[n] > 0) wrong++;
  // Codes are of the nearest painted voxel, depths interpolated: they may differ on the surface itself.
  expect(wrong / voxels).toBeLessThan(0.02);
  for (const kind of [TISSUE.disc, TISSUE.canal, TISSUE.posterior]) expect(tissue.includes(kind)).toBe(true);
});

test('the same number gives the same block, another a different one', () => {
  const [first, again, other] = [makeBodyBlock(1, 0), makeBodyBlock(1, 0), makeBodyBlock(1, 1)];
  expect(Buffer.compare(Buffer.from(first.hu.buffer), Buffer.from(again.hu.buffer))).toBe(0);
  expect(Buffer.compare(Buffer.from(first.hu.buffer), Buffer.from(other.hu.buffer))).not.toBe(0);
});

test('large lesions change the bodies, not the anatomy', () => {
  const [usual, large] = [makeBodyBlock(1, 4), makeBodyBlock(1, 4, true)];
  expect(Buffer.compare(Buffer.from(usual.tissue), Buffer.from(large.tissue))).toBe(0);
  let [inside, changed] = [0, 0];
  for (let n = 0; n < voxels; n++) {
    if (usual.depth[n] <= 32) continue;
    inside++;
    if (Math.abs(usual.hu[n] - large.hu[n]) > 75) changed++;
  }
  expect(changed / inside).toBeGreaterThan(0.1);
});
