import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BodyShape, type BodyShapeParameters } from '../anatomy/bodyShape';
import { textures } from '../math/noise';
import { poseOf } from '../math/pose';
import { randomStream } from '../math/random';
import { fieldOf } from './field';
import { fitBody } from './fitBody';
import { makeInsertedSample } from './insert';
import { REAL_PATIENTS } from './patients';
import { readRealSources, REAL_SOURCES } from './sources';

/** Phantoms are made here; a busy machine takes its time. */
jest.setTimeout(300_000);

const folder = join(process.env.SPINE_SHARED ?? join(__dirname, '../../../../shared'), 'ct');
const present = existsSync(folder);

test('a volume in any axis order becomes a field to the left, posterior and superior', () => {
  // i runs to inferior, j to the right, k to posterior; the value is the LPS position's checksum.
  const dims = [3, 4, 5] as const;
  const indexToLps = Float64Array.from([0, -2, 0, 10, 0, 0, 3, 20, -1, 0, 0, 30, 0, 0, 0, 1]);
  const hu = new Float32Array(60);
  for (let k = 0, n = 0; k < 5; k++)
    for (let j = 0; j < 4; j++)
      for (let i = 0; i < 3; i++, n++) hu[n] = 10 - 2 * j + 100 * (20 + 3 * k) + 10000 * (30 - i);
  const field = fieldOf({ hu, dims, indexToLps });
  expect(field.dims).toEqual([4, 5, 3]);
  expect(field.origin).toEqual([4, 20, 28]);
  expect(field.spacing).toEqual([2, 3, 1]);
  field.data.forEach((value, n) => {
    const x = 4 + 2 * (n % 4);
    const y = 20 + 3 * (Math.floor(n / 4) % 5);
    const z = 28 + Math.floor(n / 20);
    expect(value).toBe(x + 100 * y + 10000 * z);
  });
});

test('an oblique volume is refused', () => {
  const indexToLps = Float64Array.from([1, 0.1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  expect(() => fieldOf({ hu: new Float32Array(8), dims: [2, 2, 2], indexToLps })).toThrow(/axis-parallel/);
});

test('the fit finds a body of known pose and size again', () => {
  const truth: BodyShapeParameters = {
    widthMm: 36,
    depthMm: 28,
    anteriorHeightMm: 22,
    posteriorHeightMm: 24,
    waist: 0.08,
    kidney: 0.1,
    squareness: 0.3,
    upperBowlMm: 1,
    lowerBowlMm: 1,
    bowlShift: 0.1,
    unevenMm: 0,
    uncinateMm: 0,
    lipMm: 0,
    noiseOffset: [0, 0, 0],
  };
  const shape = new BodyShape(truth, textures().coarse);
  const pose = poseOf([2, -1.5, 1], 12, 3);
  const { axes, centre } = pose;
  const bone = (x: number, y: number, z: number) => {
    const [dx, dy, dz] = [x - centre[0], y - centre[1], z - centre[2]];
    const local = [0, 1, 2].map(c => axes[c] * dx + axes[3 + c] * dy + axes[6 + c] * dz);
    shape.evaluate(local[0], local[1], local[2]);
    return shape.depth > 0 ? 1 : -1;
  };
  const guess = { centre: [0, 0, 0], leanDegrees: 5, heightMm: 22, slack: { centreMm: 4, heightShare: 0.2 } } as const;
  const fitted = fitBody(guess, bone);
  fitted.pose.centre.forEach((value, a) => expect(Math.abs(value - centre[a])).toBeLessThan(1));
  expect(Math.abs(fitted.shape.parameters.widthMm - 36)).toBeLessThan(2.5);
  expect(Math.abs(fitted.shape.parameters.depthMm - 28)).toBeLessThan(2.5);
  expect(Math.abs(fitted.shape.heightMm - 23)).toBeLessThan(1.5);
});

test('no real patient is in both splits', () => {
  expect(REAL_SOURCES.train.filter(id => (REAL_SOURCES.test as readonly string[]).includes(id))).toEqual([]);
});

test('a patient of the collection is in one split only; share-alike CT measures and never trains', () => {
  const splits = new Map<string, Set<string>>();
  for (const { patient, split } of REAL_PATIENTS) splits.set(patient, (splits.get(patient) ?? new Set()).add(split));
  expect([...splits.values()].every(found => found.size === 1)).toBe(true);
  expect(REAL_PATIENTS.find(({ id }) => id === 'verse-014')?.split).toBe('test');
  for (const split of ['train', 'validation', 'test'] as const) {
    const own = REAL_PATIENTS.filter(one => one.split === split);
    expect(own.some(({ kernel }) => kernel === 'sharp')).toBe(true);
    expect(own.some(({ sliceThicknessMm }) => sliceThicknessMm >= 5)).toBe(true);
  }
});

test('a missing source is named', async () => {
  await expect(readRealSources(join(__dirname, 'nowhere'), 'test')).rejects.toThrow(/totalsegmentator-example/);
});

const real = present ? test : test.skip;
if (!present)
  process.stdout.write(`SKIPPED: real CT is not in ${folder}; lesions are not inserted into real vertebrae\n`);

real(
  'lesions are put into the healthy bodies of the test sources, reproducibly, and a healthy copy stays clean',
  async () => {
    const sources = await readRealSources(folder, 'test');
    expect(sources.flatMap(source => source.vertebrae.map(vertebra => vertebra.level))).toEqual([
      'L2',
      'L3',
      'L4',
      'L5',
      'L3',
    ]);
    const [source] = sources;
    const make = (malignant: boolean) =>
      makeInsertedSample(randomStream('real-test'), source, source.vertebrae[0], malignant, 1);
    const ill = make(true);
    expect(ill.label).toBe(1);
    expect(make(true).hu).toEqual(ill.hu);
    expect(ill.truth.every((value, n) => value === 0 || ill.body[n] === 1)).toBe(true);
    const well = make(false);
    expect(well.label).toBe(0);
    expect(well.truth.some(value => value > 0)).toBe(false);
    // A lumbar body of some 40 ml, in crop voxels of 0.432 mm3.
    const millilitres = (well.body.reduce((sum, value) => sum + value, 0) * 0.8 * 0.675 * 0.8) / 1000;
    expect(millilitres).toBeGreaterThan(20);
    expect(millilitres).toBeLessThan(70);
  }
);
