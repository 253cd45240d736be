import { applyAffine, labelExtents, type Vec3 } from '../geometry';
import { gridAlong, labelsOf } from '../testing/grids';
import type { Labelmap } from '../types';
import { bodyShape } from './bodyShape';
import { levelPlans } from './plan';
import { type SearchedBody, sectorSuggestion } from './sectors';
import { SINS_FIELDS, SINS_POINTS, type SinsAnswers, sinsLesion, sinsLocation, sinsOptions, sinsScore } from './sins';
import { collapse, sagittalAlignment, sinsAlignment, sinsCollapse } from './stability';

const grid = gridAlong(
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [2, 1, 1],
  [24, 52, 120],
  [0, 0, 0]
);

interface Block {
  centre: Vec3;
  /** Heights in front and behind, mm. */
  front: number;
  back: number;
  /** Lean forwards, degrees. */
  lean?: number;
}
/** A body 40 mm wide and 32 deep, its end plates straight lines from front to back. */
const inside =
  ({ centre, front, back, lean = 0 }: Block) =>
  ([x, y, z]: Vec3) => {
    const [c, s] = [Math.cos((lean * Math.PI) / 180), Math.sin((lean * Math.PI) / 180)];
    const [dy, dz] = [y - centre[1], z - centre[2]];
    const [a, t] = [dy * c + dz * s, -dy * s + dz * c];
    const height = front + ((back - front) * (a + 16)) / 32;
    return Math.abs(x - centre[0]) <= 20 && Math.abs(a) <= 16 && Math.abs(t) <= height / 2;
  };
function spine(...blocks: Block[]) {
  const bodies = labelsOf(grid, position => blocks.findIndex(block => inside(block)(position)) + 1);
  const extents = labelExtents(bodies);
  return { bodies, extents, shapes: blocks.map((_, n) => bodyShape(bodies, extents.get(n + 1)!)!) };
}
const block = (z: number, front = 26, back = 26, more: Partial<Block> = {}): Block => ({
  centre: [0, 0, z],
  front,
  back,
  ...more,
});

describe('SINS', () => {
  test('0 to 18 points; no sum before the last field is set', () => {
    const worst = Object.fromEntries(SINS_FIELDS.map(field => [field, sinsOptions(field)[0].answer])) as SinsAnswers;
    expect(sinsScore(worst)).toEqual({ total: 18, range: 'unstable' });
    const best = Object.fromEntries(
      SINS_FIELDS.map(field => [field, sinsOptions(field).at(-1)!.answer])
    ) as SinsAnswers;
    expect(sinsScore(best)).toEqual({ total: 0, range: 'stable' });
    for (const field of SINS_FIELDS) expect(sinsScore({ ...worst, [field]: undefined })).toBeUndefined();
  });

  test('the ranges end at 6 and 12', () => {
    const base: SinsAnswers = {
      location: 'junctional',
      pain: 'none',
      lesion: 'lytic',
      alignment: 'normal',
      collapse: 'bodyOver50',
      posterolateral: 'none',
    };
    expect(sinsScore(base)).toEqual({ total: 6, range: 'stable' });
    expect(sinsScore({ ...base, pain: 'occasional' })).toEqual({ total: 7, range: 'potentially-unstable' });
    const twelve: SinsAnswers = { ...base, pain: 'mechanical', posterolateral: 'bilateral' };
    expect(sinsScore(twelve)).toEqual({ total: 12, range: 'potentially-unstable' });
    expect(sinsScore({ ...twelve, collapse: 'under50' })).toEqual({ total: 13, range: 'unstable' });
  });

  test('location by level, as published', () => {
    const at = (points: number) =>
      [
        'C1',
        'C2',
        'C3',
        'C6',
        'C7',
        'T2',
        'T3',
        'T10',
        'T11',
        'T12',
        'T13',
        'L1',
        'L2',
        'L4',
        'L5',
        'L6',
        'S1',
        'S2',
      ].filter(level => SINS_POINTS.location[sinsLocation(level)!] === points);
    expect(at(3)).toEqual(['C1', 'C2', 'C7', 'T2', 'T11', 'T12', 'T13', 'L1', 'L5', 'L6', 'S1']);
    expect(at(2)).toEqual(['C3', 'C6', 'L2', 'L4']);
    expect(at(1)).toEqual(['T3', 'T10']);
    expect(at(0)).toEqual(['S2']);
    expect(sinsLocation('V3')).toBeUndefined();
  });

  test('a kind with less than a fifth of the volume does not make a lesion mixed', () => {
    expect([sinsLesion(1, 0), sinsLesion(0, 1), sinsLesion(1, 0.24), sinsLesion(1, 0.26), sinsLesion(0, 0)]).toEqual([
      ...['lytic', 'blastic', 'lytic', 'mixed', undefined],
    ]);
  });
});

