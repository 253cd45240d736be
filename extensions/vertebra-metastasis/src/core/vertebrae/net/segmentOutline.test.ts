import type { Vec3 } from '../../geometry';
import { gridAlong, volumeOf } from '../../testing/grids';
import { InputError, type Volume } from '../../types';
import { segmentBody } from '../segment';
import { type BodyNetwork, outlineAt, type Tissue, TISSUES } from './network';

const AXIAL = gridAlong(
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [1.2, 1.2, 1.5],
  [64, 64, 48],
  [2, 2, 0]
);
const SAGITTAL = gridAlong(
  [
    [0, 1, 0],
    [0, 0, -1],
    [-1, 0, 0],
  ],
  [1.3, 1.3, 1.3],
  [60, 56, 60],
  [2, 2, 0]
);
const HALF: Vec3 = [19, 14, 12];
const CENTRE: Vec3 = [3, -4, 2];
const inDrum = ([x, y, z]: Vec3) =>
  Math.hypot((x - CENTRE[0]) / HALF[0], (y - CENTRE[1]) / HALF[1]) < 1 && Math.abs(z - CENTRE[2]) < HALF[2];
const drum = (grid: typeof AXIAL) => volumeOf(grid, place => (inDrum(place) ? 500 : -300));
const moved = (x: number, y: number, z: number): Vec3 => [CENTRE[0] + x, CENTRE[1] + y, CENTRE[2] + z];

/** Takes everything bright for the body; `tissue` is what it sees in the middle. */
function brightness(tissue: Tissue = 'body') {
  const inputs: Float32Array[] = [];
  const network: BodyNetwork = {
    name: 'brightness 1',
    block: { dims: [48, 40, 40], spacingMm: 1.4, windowHu: [-400, 600] },
    outline: input => {
      inputs.push(input);
      const cells = input.length / 2;
      const kinds = TISSUES.flatMap(kind => new Array<number>(cells / 8).fill(kind === tissue ? 4 : 0));
      return Promise.resolve({
        body: input.slice(0, cells).map(value => 10 * value),
        tissue: Float32Array.from(kinds),
      });
    },
  };
  return { network, inputs };
}

function overlap(volume: Volume, { mask }: Awaited<ReturnType<typeof segmentBody>>): number {
  const [nx, ny] = volume.dims;
  let [both, whole] = [0, 0];
  for (const value of volume.hu) if (value > 0) whole++;
  for (let k = 0, at = 0; k < mask.dims[2]; k++)
    for (let j = 0; j < mask.dims[1]; j++)
      for (let i = 0; i < mask.dims[0]; i++, at++)
        if (mask.labels[at] && volume.hu[mask.min[0] + i + nx * (mask.min[1] + j + ny * (mask.min[2] + k))] > 0) both++;
  return (2 * both) / (whole + mask.voxels);
}

test.each([
  ['axial', AXIAL],
  ['sagittal, flipped', SAGITTAL],
])('the outline becomes the mask, its size and its certainty, %s', async (_, grid) => {
  const volume = drum(grid);
  const before = volume.hu.slice();
  const found = await segmentBody(volume, moved(1, -1, 1), { network: brightness().network });
  expect(overlap(volume, found)).toBeGreaterThan(0.94);
  expect(found.confidence).toBeGreaterThan(0.9);
  expect(found.fit.height).toBeGreaterThan(21);
  expect(found.fit.height).toBeLessThan(27);
  found.centroidLps.forEach((value, axis) => expect(Math.abs(value - CENTRE[axis])).toBeLessThan(0.7));
  expect(volume.hu).toEqual(before);
});

test('a click off the middle is looked at again from the middle, each time with its mirror image', async () => {
  const { network, inputs } = brightness();
  const volume = drum(AXIAL);
  const off = await segmentBody(volume, moved(11, 4, -6), { network });
  expect(inputs).toHaveLength(4);
  const centred = await segmentBody(volume, CENTRE, { network });
  expect(inputs).toHaveLength(6);
  expect(Math.abs(off.mask.voxels / centred.mask.voxels - 1)).toBeLessThan(0.03);
});

test('a network that sees too much on one side alone has that evened out', async () => {
  const volume = drum(AXIAL);
  const { network } = brightness();
  const lopsided: BodyNetwork = {
    ...network,
    outline: async input => {
      const seen = await network.outline(input);
      return { ...seen, body: seen.body.map((logit, n) => (n % 48 < 24 ? logit + 1 : logit - 1)) };
    },
  };
  const [even, evened] = [
    await segmentBody(volume, CENTRE, { network }),
    await segmentBody(volume, CENTRE, { network: lopsided }),
  ];
  evened.centroidLps.forEach((value, axis) => expect(value).toBeCloseTo(even.centroidLps[axis], 1));
  expect(evened.mask.voxels).toBe(even.mask.voxels);
});

test.each<[string, Tissue, Vec3]>([
  ['click-disc', 'disc', moved(0, 0, 18)],
  ['click-canal', 'canal', moved(0, 20, 0)],
  ['click-posterior', 'posterior', moved(0, 20, 6)],
  ['click-other', 'other', moved(-25, 0, 0)],
])('a click where the network outlines nothing is refused as %s', async (code, tissue, place) => {
  const volume = drum(AXIAL);
  const refused = segmentBody(volume, place, { network: brightness(tissue).network });
  await expect(refused).rejects.toMatchObject({
    code,
    message: expect.stringContaining('Nothing was added') as string,
  });
  await expect(refused).rejects.toBeInstanceOf(InputError);
});

test('air is called air whatever the network says', async () => {
  const volume = volumeOf(AXIAL, place => (inDrum(place) ? 500 : -900));
  const refused = segmentBody(volume, moved(0, -24, 0), { network: brightness('disc').network });
  await expect(refused).rejects.toMatchObject({ code: 'click-air' });
});

test('beyond the CT the second channel is 0 and the first takes the nearest value', async () => {
  const { network, inputs } = brightness();
  const volume = volumeOf(AXIAL, ([x]) => x);
  await outlineAt(volume, [37, 2, 0], network);
  const [input] = inputs;
  const cells = input.length / 2;
  const row = (channel: number) => Array.from(input.slice(channel * cells + 48 * 820, channel * cells + 48 * 821));
  const known = row(1);
  expect(known[0]).toBe(1);
  expect(known[47]).toBe(0);
  const edge = known.lastIndexOf(1);
  row(0).forEach((value, n) => n > edge && expect(value).toBeCloseTo(row(0)[edge], 6));
});
