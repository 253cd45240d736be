import { labelExtents, patchFrame, patchSite, type Vec3 } from '../geometry';
import { accept, reject } from '../review/decide';
import type { SearchedSlice, VertebraFindings } from '../review/findings';
import { projectVertebra } from '../review/projection';
import { emptyReview, PUBLISHED_RULES, type ReviewState } from '../review/state';
import { ellipsoid, gridAlong, labelsOf, volumeOf } from '../testing/grids';
import { candidate, SPEC } from '../testing/study';
import { type LesionKind, PATCH_SIZE } from '../types';
import { connectedParts, touching } from './connect';
import {
  acceptLesion,
  canMerge,
  mergeLesions,
  probablyNotLesions,
  rejectLesion,
  restoreParts,
  splitLesion,
} from './decide';
import { findLesions } from './findLesions';
import type { LesionInput } from './types';
import type { Lesion3d } from './types';

type Inside = (position: Vec3) => number | boolean;

const LABEL = 20;
const L: Vec3 = [1, 0, 0];
const P: Vec3 = [0, 1, 0];
const S: Vec3 = [0, 0, 1];
const grid = gridAlong([L, P, S], [0.7, 0.7, 1], [80, 70, 50], [0, 0, 0]);
const body = ellipsoid([0, 0, 0], [22, 17, 14]);
const bodies = labelsOf(grid, position => (body(position) ? LABEL : 0));
const extents = labelExtents(bodies);
const site = patchSite(bodies, LABEL, SPEC);

interface Drawn {
  readonly kind: LesionKind;
  readonly inside: Inside;
  readonly score: number;
  /** Sagittal offsets in which it was found; default: all. */
  readonly at?: (offsetMm: number) => boolean;
}

/** What a perfect model finds: each lesion, cut by every slice. */
function found(lesions: readonly Drawn[], analysed = site.offsetsMm): VertebraFindings {
  const slices = analysed.map((offsetMm): SearchedSlice => {
    const frame = patchFrame(site, offsetMm, SPEC.spacingMm);
    const candidates = lesions.flatMap(({ kind, inside, score, at }, id) => {
      if (at && !at(offsetMm)) return [];
      const mask = Uint8Array.from({ length: PATCH_SIZE ** 2 }, (_, pixel) => {
        const [row, column] = [Math.floor(pixel / PATCH_SIZE), pixel % PATCH_SIZE];
        const [x, y, z] = frame.origin;
        return inside([x, y + row * SPEC.spacingMm.anteriorPosterior, z - column * SPEC.spacingMm.superiorInferior])
          ? 1
          : 0;
      });
      const one = candidate(id, kind, mask, score);
      return one.pixelCount >= 5 ? [one] : [];
    });
    return { offsetMm, frame, malignancyProbability: 0.9, candidates };
  });
  const rest = { centreLps: [0, 0, 0], screened: [], skipped: 0, malignancyProbability: 0.9 } as const;
  return { label: LABEL, level: 'T11', ...rest, slices, modelRules: PUBLISHED_RULES };
}

function review(lesions: readonly Drawn[], analysed?: readonly number[]): ReviewState {
  return { ...emptyReview, findings: [found(lesions, analysed && [...analysed])] };
}

function lesionsOf(state: ReviewState, more: Partial<LesionInput> = {}) {
  const extent = extents.get(LABEL)!;
  const projections = new Map(state.findings.map(one => [one, projectVertebra(bodies, extent, one)]));
  return findLesions({ grid, state, bodies, projectionOf: one => projections.get(one), ...more });
}

const blob: Drawn = { kind: 'blastic', inside: ellipsoid([8, -3, 2], [7, 5, 6]), score: 1.2 };
const hole: Drawn = { kind: 'lytic', inside: ellipsoid([-9, 5, -3], [5, 5, 4]), score: 0.8 };

describe('known truth, without noise', () => {
  test.each<[string, Vec3, Vec3]>([
    ['a ball', [0, 0, 0], [8, 8, 8]],
    ['a flat one', [4, -2, 1], [9, 6, 4]],
    ['a long one', [-5, 3, -2], [5, 4, 9]],
    ['a small one', [9, 0, 3], [4, 4, 4]],
  ])('%s: volume within 5 %, diameters within 1.5 mm', (_, centre, radii) => {
    const { lesions } = lesionsOf(review([{ kind: 'lytic', inside: ellipsoid(centre, radii), score: 0.9 }]));
    expect(lesions).toHaveLength(1);
    const [lesion] = lesions;
    const truth = ((4 / 3) * Math.PI * radii[0] * radii[1] * radii[2]) / 1000;
    expect(Math.abs(lesion.millilitres / truth - 1)).toBeLessThan(0.05);
    const axial = [radii[0], radii[1]].sort((a, b) => b - a);
    expect(Math.abs(lesion.longestAxialMm - 2 * axial[0])).toBeLessThan(1.5);
    expect(Math.abs(lesion.perpendicularAxialMm - 2 * axial[1])).toBeLessThan(1.5);
    expect(Math.abs(lesion.longestMm - 2 * Math.max(...radii))).toBeLessThan(1.5);
  });
});

