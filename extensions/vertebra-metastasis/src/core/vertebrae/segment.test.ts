import { applyAffine, invert, type Vec3 } from '../geometry';
import { gridAlong } from '../testing/grids';
import { analyticSpine, bodyCentres } from '../testing/spine';
import { InputError, type Labelmap } from '../types';
import { locateVertebrae } from './locate';
import { type SegmentedBody, segmentBody } from './segment';
import { bodiesLabelmap } from './separate';

const AXIAL = gridAlong(
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [1.2, 1.2, 1.5],
  [76, 84, 78],
  [2, 2, 0]
);
const FLIPPED = gridAlong(
  [
    [0, 1, 0],
    [0, 0, -1],
    [-1, 0, 0],
  ],
  [1.4, 1.4, 1.4],
  [72, 84, 66],
  [2, 2, 0]
);
const THREE = { bodies: 3 } as const;
const MIDDLE = bodyCentres(THREE)[1];

function dice({ mask }: SegmentedBody, truth: Labelmap, label: number): number {
  const box = { ...mask };
  let both = 0;
  for (let k = 0, at = 0; k < box.dims[2]; k++)
    for (let j = 0; j < box.dims[1]; j++)
      for (let i = 0; i < box.dims[0]; i++, at++) {
        const offset = box.min[0] + i + truth.dims[0] * (box.min[1] + j + truth.dims[1] * (box.min[2] + k));
        if (box.labels[at] && truth.labels[offset] === label) both++;
      }
  let whole = 0;
  for (const value of truth.labels) if (value === label) whole++;
  return (2 * both) / (box.voxels + whole);
}

test('a click gives the body without pedicles, arch and discs', async () => {
  const { volume, bodies } = analyticSpine(AXIAL, THREE);
  const before = volume.hu.slice();
  const found = await segmentBody(volume, MIDDLE);
  expect(dice(found, bodies, 2)).toBeGreaterThan(0.92);
  expect(found.centroidLps[1]).toBeCloseTo(MIDDLE[1], -0.5);
  expect(volume.hu).toEqual(before);
});

test.each<[string, Vec3]>([
  ['upper left', [4, -1, 3]],
  ['lower posterior', [-2, 3.5, -3]],
])('a click off the middle, %s, gives the same body', async (_, [dx, dy, dz]) => {
  const { volume, bodies } = analyticSpine(AXIAL, THREE);
  const found = await segmentBody(volume, [MIDDLE[0] + dx, MIDDLE[1] + dy, MIDDLE[2] + dz]);
  expect(dice(found, bodies, 2)).toBeGreaterThan(0.9);
});

test('a lytic hole that breaks the anterior wall and a dense nodule stay inside', async () => {
  const lesion = (body: number, [x, y, z]: Vec3) => {
    if (body !== 1) return undefined;
    if (Math.hypot(x - 5, y + 11, z) < 7) return 40;
    return Math.hypot(x + 8, y - 2, z + 3) < 6 ? 900 : undefined;
  };
  const { volume, bodies } = analyticSpine(AXIAL, { ...THREE, lesion });
  expect(dice(await segmentBody(volume, MIDDLE), bodies, 2)).toBeGreaterThan(0.9);
});

test('the orientation of the stack does not matter', async () => {
  const { volume, bodies } = analyticSpine(FLIPPED, THREE);
  expect(dice(await segmentBody(volume, MIDDLE), bodies, 2)).toBeGreaterThan(0.9);
});

test('a click outside the CT is refused by name', async () => {
  const { volume } = analyticSpine(AXIAL, THREE);
  await expect(segmentBody(volume, [300, 0, 0])).rejects.toThrow(InputError);
});

test('bodies are found without a click, cut ones are said to be left out', async () => {
  const { volume, bodies } = analyticSpine(AXIAL, { bodies: 5 });
  const stages = new Set<string>();
  const found = await locateVertebrae(volume, { onProgress: ({ stage }) => void stages.add(stage) });
  expect(found.bodies).toHaveLength(3);
  found.bodies.forEach((body, n) => expect(dice(body, bodies, n + 2)).toBeGreaterThan(0.88));
  expect(found.leftOut.map(({ code }) => code)).toContain('cut-by-border');
  expect([...stages]).toEqual(['column', 'bodies', 'masks']);
  const labelmap = bodiesLabelmap(volume, found.bodies);
  const index = applyAffine(invert(volume.indexToLps), found.bodies[1].centroidLps).map(Math.round);
  expect(labelmap.labels[index[0] + volume.dims[0] * (index[1] + volume.dims[1] * index[2])]).toBe(2);
});

test('cancelling ends the search', async () => {
  const { volume } = analyticSpine(AXIAL, THREE);
  const cancel = { aborted: false };
  const search = locateVertebrae(volume, { cancel, onProgress: () => void (cancel.aborted = true) });
  await expect(search).rejects.toThrow('cancelled');
});
