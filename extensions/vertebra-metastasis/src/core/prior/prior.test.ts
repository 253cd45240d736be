import { applyAffine, invert, labelExtents, multiply, type Vec3 } from '../geometry';
import { gridAlong, labelsOf } from '../testing/grids';
import type { Affine, Labelmap, LesionKind } from '../types';
import { alignBodies } from './align';
import { changeOf, compareStudies } from './compare';
import type { StudyLesions } from './types';

const AXES = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
] as const;
const [a, b] = [Math.cos(0.1), Math.sin(0.1)];
/** Tipped by 0.1 rad (5.7 degrees) about the left-right axis and moved. */
const MOTION: Affine = Float64Array.from([1, 0, 0, 6.3, 0, a, -b, -4.1, 0, b, a, 8.2, 0, 0, 0, 1]);

/** A body about the origin, 40 x 30 x 26 mm, its back wall hollow: no symmetry but left and right. */
const inBody = ([x, y, z]: Vec3) =>
  (Math.abs(x) / 20) ** 4 + (Math.abs(y) / 15) ** 4 + (Math.abs(z) / 13) ** 4 <= 1 && Math.hypot(x / 1.5, y - 18) > 8;
const ball = (centre: Vec3, radius: number) => (position: Vec3) =>
  Math.hypot(...position.map((value, axis) => value - centre[axis])) <= radius;

/** Of each pose: half a million voxels that no test changes. */
const madeBodies = new Map<Affine, Labelmap>();

type Spot = { kind: LesionKind; inside: (p: Vec3) => boolean; index: number; trackingUid?: string };
/** A study of T11 (about the origin) and T12 (40 mm below), as it lies in `pose`. */
function study(pose: Affine, spacing: Vec3, spots: Record<'T11' | 'T12', Spot[]>, masks = true): StudyLesions {
  const toBody = invert(pose);
  const places = { T11: [0, 0, 20], T12: [0, 0, -20] } as const;
  const dims = spacing.map((step, axis) => Math.round([70, 64, 90][axis] / step)) as [number, number, number];
  const grid = gridAlong(AXES, spacing, dims, [3, -2, 4]);
  const local = (position: Vec3, level: 'T11' | 'T12') => {
    const point = applyAffine(toBody, position);
    return point.map((value, axis) => value - places[level][axis]) as unknown as Vec3;
  };
  const levels = ['T11', 'T12'] as const;
  const bodies = madeBodies.get(pose) ?? labelsOf(grid, p => levels.findIndex(level => inBody(local(p, level))) + 1);
  madeBodies.set(pose, bodies);
  const marked = levels.filter(level => spots[level].length > 0);
  const labelmap = labelsOf(grid, p => {
    for (const level of marked) {
      const at = local(p, level);
      const hit = spots[level].find(({ inside }) => inside(at));
      if (hit) return hit.index;
    }
    return 0;
  });
  const segments = levels.flatMap(level =>
    spots[level].map(({ kind, index, trackingUid }) => ({ level, kind, index, trackingUid }))
  );
  const vertebrae = levels.map((level, n) => ({ label: n + 1, level }));
  const unique = segments.filter(({ index }, n) => segments.findIndex(one => one.index === index) === n);
  // All of both bodies was searched.
  const unsearched = new Map(levels.map(level => [level, new Set<number>()]));
  return { labelmap, segments: unique, vertebrae, analysedLevels: levels, unsearched, ...(masks ? { bodies } : {}) };
}
const IDENTITY: Affine = Float64Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
const before = (spots: Record<'T11' | 'T12', Spot[]>, masks = true) => study(IDENTITY, [1, 1, 1.5], spots, masks);
const after = (spots: Record<'T11' | 'T12', Spot[]>, masks = true) => study(MOTION, [0.9, 0.9, 1.25], spots, masks);
const spot = (index: number, kind: LesionKind, centre: Vec3, radius: number, trackingUid?: string): Spot => ({
  index,
  kind,
  trackingUid,
  inside: ball(centre, radius),
});