describe('measured in the sagittal plane', () => {
  test('heights and wedge of a body, upright and leaning', () => {
    for (const lean of [0, 15, -25]) {
      const [shape] = spine(block(0, 20, 26, { lean })).shapes;
      expect(shape.anteriorMm).toBeGreaterThan(20);
      expect(shape.anteriorMm).toBeLessThan(22.6);
      expect(Math.abs(shape.middleMm - 23)).toBeLessThan(1.2);
      expect(Math.abs(shape.posteriorMm - 25)).toBeLessThan(1.2);
      expect(Math.abs(shape.wedgeDegrees - 10.6)).toBeLessThan(2.5);
    }
  });

  test('a body cut by the border of the CT is not measured', () => {
    const { bodies, extents } = spine(block(50));
    expect(bodyShape(bodies, extents.get(1)!)).toBeUndefined();
  });

  test.each([
    [26, 'none'],
    [19, 'under50'],
    [8, 'over50'],
  ] as const)('collapse: %s mm in front where 26 are expected', (front, answer) => {
    const [above, middle, below] = spine(block(40), block(0, front, 26), block(-40)).shapes;
    const measured = collapse(middle, [
      { level: 'T11', shape: above },
      { level: 'L1', shape: below },
    ])!;
    expect(sinsCollapse(measured, 10)).toBe(answer);
    if (front < 26) expect(measured).toMatchObject({ at: 'anterior', comparedWith: ['T11', 'L1'] });
  });

  test('more than half of an upright body involved; not known without the share', () => {
    const [above, middle] = spine(block(40), block(0)).shapes;
    const measured = collapse(middle, [{ level: 'T11', shape: above }])!;
    expect(sinsCollapse(measured, 51)).toBe('bodyOver50');
    expect(sinsCollapse(measured, undefined)).toBeUndefined();
    expect(collapse(middle, [])).toBeUndefined();
  });

  test('a step of the posterior wall is a translation, a wedge more than its neighbours a deformity', () => {
    const of = (moved: Block) => {
      const [above, middle, below] = spine(block(40), moved, block(-40)).shapes;
      return sagittalAlignment(middle, { level: 'T11', shape: above }, { level: 'L1', shape: below })!;
    };
    const straight = of(block(0));
    expect(straight.stepMm).toBeLessThan(1);
    expect(sinsAlignment(straight, 'T12')).toBe('normal');
    const slipped = of(block(0, 26, 26, { centre: [0, -6, 0] }));
    expect(Math.abs(slipped.stepMm - 6)).toBeLessThan(1.1);
    expect(sinsAlignment(slipped, 'T12')).toBe('subluxation');
    const wedged = of(block(0, 17, 26));
    expect(sinsAlignment(wedged, 'T12')).toBe('deformity');
  });
});

describe('sectors', () => {
  const { bodies, extents } = spine(block(0));
  const suggest = (
    inLesion: (position: Vec3) => boolean,
    notSearched: (position: Vec3) => boolean = () => false,
    screened: (position: Vec3) => boolean = () => false,
    percent = 10
  ) =>
    sectorSuggestion(
      bodies,
      extents.get(1)!,
      labelsOf(grid, position => (inLesion(position) ? 1 : 0)),
      {
        slices: 9,
        unsearched: voxelsOf(bodies, position => notSearched(position) || screened(position)),
      },
      percent
    );
  const ball =
    (x: number, radius: number) =>
    ([a, b, c]: Vec3) =>
      Math.hypot(a - x, b, c) <= radius;

  test('left in the patient is +x: left pedicle 2, right pedicle 6', () => {
    expect(suggest(ball(12, 6))).toMatchObject({ pattern: 'left', sectors: [1, 2] });
    expect(suggest(ball(-12, 6))).toMatchObject({ pattern: 'right', sectors: [1, 6] });
  });
  test('central: the body alone; both sides or half the body: both pedicles', () => {
    expect(suggest(ball(0, 6))).toMatchObject({ pattern: 'central', sectors: [1] });
    expect(suggest(p => ball(12, 5)(p) || ball(-12, 5)(p))).toMatchObject({ pattern: 'diffuse', sectors: [1, 2, 6] });
    expect(suggest(([x]) => x > 0, undefined, undefined, 50)).toMatchObject({ pattern: 'diffuse', lesionPercent: 50 });
  });
  test('nothing in the body, no suggestion', () => {
    expect(suggest(() => false)).toBeUndefined();
  });
  test('silent where an outer third was not searched, wherever the lesion lies', () => {
    const middleOnly = ([x]: Vec3) => Math.abs(x) > 8;
    for (const x of [0, 5, -5, 12]) expect(suggest(ball(x, 3), middleOnly)).toBe('not-searched');
    expect(suggest(ball(-12, 6), ([x]) => x > 8)).toBe('not-searched');
    expect(suggest(ball(-12, 6), ([x]) => x < -8)).toBe('not-searched');
    // Slices that were only screened show no lesion, whether there is one or not.
    expect(suggest(ball(0, 6), undefined, ([x]) => Math.abs(x) > 8)).toBe('not-searched');
    // The rim is always left out.
    expect(suggest(ball(-12, 6), ([x]) => Math.abs(x) > 19)).toMatchObject({ pattern: 'right' });
  });
});

