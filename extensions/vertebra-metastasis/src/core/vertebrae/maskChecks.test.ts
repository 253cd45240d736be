import type { Labelmap, Volume } from '../types';
import { checkMasks, levelGaps, levelsOutOfOrder, turnedMasks } from './maskChecks';

const at = (...z: number[]) => new Map(z.map((mm, n) => [n + 1, { centreLps: [0, 0, mm] as const }]));
const named = (...levels: string[]) => levels.map((level, n) => ({ label: n + 1, level }));

test('levels lie from head to feet, whatever the order in which they are listed', () => {
  expect(levelsOutOfOrder(named('L1', 'L2', 'S1'), at(90, 60, 0))).toBeUndefined();
  expect(levelsOutOfOrder(named('L2', 'T12', 'L1'), at(30, 90, 60))).toBeUndefined();
  expect(levelsOutOfOrder(named('C1', 'C2'), at(0, 3))).toBeUndefined();
  expect(levelsOutOfOrder(named('V2', 'V1'), at(90, 60))).toBeUndefined();
  expect(levelsOutOfOrder(named('L1', 'L3', 'L2'), at(90, 60, 30))).toEqual({ upper: 'L2', lower: 'L3', mm: 30 });
  expect(levelsOutOfOrder(named('T12', 'L1'), at(0, 30))).toEqual({ upper: 'T12', lower: 'L1', mm: 30 });
});

test('levels that are missing between two masks are named, and whether these lie like neighbours', () => {
  expect(levelGaps(named('T12', 'L1', 'L2'), at(90, 60, 30))).toEqual([]);
  expect(levelGaps(named('T12', 'L2', 'L3'), at(120, 60, 30))).toEqual([
    { upper: 'T12', lower: 'L2', missing: ['L1'], mm: 60, neighbours: false },
  ]);
  // A name was skipped.
  expect(levelGaps(named('L3', 'T12', 'L2'), at(30, 90, 60))).toEqual([
    { upper: 'T12', lower: 'L2', missing: ['L1'], mm: 30, neighbours: true },
  ]);
  // Nobody misses a thirteenth rib, a sixth lumbar vertebra, or what numbers alone cannot name.
  expect(levelGaps(named('T12', 'L1', 'L5', 'S1'), at(150, 120, 0, -30)).map(({ missing }) => missing)).toEqual([
    ['L2', 'L3', 'L4'],
  ]);
  expect(levelGaps(named('V1', 'V3'), at(60, 0))).toEqual([]);
});

/** A bone of 200 HU in the lower front half of soft tissue. */
const dims = [4, 6, 8] as const;
const indexToLps = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
const bone = (j: number, k: number) => j < 3 && k < 4;
const volume: Volume = { hu: new Int16Array(4 * 6 * 8), dims, indexToLps };
const where = (n: number) => [Math.floor(n / 4) % 6, Math.floor(n / 24)] as const;
volume.hu.forEach((_, n) => (volume.hu[n] = bone(...where(n)) ? 200 : 40));
const mask = (inside: (j: number, k: number) => boolean): Labelmap => ({
  labels: Uint8Array.from(volume.hu, (_, n) => (inside(...where(n)) ? 1 : 0)),
  dims,
  indexToLps,
});

test('masks that lie on bone when they are turned over are told, with the axis', () => {
  expect(turnedMasks(volume, mask(bone))).toBeUndefined();
  expect(
    turnedMasks(
      volume,
      mask((j, k) => bone(j, 7 - k))
    )
  ).toEqual({ axis: 'head-feet', hu: 40, turnedHu: 200 });
  expect(
    turnedMasks(
      volume,
      mask((j, k) => bone(5 - j, k))
    )
  ).toEqual({ axis: 'front-back', hu: 40, turnedHu: 200 });
  expect(
    turnedMasks(
      volume,
      mask(() => false)
    )
  ).toBeUndefined();
});

test('three turned masks are refused; one or two are doubted, as a vertebra without bone may lie on a denser one', () => {
  const turned = mask((j, k) => bone(j, 7 - k));
  const three = ['L1', 'L2', 'L3'].map((level, n) => ({ label: n + 1, level }));
  const extents = new Map(three.map(({ label }) => [label, { centreLps: [0, 0, -30 * label] as const }]));
  expect(() => checkMasks(volume, turned, three, extents)).toThrow(expect.objectContaining({ code: 'masks-turned' }));
  expect(checkMasks(volume, turned, three.slice(1), extents)).toMatchObject([{ code: 'masks-turned' }]);
  expect(checkMasks(volume, mask(bone), three, extents)).toEqual([]);
});
