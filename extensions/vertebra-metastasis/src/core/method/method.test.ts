import { PATCH_PIXELS, PATCH_SIZE } from '../types';
import type { ScoredCandidate } from '../types';
import { candidatePixels, differenceMap, proposeCandidates } from './candidates';
import { composite } from './composite';
import { attributionScore } from './hideAndSeek';
import { applyThreshold } from './keep';
import { healthyCode, malignancyProbability } from './latentClassifier';
import { normalisePatch } from './normalise';
import { quantile } from './quantile';
import { alphaBars, betaSchedule, timestepOfAlphaBar, usedTimesteps } from './schedule';

/** Draws a small picture into the top left corner of a 64 x 64 mask. */
function draw(...rows: string[]): Uint8Array {
  const mask = new Uint8Array(PATCH_PIXELS);
  rows.forEach((row, r) => [...row].forEach((mark, c) => (mask[r * PATCH_SIZE + c] = mark === '#' ? 1 : 0)));
  return mask;
}

describe('schedule', () => {
  it('is linear in beta and cumulative in alphaBar', () => {
    const betas = betaSchedule();
    expect([betas[0], betas[999]]).toEqual([1e-4, 0.02]);
    expect(alphaBars()[1]).toBeCloseTo((1 - betas[0]) * (1 - betas[1]), 15);
    expect(alphaBars()[999]).toBeCloseTo(4.0358e-5, 8);
  });
  it('uses every (1000 / N)-th timestep', () => {
    expect(usedTimesteps(250).slice(0, 3)).toEqual([0, 4, 8]);
    expect(usedTimesteps(100)[99]).toBe(990);
  });
  it('finds the fractional timestep of an alphaBar', () => {
    const table = alphaBars();
    expect(timestepOfAlphaBar(table[321], table)).toBeCloseTo(321, 9);
    expect(timestepOfAlphaBar(Math.sqrt(table[500] * table[501]), table)).toBeCloseTo(500.5, 9);
    expect([timestepOfAlphaBar(1, table), timestepOfAlphaBar(0, table)]).toEqual([0, 999]);
  });
});

describe('normalisePatch', () => {
  const ramp = Float32Array.from({ length: PATCH_PIXELS }, (_, i) => i - 1000);
  it('maps minimum and 99.5th percentile to 0 and 1 without clipping, whatever the linear scale', () => {
    const patch = normalisePatch(ramp);
    expect(patch[0]).toBe(0);
    expect(quantile(patch, 0.995)).toBeCloseTo(1, 6);
    expect(patch[PATCH_PIXELS - 1]).toBeGreaterThan(1);
    const rescaled = normalisePatch(ramp.map(v => (v + 1000) / 2000));
    rescaled.forEach((value, i) => expect(Math.abs(value - patch[i])).toBeLessThan(1e-5));
  });
  it('names a flat, a short and a broken patch', () => {
    expect(() => normalisePatch(new Float32Array(PATCH_PIXELS))).toThrow(/no contrast/);
    expect(() => normalisePatch(new Float32Array(10))).toThrow(/10/);
    expect(() => normalisePatch(ramp.map((v, i) => (i === 7 ? NaN : v)))).toThrow(/Pixel 7/);
  });
});

describe('latent classifier', () => {
  const classifier = { mean: [1, 2, 3], scale: [2, 0.5, 1], coef: [0.3, -1, 0.7], intercept: -0.2 };
  const code = Float32Array.of(4, 1.5, 3.5);
  it('standardises, weighs and squashes', () => {
    const logit = 0.3 * 1.5 + 1 + 0.7 * 0.5 - 0.2;
    expect(malignancyProbability(classifier, code)).toBeCloseTo(1 / (1 + Math.exp(-logit)), 6);
  });
  it('clips the logit to +-50', () => {
    expect(malignancyProbability({ ...classifier, intercept: -1e6 }, code)).toBeCloseTo(Math.exp(-50), 30);
  });
  it('moves a code to exactly the target along the classifier, and nowhere else', () => {
    const before = code.slice();
    const edited = healthyCode(classifier, code, 1e-5);
    expect(Math.abs(malignancyProbability(classifier, edited) / 1e-5 - 1)).toBeLessThan(1e-4);
    const moved = edited.map((v, i) => (v - code[i]) / classifier.scale[i]);
    expect(moved[0] / moved[1]).toBeCloseTo(0.3 / -1, 4);
    expect(code).toEqual(before);
  });
});

