import { boxAround, cropVolume, type Vec3 } from '../geometry';
import { gridAlong } from '../testing/grids';
import { analyticSpine, bodyCentres } from '../testing/spine';
import { checkPlausible } from './plausible';
import { segmentBody } from './segment';

const GRID = gridAlong(
  [
    [1, 0, 0],
    [0, -1, 0],
    [0, 0, -1],
  ],
  [1.2, 1.2, 1.5],
  [110, 110, 78],
  [2, 2, 0]
);
const THREE = { bodies: 3 } as const;
const [, MIDDLE] = bodyCentres(THREE);
const { volume } = analyticSpine(GRID, THREE);
const moved = (x: number, y: number, z: number): Vec3 => [MIDDLE[0] + x, MIDDLE[1] + y, MIDDLE[2] + z];
const code = async (seed: Vec3) => {
  try {
    checkPlausible(volume, await segmentBody(volume, seed), seed);
    return 'plausible';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('a click into a body is taken, one into soft tissue or beside a body is not', async () => {
  expect(await code(moved(5, 3, -4))).toBe('plausible');
  expect(await code(moved(0, -45, 0))).not.toBe('plausible');
  const body = await segmentBody(volume, MIDDLE);
  const at = (seed: Vec3) => () => checkPlausible(volume, body, seed);
  expect(at(moved(26, 0, 0))).toThrow(expect.objectContaining({ code: 'beside-body' }) as Error);
  expect(at(moved(0, 20, 0))).toThrow(expect.objectContaining({ code: 'click-canal' }) as Error);
  expect(at(moved(3, -2, 15.5))).toThrow(expect.objectContaining({ code: 'click-disc' }) as Error);
  expect(at(moved(0, -3, 12.5))).not.toThrow();
  expect(() => checkPlausible(volume, body, undefined)).not.toThrow();
});

test('a crop around the click gives the same body as the whole CT', async () => {
  const seed = moved(4, -3, 2);
  const box = boxAround(volume, seed, [50, 50, 46])!;
  const crop = cropVolume(volume, box);
  const [whole, part] = [await segmentBody(volume, seed), await segmentBody(crop, seed)];
  expect(crop.hu.length).toBeLessThan(volume.hu.length);
  expect(part.mask.voxels).toBe(whole.mask.voxels);
  expect(part.mask.min.map((value, axis) => value + box.min[axis])).toEqual([...whole.mask.min]);
  expect(Buffer.compare(part.mask.labels, whole.mask.labels)).toBe(0);
});

test('a box beside the grid is none', () => {
  expect(boxAround(volume, [900, 0, 0], [10, 10, 10])).toBeUndefined();
});
