import { candidate, square } from '../testing/study';
import { PATCH_PIXELS, type PatchMask } from '../types';
import { type OutlinedSlice, outlineAcrossSlices } from './acrossSlices';

const RULE = { sliceMm: 0.8, attributionThreshold: 0.5, minPixels: 5 };
const BODY = square(20);
/** Bone of 200 HU with a little of a pattern, in which `lesions` have `level`. */
const bone = (lesions: readonly PatchMask[], level = 20) =>
  Float32Array.from({ length: PATCH_PIXELS }, (_, i) =>
    lesions.some(mask => mask[i]) ? level + (i % 5) : BODY[i] ? 200 + 3 * (i % 7) : 0
  );
const slice = (
  at: number,
  lesions: readonly PatchMask[],
  candidates: OutlinedSlice['candidates'],
  sign: 1 | -1 = 1
): OutlinedSlice => ({
  offsetMm: at * RULE.sliceMm,
  candidates,
  hu: bone(lesions, sign > 0 ? 20 : 500),
  bodyMask: BODY,
  differenceMap: Float32Array.from({ length: PATCH_PIXELS }, (_, i) =>
    lesions.some(mask => mask[i]) ? 0.3 * sign : 0
  ),
});
const lytic = (mask: PatchMask, id = 0, score = 0.9) => candidate(id, 'lytic', mask, score);
const pixels = (mask: PatchMask) => mask.reduce((sum, inside) => sum + inside, 0);

it('a lesion that each slice outlines too small comes out whole, in every slice that shows it and in no other', () => {
  const lesion = square(4);
  const slices = [
    slice(0, [lesion], [lytic(square(3))]),
    slice(1, [lesion], [lytic(square(2))]),
    slice(2, [lesion], [lytic(square(3))]),
    slice(3, [lesion], []),
  ];
  const found = outlineAcrossSlices(slices, RULE);
  expect(found.map(one => one.length)).toEqual([1, 1, 1, 0]);
  // The corners are rounded off by the blur.
  for (const [one] of found.slice(0, 3)) {
    expect(Math.abs(one.pixelCount - 81)).toBeLessThanOrEqual(8);
    expect(pixels(one.mask)).toBe(one.pixelCount);
    expect(one.leftOut).toBeUndefined();
  }
  expect(pixels(slices[1].candidates[0].mask)).toBe(25);
});
it('what is no lesion at the level of the whole is contradicted, and keeps its outline', () => {
  const lesion = square(4);
  const slices = [0, 1, 2].map(at => slice(at, at < 2 ? [lesion] : [], [lytic(square(3))]));
  const [, , [last]] = outlineAcrossSlices(slices, RULE);
  expect(last).toMatchObject({ leftOut: 'contradicted', pixelCount: 49 });
});
it('two candidates of a slice divide the outline between them', () => {
  const lesion = square(5);
  const [left, right] = [square(2, 0, -3), square(2, 0, 3)];
  const slices = [slice(0, [lesion], [lytic(square(4))]), slice(1, [lesion], [lytic(left, 0), lytic(right, 1)])];
  const [, [a, b]] = outlineAcrossSlices(slices, RULE);
  expect(a.mask.some((inside, i) => inside && b.mask[i])).toBe(false);
  expect(Math.abs(a.pixelCount + b.pixelCount - 121)).toBeLessThanOrEqual(8);
  expect(Math.min(a.pixelCount, b.pixelCount)).toBeGreaterThan(40);
});
it('candidates that do not count, and slices with none that do, stay as they are', () => {
  const lesion = square(4);
  const others = [lytic(square(3), 0, 0.4), { ...lytic(square(3), 1), leftOut: 'isolated' as const }];
  const slices = [slice(0, [lesion], others), slice(1, [lesion], others)];
  expect(outlineAcrossSlices(slices, RULE)).toEqual([others, others]);
});
it('a structure without contrast to the bone around is contradicted', () => {
  const nothing = [slice(0, [], [lytic(square(3))]), slice(1, [], [lytic(square(3))])];
  const found = outlineAcrossSlices(nothing, RULE).flat();
  expect(found.map(({ leftOut, pixelCount }) => [leftOut, pixelCount])).toEqual(Array(2).fill(['contradicted', 49]));
});
it('one without bone around keeps its outlines', () => {
  const all = square(20);
  const slices = [0, 1].map(at => slice(at, [all], [lytic(square(19))]));
  expect(outlineAcrossSlices(slices, RULE)).toEqual(slices.map(({ candidates }) => candidates));
});
it('a gap between slices separates structures', () => {
  const lesion = square(4);
  const slices = [slice(0, [lesion], [lytic(square(3))]), slice(2, [], [lytic(square(3))])];
  const [[first], [second]] = outlineAcrossSlices(slices, RULE);
  expect(Math.abs(first.pixelCount - 81)).toBeLessThanOrEqual(8);
  expect(second).toEqual({ ...slices[1].candidates[0], leftOut: 'contradicted' });
});
it('what a larger structure takes is covered', () => {
  const lesion = square(6);
  const edge = square(2).map((_, i) => (Math.floor(i / 64) === 38 && Math.abs((i % 64) - 32) <= 2 ? 1 : 0));
  const slices = [0, 1].map(at => slice(at, [lesion], [lytic(edge, 0), lytic(square(4), 1)]));
  for (const [swallowed, main] of outlineAcrossSlices(slices, RULE)) {
    // Three pixels of each corner lie more than two steps from the smaller outline.
    expect(main.pixelCount).toBe(169 - 4 * 3);
    expect(swallowed).toMatchObject({ leftOut: 'covered', mask: edge });
  }
});
