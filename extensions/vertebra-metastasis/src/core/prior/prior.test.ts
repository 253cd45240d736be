import { applyAffine, invert, labelExtents, multiply, type Vec3 } from '../geometry';
import { gridAlong, labelsOf } from '../testing/grids';
import type { Affine, Labelmap, Lesion3dKind, LesionKind } from '../types';
import { alignBodies } from './align';
import { changeOf, compareStudies, levelAligner } from './compare';
import { comparisonTotals } from './totals';
import type { LevelAlignment, StudyLesions } from './types';

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
  const heights = levels.map(level => applyAffine(pose, places[level])[2]);
  const labelmap = labelsOf(grid, p => {
    for (const level of marked) {
      // No spot reaches further.
      if (Math.abs(p[2] - heights[levels.indexOf(level)]) > 14) continue;
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

/** Of each pair of bodies, which most tests share: aligned once. */
const aligned = new Map<Labelmap, Map<Labelmap, readonly LevelAlignment[]>>();
function compare(current: StudyLesions, prior: StudyLesions) {
  const [now, then] = [current.bodies, prior.bodies];
  if (!now || !then || current.vertebrae[0].level !== prior.vertebrae[0].level) return compareStudies(current, prior);
  const ofNow = aligned.get(now) ?? new Map<Labelmap, readonly LevelAlignment[]>();
  const made = () => ['T11', 'T12'].flatMap(level => levelAligner(current, prior)(level) ?? []);
  const known = ofNow.get(then) ?? made();
  aligned.set(now, ofNow.set(then, known));
  return compareStudies(current, prior, known);
}

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
  const { changes, unaligned } = compare(now, then);
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
  expect(compare(now, then).changes).toMatchObject([{ change: 'stable', matchedBy: 'tracking' }]);
});

test('elsewhere in the same body is another lesion, also where a file has one segment per kind', () => {
  const then = before({ T11: [spot(1, 'lytic', [10, 0, 0], 4)], T12: [] });
  const elsewhere = after({ T11: [spot(1, 'lytic', [-10, 0, 0], 4)], T12: [] });
  expect(
    compare(elsewhere, then)
      .changes.map(({ change }) => change)
      .sort()
  ).toEqual(['new', 'resolved']);
  const both = after({ T11: [spot(1, 'lytic', [10, 0, 0], 4), spot(1, 'lytic', [-10, 0, 0], 4)], T12: [] });
  expect(
    compare(both, then)
      .changes.map(({ change }) => change)
      .sort()
  ).toEqual(['new', 'stable']);
});

test('lytic before and blastic now in the same place is one lesion that changed its kind', () => {
  const then = before({ T11: [spot(1, 'lytic', [8, 0, 0], 5)], T12: [] });
  const now = after({ T11: [spot(1, 'blastic', [8, 0, 0], 5)], T12: [] });
  expect(compare(now, then).changes).toMatchObject([{ kind: 'blastic', priorKind: 'lytic', change: 'stable' }]);
});

test('without masks, by level and kind; what the other study did not analyse is not called new', () => {
  const then = before({ T11: [spot(1, 'lytic', [10, 0, 0], 4)], T12: [] }, false);
  const now = after({ T11: [spot(1, 'lytic', [-10, 0, 0], 4)], T12: [spot(2, 'lytic', [0, 0, 0], 4)] }, false);
  const { changes, unaligned } = compare(now, { ...then, analysedLevels: ['T11'] });
  expect(changes).toMatchObject([{ change: 'stable', matchedBy: 'level' }, { change: 'not-comparable' }]);
  expect(unaligned).toEqual(['T11', 'T12']);
});

test('lesions that grew together are one, compared with all they were', () => {
  const then = before({ T11: [spot(1, 'lytic', [-5, 0, 0], 4), spot(1, 'lytic', [6, 0, 0], 3)], T12: [] });
  const one = { ...spot(1, 'lytic', [0, 0, 0], 0), inside: ([x, y, z]: Vec3) => Math.hypot(x / 11, y / 5, z / 5) <= 1 };
  const { changes } = compare(after({ T11: [one], T12: [] }), then);
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
    const [change] = compare(whole, half).changes;
    expect(change).toMatchObject({ change: 'stable', atLeast: true });
    expect(change.currentBeyondMillilitres! / change.currentMillilitres).toBeGreaterThan(0.8);
    expect(change.percent).toBeLessThan(20);
    // Told of the two files alone it would be.
    expect(compare(whole, { ...half, unsearched: whole.unsearched }).changes[0].change).toBe('increased');
  });

  test('what really grew and reaches beyond it cannot be told', () => {
    const larger = after({ T11: [spot(1, 'blastic', [3, 0, 0], 9)], T12: [] });
    expect(compare(larger, half).changes).toMatchObject([{ change: 'not-comparable', atLeast: true }]);
  });

  test('one that lies where the other study did not search is neither new nor resolved', () => {
    const aside = { T11: [spot(1, 'lytic', [12, 0, 0], 4)], T12: [] };
    const seen = leftOut(before({ T11: [], T12: [] }), IDENTITY, 5);
    const [change] = compare(after(aside), seen).changes;
    expect(change).toMatchObject({ change: 'not-comparable', currentMillilitres: 0 });
    expect(change.currentBeyondMillilitres).toBeGreaterThan(0.2);
    const now = leftOut(after({ T11: [], T12: [] }), MOTION, 5);
    expect(compare(now, before(aside)).changes[0].change).toBe('not-comparable');
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
        ...compare(after(of(now)), leftOut(before(of(earlier)), IDENTITY, 3)).changes,
        ...compare(leftOut(after(of(now)), MOTION, 3), before(of(earlier))).changes,
      ].map(({ change }) => change);
      for (const change of changes) expect(['stable', 'not-comparable']).toContain(change);
      expect(changes.length).toBeGreaterThan(0);
    }
  );

  test('of a lesion that one study screened in part, the part that both searched is compared', () => {
    const [change] = compare(whole, screened(before(lesion), IDENTITY, 3)).changes;
    expect(change.change).toBe('stable');
    expect(change.currentBeyondMillilitres! / change.currentMillilitres).toBeGreaterThan(0.8);
    const [back] = compare(screened(whole, MOTION, 3), before(lesion)).changes;
    expect([back.change, back.priorBeyondMillilitres! > 0.3]).toEqual(['stable', true]);
    const larger = after({ T11: [spot(1, 'blastic', [3, 0, 0], 9)], T12: [] });
    const [grown] = compare(larger, screened(before(lesion), IDENTITY, 3)).changes;
    // In the part that both searched it grew; how far it went on in the screened slices nobody knows.
    expect([grown.change, grown.atLeast]).toEqual(['increased', true]);
  });

  test('one where the other study only screened is neither new nor resolved, and in no total', () => {
    const aside = { T11: [spot(1, 'lytic', [12, 0, 0], 4)], T12: [] };
    const none = { T11: [], T12: [] };
    const [found] = compare(after(aside), screened(before(none), IDENTITY, 5)).changes;
    expect(found).toMatchObject({ change: 'marked-now' });
    expect(found.currentMillilitres).toBeGreaterThan(0.2);
    const [gone] = compare(screened(after(none), MOTION, 5), before(aside)).changes;
    expect(gone).toMatchObject({ change: 'marked-before' });
    expect([found, gone].map(({ percent }) => percent)).toEqual([undefined, undefined]);
    expect(comparisonTotals([found, gone])).toEqual([]);
    expect(compare(after(aside), before(none)).changes[0].change).toBe('new');
  });

  test.each([true, false])('a vertebra of which no slice was searched: the same, aligned or not (masks: %s)', masks => {
    const aside = { T11: [spot(1, 'lytic', [12, 0, 0], 4)], T12: [] };
    const none = { T11: [], T12: [] };
    const onlyScreened = new Set(['T11']);
    const changes = [
      ...compare(after(aside, masks), { ...before(none, masks), onlyScreened }).changes,
      ...compare({ ...after(none, masks), onlyScreened }, before(aside, masks)).changes,
    ];
    expect(changes.map(({ change }) => change)).toEqual(['marked-now', 'marked-before']);
  });

  test('without an alignment nobody knows whether the screened slices are where the lesion is', () => {
    const aside = { T11: [spot(1, 'lytic', [12, 0, 0], 4)], T12: [] };
    const partly = screened(before({ T11: [], T12: [] }), IDENTITY, 5);
    const changes = compare(after(aside), { ...partly, bodies: undefined }).changes;
    expect(changes.map(({ change }) => change)).toEqual(['not-comparable']);
  });

  test('well inside it, everything is told as before', () => {
    const inside = { T11: [spot(1, 'lytic', [-8, 0, 0], 4)], T12: [] };
    const larger = { T11: [spot(1, 'lytic', [-8, 0, 0], 6)], T12: [] };
    const [change] = compare(after(larger), leftOut(before(inside), IDENTITY, 5)).changes;
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
        compare(now, earlier).changes.map(({ change }) => change);
      expect(changes(grown, then)).toEqual(['increased', 'new']);
      const [now, earlier] = which === 'current' ? [{ ...grown, ...silent }, then] : [grown, { ...then, ...silent }];
      expect(changes(now, earlier)).toEqual(['not-comparable', 'not-comparable']);
      expect(changes({ ...earlier, ...silent }, earlier)).toEqual(['stable']);
    }
  );

  test('without masks of the earlier study nobody can tell where it did not search', () => {
    const unaligned = { ...half, bodies: undefined };
    expect(compare(whole, unaligned).changes[0].change).not.toMatch(/increased|resolved/);
  });
});

