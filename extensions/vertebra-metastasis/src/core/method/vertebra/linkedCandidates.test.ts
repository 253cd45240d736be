import { PATCH_PIXELS, PATCH_SIZE } from '../../types';
import { inferredScore, linkCandidates, nextToScore, type SlicedCandidate } from './linkedCandidates';

const RULE = { withinMm: 2.4, clearBy: 0.15, estimatesWithin: 0.3 };
const THRESHOLD = 0.5;

/** A square of pixels, `column` pixels along, in a slice. */
function square(
  slice: number,
  { column = 10, side = 6, kind = 'lytic' as const, estimate = 0.9 } = {}
): SlicedCandidate {
  const mask = new Uint8Array(PATCH_PIXELS);
  for (let r = 0; r < side; r++) for (let c = 0; c < side; c++) mask[(20 + r) * PATCH_SIZE + column + c] = 1;
  return { kind, mask, pixelCount: side * side, slice, offsetMm: 0.8 * slice, estimate };
}

/** Scores one after the other as they are asked for. @returns the order, and what became known of each */
function run(candidates: readonly SlicedCandidate[], scoreOf: (n: number) => number, rule = RULE) {
  const links = linkCandidates(candidates, 2.5);
  const scores = new Map<number, number>();
  const order: number[] = [];
  for (;;) {
    const next = nextToScore(candidates, links, scores, THRESHOLD, rule);
    if (next.length === 0) break;
    order.push(...next);
    for (const n of next) scores.set(n, scoreOf(n));
  }
  const all = candidates.map((_, n) => scores.get(n) ?? inferredScore(n, candidates, links, scores, THRESHOLD, rule));
  return { order, all, scored: scores };
}

test('candidates of neighbouring slices that overlap by half and are of one kind are one structure', () => {
  const moved = square(1, { column: 12 });
  const apart = square(1, { column: 40 });
  const blastic: SlicedCandidate = { ...square(1), kind: 'blastic' };
  expect(linkCandidates([square(0), moved, apart, blastic], 2.5)).toEqual([[1], [0], [], []]);
  // A slice between is missing, or the slices lie too far apart.
  expect(linkCandidates([square(0), square(2)], 2.5)).toEqual([[], []]);
  expect(linkCandidates([square(0), { ...square(1), offsetMm: 4 }], 2.5)).toEqual([[], []]);
});

test('of a long structure with clear scores few are scored, and the others follow', () => {
  const candidates = Array.from({ length: 13 }, (_, n) => square(n));
  const { all, scored } = run(candidates, () => 0.95);
  expect(scored.size).toBeLessThanOrEqual(4);
  all.forEach(score => expect(score).toBeCloseTo(0.95, 12));
});

test('where a structure turns from kept to not kept, every doubtful slice is scored itself', () => {
  const truth = [0.95, 0.94, 0.9, 0.8, 0.6, 0.45, 0.3, 0.1, 0.08];
  const candidates = truth.map((score, n) => square(n, { estimate: score }));
  const { all, scored } = run(candidates, n => truth[n]);
  [4, 5].forEach(n => expect(scored.has(n)).toBe(true));
  expect(scored.size).toBeLessThan(truth.length);
  expect(all.map(score => score! > THRESHOLD)).toEqual(truth.map(score => score > THRESHOLD));
});

test('nothing follows from a score near the threshold, from far away, or against the own first estimate', () => {
  const pair = [square(0), square(1)];
  expect(run(pair, () => 0.55).scored.size).toBe(2);
  expect(run(pair, () => 0.95).scored.size).toBe(1);
  const doubtful = [square(0, { side: 8 }), square(1, { estimate: 0.4 })];
  expect(run(doubtful, () => 0.95).scored.size).toBe(2);
  expect(run(pair, () => 0.95, { ...RULE, withinMm: 0.5 }).scored.size).toBe(2);
});

test('neighbours that contradict one another decide nothing', () => {
  const three = [square(0), square(1), square(2)];
  const links = linkCandidates(three, 2.5);
  const scores = new Map([
    [0, 0.95],
    [2, 0.1],
  ]);
  expect(inferredScore(1, three, links, scores, THRESHOLD, { ...RULE, estimatesWithin: 2 })).toBeUndefined();
});