test('one row per lesion: named, placed, scored, with its slices; the largest first', () => {
  const { lesions, labelmap } = lesionsOf(review([hole, blob, { ...hole, inside: ellipsoid([-9, -6, 6], [3, 3, 3]) }]));
  expect(lesions.map(({ name, index }) => [name, index])).toEqual([
    ['T11 blastic 1', 1],
    ['T11 lytic 1', 2],
    ['T11 lytic 2', 3],
  ]);
  const [first, second] = lesions;
  expect(first).toMatchObject({
    level: 'T11',
    kind: 'blastic',
    vertebraLabel: LABEL,
    rawScore: 1.2,
    score: 1,
    touched: false,
    place: { side: 'left', depth: 'middle', height: 'middle' },
  });
  expect(second.place).toEqual({ side: 'right', depth: 'middle', height: 'middle' });
  expect(first.slices.length).toBeGreaterThan(12);
  for (const { candidates, score } of first.slices) expect([candidates.length, score]).toEqual([1, 1.2]);
  const counts = lesions.map(({ index }) => labelmap.labels.filter(label => label === index).length);
  expect(counts).toEqual(lesions.map(({ voxels }) => voxels));
  expect(lesionsOf(review([hole, blob])).lesions.map(({ id }) => id)).not.toContain(undefined);
});

test('a gap of one slice is bridged, a wider one is not; kinds stay apart', () => {
  const without = (missing: number) => (offset: number) => Math.abs(offset - 8) > (missing * 0.8) / 2;
  const count = (missing: number) => lesionsOf(review([{ ...blob, at: without(missing) }])).lesions.length;
  expect([count(0), count(1), count(5)]).toEqual([1, 1, 2]);
  const both = lesionsOf(review([blob, { ...blob, kind: 'lytic', inside: ellipsoid([8, -13, 2], [7, 5, 6]) }]));
  expect(both.lesions.map(({ kind }) => kind).sort()).toEqual(['blastic', 'lytic']);
});

test('where every third slice was analysed a lesion is still one', () => {
  const every = (n: number) => site.offsetsMm.filter((_, at) => at % n === 0);
  expect(lesionsOf(review([blob], every(3))).lesions).toHaveLength(1);
  expect(lesionsOf(review([blob, hole], every(4))).lesions).toHaveLength(2);
});

describe('flags', () => {
  const volume = volumeOf(grid, position => (blob.inside(position) ? 600 : hole.inside(position) ? -20 : 180));

  test('none for what is as it should be', () => {
    expect(lesionsOf(review([blob, hole]), { volume }).lesions.map(({ flags }) => flags)).toEqual([[], []]);
  });

  test('seen in one slice only; not where only one slice was analysed', () => {
    const once = { ...blob, at: (offset: number) => Math.abs(offset - 8) < 0.1 };
    expect(lesionsOf(review([once])).lesions[0].flags).toEqual(['single-slice']);
    expect(lesionsOf(review([blob], [8])).lesions[0].flags).not.toContain('single-slice');
  });

  test('attenuation unlike its kind', () => {
    const wrong = lesionsOf(review([{ ...blob, kind: 'lytic' }]), { volume }).lesions[0];
    expect([wrong.flags, wrong.huMean! > 550]).toEqual([['hu-unlike-kind'], true]);
    expect(lesionsOf(review([{ ...blob, kind: 'lytic' }])).lesions[0].flags).toEqual([]);
  });

  test('abuts the cortex', () => {
    const shell: Inside = position => body(position) && !ellipsoid([0, 0, 0], [20.6, 15.6, 12.6])(position);
    const rim = { ...blob, inside: (at: Vec3) => shell(at) && at[1] < -8 };
    expect(lesionsOf(review([rim])).lesions[0].flags).toContain('hugs-cortex');
  });

  test('touches the edge of what was searched', () => {
    const part = site.offsetsMm.filter(offset => offset < 9);
    expect(lesionsOf(review([blob], part)).lesions[0].flags).toEqual(['at-search-edge']);
    expect(lesionsOf(review([hole], part)).lesions[0].flags).toEqual([]);
  });

  test('touches slices that were screened and not searched', () => {
    const healthy = site.offsetsMm.filter(offset => offset >= 9);
    const screened = healthy.map(offset => patchFrame(site, offset, SPEC.spacingMm));
    const [findings] = review(
      [blob, hole],
      site.offsetsMm.filter(offset => offset < 9)
    ).findings;
    const { lesions } = lesionsOf({ ...emptyReview, findings: [{ ...findings, screened }] });
    expect(lesions.map(({ kind, flags }) => [kind, flags])).toEqual([
      ['blastic', ['at-search-edge']],
      ['lytic', []],
    ]);
  });

  test('what is probably no lesion is told; the edge of the search alone does not make it so', () => {
    const part = site.offsetsMm.filter(offset => offset < 9);
    expect(probablyNotLesions(lesionsOf(review([blob, hole], part)))).toEqual([]);
    const once = { ...hole, at: (offset: number) => Math.abs(offset + 8) < 0.1 };
    expect(probablyNotLesions(lesionsOf(review([blob, once]))).map(({ kind }) => kind)).toEqual(['lytic']);
  });
});