describe('lesions that a person took apart, joined, drew or renamed', () => {
  const halves = (kinds: readonly [LesionKind, LesionKind], uid?: string) => [
    { ...spot(1, kinds[0], [0, 0, 0], 0, uid), inside: (p: Vec3) => ball([0, 0, 0], 8)(p) && p[0] <= 1 },
    { ...spot(2, kinds[1], [0, 0, 0], 0), inside: (p: Vec3) => ball([0, 0, 0], 8)(p) && p[0] > 1 },
  ];
  const one = (kind: Lesion3dKind, uid?: string) => [
    { ...spot(1, 'lytic', [0, 0, 0], 8, uid), kind: kind as LesionKind },
  ];
  const whole = (all: StudyLesions): StudyLesions => ({
    ...all,
    segments: all.segments.map(segment => ({ ...segment, whole: true })),
  });
  const compared = (now: Spot[], then: Spot[], masks = true) =>
    compare(whole(after({ T11: now, T12: [] }, masks)), whole(before({ T11: then, T12: [] }, masks))).changes;

  test.each([undefined, '2.25.7'])(
    'split since: one lesion, stable, also where its larger part kept the UID (%s)',
    uid => {
      const [change, ...rest] = compared(halves(['lytic', 'lytic'], uid), one('lytic', uid));
      expect([change.change, change.kind, rest]).toEqual(['stable', 'lytic', []]);
      const [back, ...none] = compared(one('lytic', uid), halves(['lytic', 'lytic'], uid));
      expect([back.change, none]).toEqual(['stable', []]);
    }
  );

  test('without an alignment, all of one kind is held against all of that kind', () => {
    expect(compared(halves(['lytic', 'lytic']), one('lytic'), false)).toMatchObject([
      { change: 'stable', matchedBy: 'level' },
    ]);
  });

  test('without an alignment, a lesion of another kind is neither the same nor new', () => {
    expect(compared(one('blastic'), one('lytic'), false)).toMatchObject([
      { change: 'not-comparable', kind: 'blastic', priorKind: 'lytic' },
    ]);
  });

  test('a lytic and a blastic lesion joined to a mixed one, or taken apart: nothing resolved, nothing new', () => {
    const joined = compared(one('mixed'), halves(['lytic', 'blastic']));
    expect(joined).toMatchObject([{ change: 'stable', kind: 'mixed' }]);
    expect(joined[0].priorKind).toBeUndefined();
    expect(comparisonTotals(joined).map(({ kind }) => kind)).toEqual(['mixed']);
    expect(compared(halves(['lytic', 'blastic']), one('mixed'))).toMatchObject([{ change: 'stable', kind: 'mixed' }]);
  });

  test('drawn outside the bodies, where no study searched: neither new nor resolved; in both studies it is compared', () => {
    const arch = [spot(1, 'lytic', [0, 26, 0], 4)];
    expect(compared(arch, []).map(({ change }) => change)).toEqual(['not-comparable']);
    expect(compared([], arch).map(({ change }) => change)).toEqual(['not-comparable']);
    expect(compared(arch, arch).map(({ change }) => change)).toEqual(['stable']);
  });

  test('its vertebra was renamed since: known again by its UID, compared under both names', () => {
    const then = before({ T11: one('lytic', '2.25.7'), T12: [] });
    const now = after({ T11: one('lytic', '2.25.7'), T12: [] });
    const names: Readonly<Record<string, string>> = { T11: 'T12', T12: 'L1' };
    const renamed: StudyLesions = {
      ...now,
      segments: now.segments.map(segment => ({ ...segment, level: names[segment.level] })),
      vertebrae: now.vertebrae.map(({ label, level }) => ({ label, level: names[level] })),
      analysedLevels: ['T12', 'L1'],
      unsearched: new Map([...now.unsearched!].map(([level, voxels]) => [names[level], voxels])),
    };
    expect(compare(renamed, then).changes).toMatchObject([
      { change: 'stable', level: 'T12', priorLevel: 'T11', matchedBy: 'tracking' },
    ]);
    // Where the prior study left a part of it out, only an alignment could tell.
    const partly = new Map([...then.unsearched!, ['T11', new Set([1])]]);
    const smaller = { ...before({ T11: [spot(1, 'lytic', [0, 0, 0], 5, '2.25.7')], T12: [] }), unsearched: partly };
    expect(compare(renamed, smaller).changes[0].change).toBe('not-comparable');
  });

  test('a vertebra that only one of the studies has: neither new nor resolved', () => {
    const found = { T11: [], T12: [spot(1, 'lytic' as const, [0, 0, 0], 5)] };
    const without = (all: StudyLesions): StudyLesions => ({
      ...all,
      bodies: { ...all.bodies!, labels: all.bodies!.labels.map(label => (label === 2 ? 0 : label)) },
      vertebrae: all.vertebrae.slice(0, 1),
      analysedLevels: ['T11'],
      unsearched: new Map([['T11', new Set<number>()]]),
    });
    const none = { T11: [], T12: [] };
    expect(compare(after(found), without(before(none))).changes[0].change).toBe('not-comparable');
    expect(compare(without(after(none)), before(found)).changes[0].change).toBe('not-comparable');
  });

  test('a prior CT that ends within the vertebra: what lies beyond its last slice is not compared', () => {
    const found = { T11: [spot(1, 'lytic' as const, [0, 0, 8], 4)], T12: [] };
    const cut = (all: StudyLesions): StudyLesions => {
      const dims = [all.labelmap.dims[0], all.labelmap.dims[1], 46] as const;
      const shorten = (map: Labelmap): Labelmap => ({
        ...map,
        dims: [...dims],
        labels: map.labels.slice(0, dims[0] * dims[1] * dims[2]),
      });
      return { ...all, labelmap: shorten(all.labelmap), bodies: shorten(all.bodies!) };
    };
    const [change] = compare(after(found), cut(before({ T11: [], T12: [] }))).changes;
    expect(change.change).toBe('not-comparable');
  });

  test('thick slices in one of the studies: the same lesion is stable', () => {
    const spots = { T11: [spot(1, 'lytic' as const, [0, 0, 0], 8)], T12: [] };
    const thick = study(Float64Array.from(IDENTITY), [0.8, 0.8, 4], spots);
    expect(compare(after(spots), thick).changes).toMatchObject([{ change: 'stable' }]);
    expect(compare(study(Float64Array.from(MOTION), [0.8, 0.8, 4], spots), before(spots)).changes).toMatchObject([
      { change: 'stable' },
    ]);
  });
});

test('small differences are stable by share or by size', () => {
  expect([changeOf(2, 2.39), changeOf(2, 2.41), changeOf(2, 1.59), changeOf(0.1, 0.19), changeOf(0, 1)]).toEqual([
    ...['stable', 'increased', 'decreased', 'stable', 'new'],
  ]);
  expect(changeOf(1, 0)).toBe('resolved');
});
