import { PATCH_PIXELS, PATCH_SIZE, type LesionKind, type ScoredCandidate } from '../types';
import { isKept } from './keep';
import { dilated, eroded, filled, smoothed } from './morphology';
import { refineOutlines } from './outline';

const disc = (row: number, column: number, radius: number) =>
  Uint8Array.from({ length: PATCH_PIXELS }, (_, i) =>
    Math.hypot(Math.floor(i / PATCH_SIZE) - row, (i % PATCH_SIZE) - column) <= radius ? 1 : 0
  );
const count = (mask: ArrayLike<number>) => Array.from(mask).filter(value => value > 0).length;
const dice = (a: Uint8Array, b: Uint8Array) => (2 * count(a.map((inside, i) => inside & b[i]))) / (count(a) + count(b));

const body = disc(32, 32, 20);
/** Marrow of 0.5 with discs of other levels in it. */
const image = (...discs: (readonly [mask: Uint8Array, level: number])[]) =>
  smoothed(
    Float32Array.from(
      { length: PATCH_PIXELS },
      (_, i) => discs.find(([mask]) => mask[i])?.[1] ?? (body[i] ? 0.5 : 0.2)
    ),
    0.6
  );
/** What a clean edit takes away, largest in the middle. */
const difference = (mask: Uint8Array, kind: LesionKind) =>
  smoothed(
    Float32Array.from(mask, inside => (inside ? (kind === 'lytic' ? 0.3 : -0.3) : 0)),
    2
  );
const candidate = (id: number, kind: LesionKind, mask: Uint8Array, attributionScore = 0.9): ScoredCandidate => ({
  id,
  kind,
  mask,
  pixelCount: count(mask),
  attributionScore,
  probability: 0.9,
  kept: false,
});

describe('refineOutlines', () => {
  const lesion = disc(30, 34, 7);
  const half = disc(30, 34, 4.5);

  test.each([
    ['blastic', 0.9],
    ['lytic', 0.25],
  ] as const)('a %s candidate that is half of the lesion grows to all of it', (kind, level) => {
    const [refined] = refineOutlines(
      [candidate(0, kind, half)],
      image([lesion, level]),
      body,
      difference(lesion, kind),
      5
    );
    expect(dice(half, lesion)).toBeLessThan(0.65);
    expect(dice(refined.mask, lesion)).toBeGreaterThan(0.9);
    expect(refined.pixelCount).toBe(count(refined.mask));
    expect(refined.leftOut).toBeUndefined();
  });

  test('it never leaves the candidate grown by two pixels, nor the body', () => {
    const edge = disc(32, 50, 6);
    const seed = disc(32, 48, 3).map((inside, i) => inside & body[i]);
    const [refined] = refineOutlines(
      [candidate(0, 'blastic', seed)],
      image([edge, 0.9]),
      body,
      difference(edge, 'blastic'),
      5
    );
    const allowed = dilated(seed, 2);
    expect(refined.mask.every((inside, i) => !inside || (allowed[i] && body[i]))).toBe(true);
  });

  test('a candidate whose CT contradicts its kind keeps its outline and never counts', () => {
    const [refined] = refineOutlines(
      [candidate(0, 'lytic', half)],
      image([lesion, 0.9]),
      body,
      difference(lesion, 'lytic'),
      5
    );
    expect([refined.leftOut, refined.pixelCount]).toEqual(['contradicted', count(half)]);
    expect(refined.mask).toEqual(half);
    expect(isKept(refined, 0.5, 5)).toBe(false);
  });

  test('the bone that a large lesion of the other kind leaves over is no lesion', () => {
    const large = disc(32, 32, 12);
    const ring = body.map((inside, i) => (inside && !disc(32, 32, 13)[i] ? 1 : 0));
    const both = [candidate(0, 'blastic', large, 0.95), candidate(1, 'lytic', ring, 0.9)];
    const [blastic, lytic] = refineOutlines(both, image([large, 0.9]), body, difference(large, 'blastic'), 5);
    expect(blastic.leftOut).toBeUndefined();
    expect(lytic.leftOut).toBe('contradicted');
  });

  test('what differs from the body by less than the body itself varies is no lesion', () => {
    const patch = image([lesion, 0.48]).map((value, i) => value + 0.1 * Math.sin(Math.floor(i / PATCH_SIZE) / 2));
    const [refined] = refineOutlines([candidate(0, 'lytic', half)], patch, body, difference(lesion, 'lytic'), 5);
    expect(refined.leftOut).toBe('contradicted');
  });

  test('two candidates of one lesion: the better one gets it, the other is covered', () => {
    const [left, right] = [disc(30, 32, 3), disc(30, 37, 2)];
    const both = [candidate(0, 'blastic', right, 0.6), candidate(1, 'blastic', left, 0.95)];
    const small = disc(30, 34, 5);
    const [worse, better] = refineOutlines(both, image([small, 0.9]), body, difference(small, 'blastic'), 5);
    expect(better.leftOut).toBeUndefined();
    const shared = better.mask.filter((inside, i) => inside && worse.leftOut === undefined && worse.mask[i]);
    expect(shared).toHaveLength(0);
    expect(dice(better.mask, small)).toBeGreaterThan(0.8);
  });

  test('holes are filled and order and ids stay', () => {
    const ring = lesion.map((inside, i) => (inside && !disc(30, 34, 1.5)[i] ? 1 : 0));
    const other = candidate(1, 'lytic', disc(45, 30, 2), 0.2);
    const refined = refineOutlines(
      [candidate(0, 'blastic', half), other],
      image([ring, 0.95]),
      body,
      difference(lesion, 'blastic'),
      5
    );
    expect(refined.map(({ id }) => id)).toEqual([0, 1]);
    expect(refined[0].mask[30 * PATCH_SIZE + 34]).toBe(1);
  });
});

describe('morphology', () => {
  const point = disc(10, 10, 0);
  test('growing follows the four neighbours, shrinking undoes it', () => {
    expect([count(dilated(point, 1)), count(dilated(point, 2))]).toEqual([5, 13]);
    expect(eroded(dilated(point, 2), 2)).toEqual(point);
    expect(count(eroded(new Uint8Array(PATCH_PIXELS).fill(1), 1))).toBe(62 * 62);
  });
  test('holes are filled, bays are not', () => {
    const ring = disc(20, 20, 5).map((inside, i) => (inside && !disc(20, 20, 2)[i] ? 1 : 0));
    expect(filled(ring)).toEqual(disc(20, 20, 5));
    const open = ring.map((inside, i) => (i % PATCH_SIZE === 20 && i < 20 * PATCH_SIZE ? 0 : inside));
    expect(filled(open)).toEqual(open);
  });
  test('smoothing keeps the sum and a constant', () => {
    const one = Float32Array.from(point);
    expect(smoothed(one, 0.7).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    smoothed(new Float32Array(PATCH_PIXELS).fill(3), 1.3).forEach(value => expect(value).toBeCloseTo(3, 5));
  });
});