test('bodies on different grids are aligned to less than half a voxel', () => {
  const [now, then] = [after({ T11: [], T12: [] }), before({ T11: [], T12: [] })];
  const extentOf = ({ bodies }: StudyLesions) => ({ labelmap: bodies!, extent: labelExtents(bodies!).get(1)! });
  const { transform, meanDistanceMm } = alignBodies(extentOf(now), extentOf(then));
  expect(meanDistanceMm).toBeLessThan(0.8);
  const error = multiply(transform, MOTION);
  for (const point of [
    [15, 10, 30],
    [-15, -10, 12],
    [0, 0, 20],
  ] as const) {
    const moved = applyAffine(error, point);
    expect(Math.hypot(...moved.map((value, axis) => value - point[axis]))).toBeLessThan(0.5);
  }
});

test('one increased, one new, one resolved, one as it was; on another grid and lying differently', () => {
  const then = before({
    T11: [spot(1, 'blastic', [-8, 0, 0], 5), spot(2, 'lytic', [10, -5, 2], 4)],
    T12: [spot(3, 'lytic', [0, -6, 0], 5)],
  });
  const now = after({
    T11: [spot(2, 'blastic', [-8, 0, 0], 7.5)],
    T12: [spot(1, 'blastic', [9, 3, -3], 4), spot(3, 'lytic', [0, -6, 0], 5)],
  });
  const { changes, unaligned } = compareStudies(now, then);
  expect(changes.map(({ level, kind, change, matchedBy }) => [level, kind, change, matchedBy])).toEqual([
    ['T11', 'lytic', 'resolved', undefined],
    ['T11', 'blastic', 'increased', 'overlap'],
    ['T12', 'lytic', 'stable', 'overlap'],
    ['T12', 'blastic', 'new', undefined],
  ]);
  expect(unaligned).toEqual([]);
  const increased = changes[1];
  expect(increased.percent).toBeCloseTo(100 * (1.5 ** 3 - 1), -1.5);
  expect(increased.differenceMillilitres).toBeCloseTo(increased.currentMillilitres - increased.priorMillilitres, 6);
  expect(increased).toMatchObject({ currentIndex: 2, priorIndex: 1 });
  expect(Math.hypot(...increased.priorLps!.map((mm, axis) => mm - [-8, 0, 20][axis]))).toBeLessThan(1);
  expect(changes[0]).toMatchObject({ currentMillilitres: 0, percent: -100, priorIndex: 2 });
  expect(changes[3].percent).toBeUndefined();
});

test('the same TrackingUID is the same lesion, wherever it lies', () => {
  const then = before({ T11: [spot(1, 'lytic', [10, 0, 0], 4, '2.25.7')], T12: [] });
  const now = after({ T11: [spot(1, 'lytic', [-10, 0, 0], 4, '2.25.7')], T12: [] });
  expect(compareStudies(now, then).changes).toMatchObject([{ change: 'stable', matchedBy: 'tracking' }]);
});

test('elsewhere in the same body is another lesion, also where a file has one segment per kind', () => {
  const then = before({ T11: [spot(1, 'lytic', [10, 0, 0], 4)], T12: [] });
  const elsewhere = after({ T11: [spot(1, 'lytic', [-10, 0, 0], 4)], T12: [] });
  expect(
    compareStudies(elsewhere, then)
      .changes.map(({ change }) => change)
      .sort()
  ).toEqual(['new', 'resolved']);
  const both = after({ T11: [spot(1, 'lytic', [10, 0, 0], 4), spot(1, 'lytic', [-10, 0, 0], 4)], T12: [] });
  expect(
    compareStudies(both, then)
      .changes.map(({ change }) => change)
      .sort()
  ).toEqual(['new', 'stable']);
});

test('lytic before and blastic now in the same place is one lesion that changed its kind', () => {
  const then = before({ T11: [spot(1, 'lytic', [8, 0, 0], 5)], T12: [] });
  const now = after({ T11: [spot(1, 'blastic', [8, 0, 0], 5)], T12: [] });
  expect(compareStudies(now, then).changes).toMatchObject([{ kind: 'blastic', priorKind: 'lytic', change: 'stable' }]);
});

test('without masks, by level and kind; what the other study did not analyse is not called new', () => {
  const then = before({ T11: [spot(1, 'lytic', [10, 0, 0], 4)], T12: [] }, false);
  const now = after({ T11: [spot(1, 'lytic', [-10, 0, 0], 4)], T12: [spot(2, 'lytic', [0, 0, 0], 4)] }, false);
  const { changes, unaligned } = compareStudies(now, { ...then, analysedLevels: ['T11'] });
  expect(changes).toMatchObject([{ change: 'stable', matchedBy: 'level' }, { change: 'not-comparable' }]);
  expect(unaligned).toEqual(['T11', 'T12']);
});