describe('candidates', () => {
  it('takes 4-connected components of at least five pixels, blastic first, in raster order', () => {
    const lytic = draw('###.####', '##..#...', '........', '....####', '....#');
    const blastic = draw('', '', '', '#####');
    const found = proposeCandidates(lytic, blastic);
    expect(found.map(c => [c.id, c.kind, c.pixelCount])).toEqual([
      [0, 'blastic', 5],
      [1, 'lytic', 5],
      [2, 'lytic', 5],
      [3, 'lytic', 5],
    ]);
  });
  it('does not join pixels across the edge of the image or over a corner', () => {
    const mask = new Uint8Array(PATCH_PIXELS);
    mask[63] = mask[64] = 1;
    mask[130] = mask[195] = 1;
    expect(proposeCandidates(mask, new Uint8Array(PATCH_PIXELS), 1)).toHaveLength(4);
  });
  it('keeps pixels strictly above the median of the positive values, inside the body', () => {
    const difference = new Float32Array(PATCH_PIXELS);
    difference.set([1, 2, 3, 4, 5, 100, -2, -4]);
    const body = draw('#####.##');
    expect([...candidatePixels(difference, body, 'lytic').slice(0, 8)]).toEqual([0, 0, 0, 1, 1, 0, 0, 0]);
    expect([...candidatePixels(difference, body, 'blastic').slice(0, 8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  });
  it('calls added density lytic', () => {
    const difference = differenceMap(Float32Array.of(0.2), Float32Array.of(0.5));
    expect(difference[0]).toBeCloseTo(0.3, 6);
  });
});

it('reveals one candidate and hides all others, small ones too', () => {
  const lytic = draw('######..#');
  const blastic = draw('', '', '######');
  const [first] = proposeCandidates(lytic, blastic);
  const image = new Float32Array(PATCH_PIXELS).fill(1);
  const healthy = new Float32Array(PATCH_PIXELS).fill(2);
  const result = composite(first, image, healthy, lytic, blastic);
  expect(first.kind).toBe('blastic');
  expect([...result.slice(0, 9)]).toEqual([2, 2, 2, 2, 2, 2, 1, 1, 2]);
  expect(result[2 * PATCH_SIZE]).toBe(1);
});

describe('threshold', () => {
  const scored = (attributionScore: number, pixels: string): ScoredCandidate => {
    const mask = draw(pixels);
    return { id: 0, kind: 'lytic', mask, pixelCount: pixels.length, probability: 0, attributionScore, kept: false };
  };
  it('keeps scores strictly above it and unites their pixels', () => {
    const { candidates, lyticMask, blasticMask } = applyThreshold([scored(0.5, '##'), scored(0.51, '...##')], 0.5);
    expect(candidates.map(c => c.kept)).toEqual([false, true]);
    expect([...lyticMask.slice(0, 5)]).toEqual([0, 0, 0, 1, 1]);
    expect(blasticMask.some(v => v > 0)).toBe(false);
  });
  it('never keeps a candidate that was not scored, however low the threshold', () => {
    const { candidates, lyticMask } = applyThreshold([{ ...scored(0.25, '#####'), skipped: true }], 0.1);
    expect(candidates[0].kept).toBe(false);
    expect(lyticMask.some(v => v > 0)).toBe(false);
  });
  it('does not clamp the score', () => {
    expect(attributionScore(0.9, 0.5, 1e-5)).toBeGreaterThan(1.7);
    expect(attributionScore(0, 0.5, 1e-5)).toBeLessThan(0);
  });
});