describe('decisions', () => {
  const state = review([blob, hole]);
  const [first, second] = lesionsOf(state).lesions;
  const named = (lesions: readonly Lesion3d[]) => lesions.map(({ name, verdict }) => `${name} ${verdict ?? '-'}`);

  test('one decision for all of a lesion; a rejected one stays listed, out of the labelmap', () => {
    const accepted = acceptLesion(state, first);
    expect(named(lesionsOf(accepted).lesions)).toEqual(['T11 blastic 1 accepted', 'T11 lytic 1 -']);
    const rejected = lesionsOf(rejectLesion(accepted, second, 'schmorl'));
    expect(rejected.lesions[1]).toMatchObject({ verdict: 'rejected', reason: 'schmorl', index: 0, id: second.id });
    expect(rejected.lesions[1].millilitres).toBe(second.millilitres);
    expect(new Set(rejected.labelmap.labels)).toEqual(new Set([0, 1]));
  });

  test('a part decided otherwise leaves the lesion undecided', () => {
    const one = first.slices[0].candidates;
    expect(lesionsOf(accept(state, one)).lesions[0].verdict).toBeUndefined();
    const less = lesionsOf(reject(state, one, 'artefact')).lesions[0];
    expect([less.id, less.voxels < first.voxels]).toEqual([first.id, true]);
  });

  test('split and merged again: the same voxels', () => {
    const half = first.slices.slice(0, 6).flatMap(({ candidates }) => candidates);
    const split = splitLesion(state, first, half);
    const parts = lesionsOf(split).lesions.filter(({ kind }) => kind === 'blastic');
    expect(parts).toHaveLength(2);
    expect(parts[0].voxels + parts[1].voxels).toBe(first.voxels);
    const again = lesionsOf(mergeLesions(split, parts)).lesions.find(({ kind }) => kind === 'blastic')!;
    expect(again.offsets).toEqual(first.offsets);
    const back = parts.reduce((now, part) => restoreParts(now, part), split);
    expect(lesionsOf(back).lesions[0].offsets).toEqual(first.offsets);
    // Decisions about a part are kept and concern it alone.
    expect(named(lesionsOf(acceptLesion(split, parts[1])).lesions)).toEqual([
      'T11 blastic 1 -',
      'T11 lytic 1 -',
      'T11 blastic 2 accepted',
    ]);
    expect(splitLesion(state, first, [])).toBe(state);
  });

  test('what was split off stays apart from its rest when it is merged with another, or drawn into', () => {
    const half = first.slices.slice(0, 6).flatMap(({ candidates }) => candidates);
    const split = splitLesion(state, first, half);
    const blastic = (now: ReviewState) => lesionsOf(now).lesions.filter(({ kind }) => kind === 'blastic');
    const [large, small] = blastic(split);
    // As what is merged: two parts of one lesion, and a third that does not touch them.
    const third = { ...blob, inside: ellipsoid([-14, -3, 2], [3, 3, 3]) };
    const three = splitLesion(review([blob, third]), first, half);
    for (const part of [large, small]) {
      const other = blastic(three).find(({ voxels }) => voxels < small.voxels)!;
      const sizes = blastic(mergeLesions(three, [part, other])).map(({ voxels }) => voxels);
      const rest = part === large ? small : large;
      expect(sizes.sort((a, b) => a - b)).toEqual([rest.voxels, part.voxels + other.voxels].sort((a, b) => a - b));
    }
    for (const part of [large, small]) {
      const end = part === small ? part.offsets[0] : part.offsets.at(-1)!;
      const drawn = part.offsets.includes(end + 1) ? end - 1 : end + 1;
      const lesion = { vertebraLabel: LABEL, level: 'T11', kind: 'blastic' } as const;
      const stroke = { offsets: Uint32Array.of(drawn), values: Uint8Array.of(1), lesions: [lesion], touched: [lesion] };
      const sizes = blastic({ ...split, strokes: [stroke] }).map(({ id, voxels }) => [id, voxels]);
      expect(sizes).toEqual([large, small].map(({ id, voxels }) => [id, voxels + Number(id === part.id)]));
    }
  });

  test('kinds that touch join into a mixed lesion, others do not', () => {
    const rim: Drawn = { kind: 'lytic', score: 0.7, inside: ellipsoid([-3, -3, 2], [4.2, 5, 6]) };
    const both = review([blob, { ...rim, inside: at => rim.inside(at) && !blob.inside(at) }]);
    const before = lesionsOf(both);
    const [a, b] = before.lesions;
    expect(canMerge(a, b, before)).toBe(true);
    const { lesions, labelmap } = lesionsOf(mergeLesions(both, [a, b]));
    expect(lesions.map(({ name, voxels }) => [name, voxels])).toEqual([['T11 mixed 1', a.voxels + b.voxels]]);
    expect(new Set(labelmap.labels)).toEqual(new Set([0, 1]));
    expect(canMerge(first, second, lesionsOf(state))).toBe(false);
    expect(canMerge(first, first, lesionsOf(state))).toBe(false);
  });
});