/** Offsets of body voxels. */
function voxelsOf({ labels, dims, indexToLps }: Labelmap, chosen: (position: Vec3) => boolean, label = 1): Set<number> {
  const found = new Set<number>();
  labels.forEach((one, at) => {
    const index: Vec3 = [at % dims[0], Math.floor(at / dims[0]) % dims[1], Math.floor(at / (dims[0] * dims[1]))];
    if (one === label && chosen(applyAffine(indexToLps, index))) found.add(at);
  });
  return found;
}

test('a plan proposes what can be measured and never pain or posterolateral involvement', () => {
  const { bodies } = spine(block(40), block(0, 20, 20), block(-40));
  const lesions = labelsOf(grid, ([x, y, z]) => (Math.hypot(x - 12, y, z) <= 6 ? 1 : 0));
  const vertebrae = ['T11', 'T12', 'L1'].map((level, n) => ({ label: n + 1, level }));
  const kind = (millilitres: number) => ({
    voxels: 1,
    cubicMillimetres: 1000 * millilitres,
    millilitres,
    hu: { mean: 0, standardDeviation: 0, minimum: 0, maximum: 0, median: 0 },
    huPercentiles: { p10: 0, p90: 0 },
  });
  const affected = [{ level: 'T12', lytic: kind(0.9), percent: 3 }];
  const searched = new Map([[2, { slices: 9, unsearched: new Set<number>() }]]);
  const [plan] = levelPlans({ bodies, lesions, vertebrae, affected, searched });
  expect(plan.proposed).toEqual({ location: 'junctional', lesion: 'lytic', alignment: 'normal', collapse: 'under50' });
  expect(plan.sectors).toMatchObject({ pattern: 'left' });
  const [blind] = levelPlans({ bodies: undefined, lesions, vertebrae: [], affected });
  expect(blind).toEqual({ level: 'T12', proposed: { location: 'junctional', lesion: 'lytic' } });
});

describe('a plan says on how much of the body it rests', () => {
  const { bodies } = spine(block(40), block(0), block(-40));
  const lesions = labelsOf(grid, ([x, y, z]) => (Math.hypot(x, y, z) <= 6 ? 1 : 0));
  const vertebrae = ['T11', 'T12', 'L1'].map((level, n) => ({ label: n + 1, level }));
  /** Lesions fill nearly all that was searched. */
  const affected = [{ level: 'T12', percent: 80 }];
  const planOf = (searched?: SearchedBody) =>
    levelPlans({
      bodies,
      lesions,
      vertebrae,
      affected,
      ...(searched ? { searched: new Map([[2, searched]]) } : {}),
    })[0];

  test('all of it: the share of the body is proposed', () => {
    const plan = planOf({ slices: 30, unsearched: new Set() });
    expect(plan).toMatchObject({ searchedSlices: 30, searchedPercent: 100, proposed: { collapse: 'bodyOver50' } });
  });
  test('one slice: neither sectors nor a share of the body', () => {
    const plan = planOf({ slices: 1, unsearched: voxelsOf(bodies, ([x]) => Math.abs(x) > 1, 2) });
    expect(plan).toMatchObject({ searchedSlices: 1, sectors: 'not-searched' });
    expect(plan.searchedPercent).toBeLessThan(10);
    expect(plan.proposed).not.toHaveProperty('collapse');
  });
  test('nine tenths: what was not searched must not matter for the share', () => {
    const nearly = { slices: 27, unsearched: voxelsOf(bodies, ([x]) => x > 17, 2) };
    const of = (percent: number) =>
      levelPlans({
        bodies,
        lesions,
        vertebrae,
        affected: [{ level: 'T12', percent }],
        searched: new Map([[2, nearly]]),
      })[0].proposed.collapse;
    expect([of(20), of(48), of(52), of(80)]).toEqual(['none', undefined, undefined, 'bodyOver50']);
  });
  test('the share told beside the sectors is the burden’s; without one they stay silent', () => {
    const all = { slices: 30, unsearched: new Set<number>() };
    expect(planOf(all).sectors).toMatchObject({ lesionPercent: 80 });
    const unknown = { bodies, lesions, vertebrae, affected: [{ level: 'T12' }], searched: new Map([[2, all]]) };
    expect(levelPlans(unknown)[0].sectors).toBe('unknown-search');
  });
  test('nobody knows how much: silent as well', () => {
    const plan = planOf();
    expect(plan.sectors).toBe('unknown-search');
    expect(plan.proposed).not.toHaveProperty('collapse');
  });
});