test('lesions that grew together are one, compared with all they were', () => {
  const then = before({ T11: [spot(1, 'lytic', [-5, 0, 0], 4), spot(1, 'lytic', [6, 0, 0], 3)], T12: [] });
  const one = { ...spot(1, 'lytic', [0, 0, 0], 0), inside: ([x, y, z]: Vec3) => Math.hypot(x / 11, y / 5, z / 5) <= 1 };
  const { changes } = compareStudies(after({ T11: [one], T12: [] }), then);
  expect(changes).toMatchObject([{ change: 'increased', matchedBy: 'overlap' }]);
  expect(changes[0].priorMillilitres).toBeCloseTo(((4 / 3) * Math.PI * (4 ** 3 + 3 ** 3)) / 1000, 1);
});

describe('within what both studies searched', () => {
  /** Voxels of T11 to the patient's left of x (in the body's own frame) were not searched. */
  const leftOut = (all: StudyLesions, pose: Affine, x: number): StudyLesions => {
    const { labels, dims, indexToLps } = all.bodies!;
    const toBody = invert(pose);
    const unsearched = new Set<number>();
    labels.forEach((label, at) => {
      const index: Vec3 = [at % dims[0], Math.floor(at / dims[0]) % dims[1], Math.floor(at / (dims[0] * dims[1]))];
      if (label === 1 && applyAffine(toBody, applyAffine(indexToLps, index))[0] > x) unsearched.add(at);
    });
    const seen = all.labelmap.labels.map((label, at) => (unsearched.has(at) ? 0 : label));
    const parts = new Map([...all.unsearched!, ['T11', unsearched]]);
    return { ...all, labelmap: { ...all.labelmap, labels: seen }, unsearched: parts };
  };
  /** The same voxels were screened, called healthy, and so not searched. */
  const screened = (all: StudyLesions, pose: Affine, x: number): StudyLesions => {
    const seen = leftOut(all, pose, x);
    return { ...seen, unsearched: all.unsearched, screened: new Map([['T11', seen.unsearched!.get('T11')!]]) };
  };
  const lesion = { T11: [spot(1, 'blastic', [3, 0, 0], 6)], T12: [] };
  const whole = after(lesion);
  const half = leftOut(before(lesion), IDENTITY, 3);

  test('a stable lesion of which the earlier study saw half is not called increased', () => {
    const [change] = compareStudies(whole, half).changes;
    expect(change).toMatchObject({ change: 'stable', atLeast: true });
    expect(change.currentBeyondMillilitres! / change.currentMillilitres).toBeGreaterThan(0.8);
    expect(change.percent).toBeLessThan(20);
    // Told of the two files alone it would be.
    expect(compareStudies(whole, { ...half, unsearched: whole.unsearched }).changes[0].change).toBe('increased');
  });

  test('what really grew and reaches beyond it cannot be told', () => {
    const larger = after({ T11: [spot(1, 'blastic', [3, 0, 0], 9)], T12: [] });
    expect(compareStudies(larger, half).changes).toMatchObject([{ change: 'not-comparable', atLeast: true }]);
  });

  test('one that lies where the other study did not search is neither new nor resolved', () => {
    const aside = { T11: [spot(1, 'lytic', [12, 0, 0], 4)], T12: [] };
    const seen = leftOut(before({ T11: [], T12: [] }), IDENTITY, 5);
    const [change] = compareStudies(after(aside), seen).changes;
    expect(change).toMatchObject({ change: 'not-comparable', currentMillilitres: 0 });
    expect(change.currentBeyondMillilitres).toBeGreaterThan(0.2);
    const now = leftOut(after({ T11: [], T12: [] }), MOTION, 5);
    expect(compareStudies(now, before(aside)).changes[0].change).toBe('not-comparable');
  });

  test.each([
    [0, 9],
    [9, 0],
    [9, 5],
    [5, 9],
  ])(
    'a lesion across its border, %d mm then and %d mm now: never new, resolved, increased or decreased',
    (earlier, now) => {
      const of = (radius: number) => ({
        T11: radius > 0 ? [spot(1, 'blastic' as const, [3, 0, 0], radius)] : [],
        T12: [],
      });
      const changes = [
        ...compareStudies(after(of(now)), leftOut(before(of(earlier)), IDENTITY, 3)).changes,
        ...compareStudies(leftOut(after(of(now)), MOTION, 3), before(of(earlier))).changes,
      ].map(({ change }) => change);
      for (const change of changes) expect(['stable', 'not-comparable']).toContain(change);
      expect(changes.length).toBeGreaterThan(0);
    }
  );

  test('of a lesion that one study screened in part, the part that both searched is compared', () => {
    const [change] = compareStudies(whole, screened(before(lesion), IDENTITY, 3)).changes;
    expect(change.change).toBe('stable');
    expect(change.currentBeyondMillilitres! / change.currentMillilitres).toBeGreaterThan(0.8);
    const [back] = compareStudies(screened(whole, MOTION, 3), before(lesion)).changes;
    expect([back.change, back.priorBeyondMillilitres! > 0.3]).toEqual(['stable', true]);
    const larger = after({ T11: [spot(1, 'blastic', [3, 0, 0], 9)], T12: [] });
    const [grown] = compareStudies(larger, screened(before(lesion), IDENTITY, 3)).changes;
    expect([grown.change, grown.onlyScreened]).toEqual(['increased', undefined]);
  });

  test('one where the other study only screened says so', () => {
    const aside = { T11: [spot(1, 'lytic', [12, 0, 0], 4)], T12: [] };
    const none = { T11: [], T12: [] };
    const [found] = compareStudies(after(aside), screened(before(none), IDENTITY, 5)).changes;
    expect(found).toMatchObject({ change: 'new', onlyScreened: true });
    expect(found.currentMillilitres).toBeGreaterThan(0.2);
    const [gone] = compareStudies(screened(after(none), MOTION, 5), before(aside)).changes;
    expect(gone).toMatchObject({ change: 'resolved', onlyScreened: true });
    expect(compareStudies(after(aside), before(none)).changes[0].onlyScreened).toBeUndefined();
  });

  test('well inside it, everything is told as before', () => {
    const inside = { T11: [spot(1, 'lytic', [-8, 0, 0], 4)], T12: [] };
    const larger = { T11: [spot(1, 'lytic', [-8, 0, 0], 6)], T12: [] };
    const [change] = compareStudies(after(larger), leftOut(before(inside), IDENTITY, 5)).changes;
    expect(change.change).toBe('increased');
    expect(change.atLeast).toBeUndefined();
  });

  test.each(['current', 'prior'] as const)(
    'a %s study that does not say what it searched: nothing but stable',
    which => {
      const grown = after({ T11: [spot(1, 'blastic', [3, 0, 0], 9)], T12: [spot(2, 'lytic', [0, 0, 0], 4)] });
      const then = before({ T11: [spot(1, 'blastic', [3, 0, 0], 6)], T12: [] });
      const silent = { unsearched: undefined, analysedLevels: undefined };
      const changes = (now: StudyLesions, earlier: StudyLesions) =>
        compareStudies(now, earlier).changes.map(({ change }) => change);
      expect(changes(grown, then)).toEqual(['increased', 'new']);
      const [now, earlier] = which === 'current' ? [{ ...grown, ...silent }, then] : [grown, { ...then, ...silent }];
      expect(changes(now, earlier)).toEqual(['not-comparable', 'not-comparable']);
      expect(changes({ ...earlier, ...silent }, earlier)).toEqual(['stable']);
    }
  );

  test('without masks of the earlier study nobody can tell where it did not search', () => {
    const unaligned = { ...half, bodies: undefined };
    expect(compareStudies(whole, unaligned).changes[0].change).not.toMatch(/increased|resolved/);
  });
});

test('small differences are stable by share or by size', () => {
  expect([changeOf(2, 2.39), changeOf(2, 2.41), changeOf(2, 1.59), changeOf(0.1, 0.19), changeOf(0, 1)]).toEqual([
    ...['stable', 'increased', 'decreased', 'stable', 'new'],
  ]);
  expect(changeOf(1, 0)).toBe('resolved');
});
