import type { LesionKind } from '@spine/core';
import { compareWithTruth, falseRegionsByLevel, type KeptRegion, type TrueLesion } from './regions';

const VOXEL_ML = 0.5;

/** Voxels marked with a letter in a picture; each voxel is half a millilitre. */
function marked(picture: readonly string[], letter: string): number[] {
  return [...picture.join('')].flatMap((at, n) => (at === letter ? [n] : []));
}

const region = (level: string, kind: LesionKind, offsets: readonly number[], score = 0.8): KeptRegion => ({
  level,
  kind,
  offsets,
  score,
  millilitres: offsets.length * VOXEL_ML,
});
const lesion = (level: string, kind: LesionKind, offsets: readonly number[]): TrueLesion => ({
  name: `${level} ${kind}`,
  level,
  kind,
  offsets: new Set(offsets),
});

const TRUTH = [
  '..AAAA....', // A: a lytic lesion of T12
  '..AAAA....',
  '........BB', // B: a blastic lesion of L2
];
const SHOWN = [
  '.aaa.bb...', // a and b: two kept regions that overlap A
  '.aaa......',
  'cc......dd', // c: overlaps nothing; d: just where B is
];

describe('compareWithTruth', () => {
  const a = lesion('T12', 'lytic', marked(TRUTH, 'A'));
  const b = lesion('L2', 'blastic', marked(TRUTH, 'B'));
  const shown = (letter: string, level: string, kind: LesionKind) => region(level, kind, marked(SHOWN, letter));

  it('finds a lesion by all regions of its kind that overlap it, together', () => {
    const kept = [shown('a', 'T12', 'lytic'), shown('b', 'T12', 'lytic'), shown('c', 'T12', 'lytic')];
    const { lesions, regions } = compareWithTruth(kept, [a], VOXEL_ML);
    // 8 true voxels; 6 + 2 kept, of which 4 + 1 are true.
    expect(lesions).toEqual([
      {
        name: 'T12 lytic',
        level: 'T12',
        kind: 'lytic',
        found: true,
        trueMl: 4,
        keptMl: 4,
        overlapMl: 2.5,
        dice: 10 / 16,
        iou: 5 / 11,
      },
    ]);
    expect(regions.map(({ trueShare, isFalse }) => [trueShare, isFalse])).toEqual([
      [4 / 6, false],
      [1 / 2, false],
      [0, true],
    ]);
  });

  it('misses a lesion where only another kind or another vertebra is shown, and calls that region false', () => {
    const kept = [shown('d', 'L2', 'lytic'), shown('d', 'L1', 'blastic')];
    const { lesions, regions } = compareWithTruth(kept, [a, b], VOXEL_ML);
    expect(lesions.map(({ found, overlapMl, dice, iou }) => [found, overlapMl, dice, iou])).toEqual([
      [false, 0, 0, 0],
      [false, 0, 0, 0],
    ]);
    expect(regions.every(({ isFalse }) => isFalse)).toBe(true);
  });

  it('gives a perfect region its due', () => {
    const { lesions, regions } = compareWithTruth([shown('d', 'L2', 'blastic')], [b], VOXEL_ML);
    expect(lesions[0]).toMatchObject({ found: true, keptMl: 1, overlapMl: 1, dice: 1, iou: 1 });
    expect(regions[0]).toMatchObject({ level: 'L2', kind: 'blastic', millilitres: 1, score: 0.8, trueShare: 1 });
  });

  it('calls every region false where there is no lesion at all', () => {
    const { lesions, regions } = compareWithTruth([shown('c', 'V3', 'lytic')], [], VOXEL_ML);
    expect(lesions).toEqual([]);
    expect(regions).toMatchObject([{ level: 'V3', trueShare: 0, isFalse: true }]);
  });
});

it('counts false regions at every level, none included', () => {
  const regions = [
    { level: 'T12', millilitres: 2, isFalse: false },
    { level: 'T12', millilitres: 0.5, isFalse: true },
    { level: 'T12', millilitres: 0.25, isFalse: true },
  ];
  expect(falseRegionsByLevel(['T12', 'L1'], regions)).toEqual([
    { level: 'T12', regions: 2, millilitres: 0.75 },
    { level: 'L1', regions: 0, millilitres: 0 },
  ]);
});