test('parts: corners connect, layers do not, the bridge reaches along its axis alone', () => {
  const dims = [6, 3, 2] as const;
  const at = (i: number, j: number, k: number) => i + 6 * (j + 3 * k);
  expect(connectedParts([at(0, 0, 0), at(1, 1, 1)], { dims })).toEqual([[at(0, 0, 0), at(1, 1, 1)]]);
  const apart = [at(0, 0, 0), at(2, 0, 0)];
  expect(connectedParts(apart, { dims })).toHaveLength(2);
  expect(connectedParts(apart, { dims }, { axis: 0, steps: 2 })).toHaveLength(1);
  expect(connectedParts(apart, { dims }, { axis: 1, steps: 2 })).toHaveLength(2);
  expect(connectedParts([0, 1], { dims }, undefined, offset => offset)).toHaveLength(2);
  expect([touching([0], [1], { dims }), touching([0], [2], { dims })]).toEqual([true, false]);
});

test('a kept region between the voxel centres of a coarse CT is a lesion that can be rejected', () => {
  // Voxels of 3 x 3 x 3 mm: four or more patch pixels apart.
  const coarse = gridAlong([L, P, S], [3, 3, 3], [20, 20, 16], [0, 0, 0]);
  const coarseBodies = labelsOf(coarse, position => (body(position) ? LABEL : 0));
  const extent = labelExtents(coarseBodies).get(LABEL)!;
  const whole = found([blob], [8]);
  const { pixels } = projectVertebra(coarseBodies, extent, whole);
  const taken = new Set(pixels);
  const isFree = (column: number) =>
    Array.from({ length: 5 }, (_, n) => !taken.has((30 + n) * PATCH_SIZE + column)).every(Boolean);
  const column = Array.from({ length: 8 }, (_, n) => 30 + n).find(isFree)!;
  const mask = new Uint8Array(PATCH_SIZE ** 2);
  for (let n = 0; n < 5; n++) mask[(30 + n) * PATCH_SIZE + column] = 1;
  const [slice] = whole.slices;
  const thin: VertebraFindings = { ...whole, slices: [{ ...slice, candidates: [candidate(0, 'lytic', mask, 1.4)] }] };
  const state: ReviewState = { ...emptyReview, findings: [thin] };
  const find = (now: ReviewState) =>
    findLesions({
      grid: coarse,
      state: now,
      bodies: coarseBodies,
      projectionOf: one => projectVertebra(coarseBodies, extent, one),
    });

  const { lesions, labelmap } = find(state);
  expect(lesions.map(({ name, voxels, rawScore }) => [name, voxels, rawScore])).toEqual([['T11 lytic 1', 1, 1.4]]);
  expect(labelmap.labels.filter(Boolean)).toHaveLength(1);
  const after = find(rejectLesion(state, lesions[0], 'artefact'));
  expect(after.lesions.map(({ name, verdict, voxels }) => [name, verdict, voxels])).toEqual([
    ['T11 lytic 1', 'rejected', 1],
  ]);
  expect(after.labelmap.labels.some(Boolean)).toBe(false);
});
