import { PATCH_PIXELS, PATCH_SIZE } from '../types';
import type { ScoredCandidate } from '../types';
import { attributeSlice } from './attributeSlice';
import { candidatePixels, differenceMap, editStrength, proposeCandidates } from './candidates';
import { composite } from './composite';
import { fastSampler } from './fast/fastSampler';
import { attributionScore } from './hideAndSeek';
import { applyThreshold } from './keep';
import { defaultMethodOptions } from './methodOptions';
import { concatenate } from './sampler';
import { healthyCode, malignancyProbability } from './latentClassifier';
import { normalisePatch } from './normalise';
import { quantile } from './quantile';
import { alphaBars, betaSchedule, timestepOfAlphaBar, usedTimesteps } from './schedule';
import { screenSlices } from './screen';
import { gaussianNetwork } from './testNetworks';

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

describe('attributeSlice', () => {
  const classifier = { mean: [0], scale: [1], coef: [10], intercept: -3 };
  const patch = Float32Array.from({ length: PATCH_PIXELS }, (_, i) => 0.3 + 0.2 * Math.sin(i));
  const body = new Uint8Array(PATCH_PIXELS).fill(1, 1000, 2000);

  /** P(malignant) of every composite before it is harmonised, and the scores that these mean. */
  async function estimated() {
    const { composites, malignancyProbability, healthyProbability } = await attributeSlice(
      gaussianNetwork(0.2),
      classifier,
      patch,
      body
    );
    const images = concatenate(composites);
    const probabilities = await screenSlices(gaussianNetwork(0.2), classifier, images, composites.length);
    const estimates = [...probabilities].map(p => attributionScore(p, malignancyProbability, healthyProbability));
    return { probabilities, estimates };
  }

  it('spends the evaluations it planned and gives the same result in batches', async () => {
    const plans: number[] = [];
    let counted = 0;
    const single = await attributeSlice(gaussianNetwork(0.2), classifier, patch, body, defaultMethodOptions(), {
      onPlan: n => plans.push(n),
      onEvaluations: n => (counted += n),
    });
    expect(counted).toBe(plans[plans.length - 1]);
    expect(single.evaluations).toEqual({ noise: counted, encoder: 1 + 2 * single.candidates.length });
    const batched = await attributeSlice(gaussianNetwork(0.2, 4), classifier, patch, body);
    expect(batched).toEqual(single);
  });

  it('skips what the first estimate puts far below the threshold, and says so', async () => {
    const { probabilities, estimates } = await estimated();
    const middle = [...estimates].sort((a, b) => a - b)[Math.floor(estimates.length / 2)];
    const network = gaussianNetwork(0.2);
    const options = { ...defaultMethodOptions(), attributionThreshold: middle + 0.1, skipBelowThresholdBy: 0.1 };
    const result = await attributeSlice(network, classifier, patch, body, options);
    const skipped = result.candidates.map(candidate => candidate.skipped === true);
    expect(skipped).toEqual(
      estimates.map(estimate => estimate < options.attributionThreshold - options.skipBelowThresholdBy)
    );
    expect(new Set(skipped).size).toBe(2);
    result.candidates.forEach((candidate, k) => {
      expect(result.harmonised[k] === undefined).toBe(skipped[k]);
      if (skipped[k]) expect(candidate).toMatchObject({ kept: false, probability: probabilities[k] });
    });
    const scored = skipped.filter(one => !one).length;
    const { sampler } = options;
    expect(network.calls).toHaveLength(sampler.editEvaluations + sampler.roundTripEvaluations(scored));
  });

  it('takes an estimate far above the threshold for the score, and says so', async () => {
    const { probabilities, estimates } = await estimated();
    const middle = (Math.min(...estimates) + Math.max(...estimates)) / 2;
    const network = gaussianNetwork(0.2);
    const options = { ...defaultMethodOptions(), attributionThreshold: middle - 0.1, trustAboveThresholdBy: 0.1 };
    const { candidates, harmonised } = await attributeSlice(network, classifier, patch, body, options);
    const trusted = candidates.map(candidate => candidate.estimated === true);
    expect(trusted).toEqual(estimates.map(estimate => estimate > middle));
    expect(new Set(trusted).size).toBe(2);
    candidates.forEach((candidate, k) => {
      expect(harmonised[k] === undefined).toBe(trusted[k]);
      const large = candidate.pixelCount >= options.minPixels;
      if (trusted[k]) expect(candidate).toMatchObject({ kept: large, probability: probabilities[k] });
      expect(candidate).not.toHaveProperty('skipped');
    });
    const scored = trusted.filter(one => !one).length;
    const { sampler } = options;
    expect(network.calls).toHaveLength(sampler.editEvaluations + sampler.roundTripEvaluations(scored));
  });

  it('does not count what the healthy edit hardly changes, and says so', async () => {
    const options = { ...defaultMethodOptions(), attributionThreshold: -Infinity };
    const all = await attributeSlice(gaussianNetwork(0.2), classifier, patch, body, options);
    const strengths = all.candidates.map(candidate => editStrength(candidate, all.differenceMap));
    const leastDifference = (Math.min(...strengths) + Math.max(...strengths)) / 2;
    const some = { ...options, leastDifference };
    const { candidates } = await attributeSlice(gaussianNetwork(0.2), classifier, patch, body, some);
    const faint = strengths.map(strength => strength < leastDifference);
    expect(new Set(faint).size).toBe(2);
    expect(candidates.map(({ leftOut }) => leftOut === 'faint')).toEqual(faint);
    expect(candidates.map(({ kept }) => kept)).toEqual(faint.map(one => !one));
    expect(all.candidates.every(({ kept, leftOut }) => kept && !leftOut)).toBe(true);
  });

  it.each(['what the edit hardly changes', 'what the CT contradicts'])(
    'may leave unscored %s: it cannot count, and its estimate is told',
    async why => {
      const sampler = fastSampler({ id: 'thorough' });
      const all = { ...defaultMethodOptions(), sampler, attributionThreshold: -Infinity };
      const plain = await attributeSlice(gaussianNetwork(0.2), classifier, patch, body, all);
      const strengths = plain.candidates.map(candidate => editStrength(candidate, plain.differenceMap));
      const rule =
        why === 'what the CT contradicts'
          ? { refineOutlines: true }
          : { leastDifference: (Math.min(...strengths) + Math.max(...strengths)) / 2 };
      const scored = await attributeSlice(gaussianNetwork(0.2), classifier, patch, body, { ...all, ...rule });
      // A margin that skips nothing by itself.
      const sparing = { ...all, ...rule, attributionThreshold: -1e6, skipBelowThresholdBy: 1 };
      const network = gaussianNetwork(0.2);
      const { candidates, harmonised } = await attributeSlice(network, classifier, patch, body, sparing);
      const isOut = scored.candidates.map(({ leftOut }) => leftOut !== undefined);
      expect(isOut).toContain(true);
      const scores = isOut.filter(out => !out).length;
      expect(network.calls).toHaveLength(sampler.editEvaluations + sampler.roundTripEvaluations(scores));
      candidates.forEach((candidate, k) => {
        const { leftOut, kept, pixelCount } = scored.candidates[k];
        expect(candidate).toMatchObject({ kept, pixelCount, ...(leftOut ? { leftOut, estimated: true } : {}) });
        expect(candidate.skipped).toBeUndefined();
        expect(harmonised[k] === undefined).toBe(isOut[k]);
      });
    }
  );

  it('scores a region that stands out only once a better one beside it is no longer bone to compare it with', async () => {
    const box = (row: number, column: number, rows: number, columns: number) =>
      Uint8Array.from({ length: PATCH_PIXELS }, (_, i) => {
        const [r, c] = [Math.floor(i / PATCH_SIZE) - row, (i % PATCH_SIZE) - column];
        return r >= 0 && c >= 0 && r < rows && c < columns ? 1 : 0;
      });
    const [bone, large, small] = [box(16, 16, 32, 32), box(19, 19, 26, 17), box(28, 39, 6, 5)];
    // What the network knows of them, deepest in the middle; the code is how much of it an image has.
    const known = Float32Array.from(bone, (_, i) =>
      large[i] ? -0.3 + 0.004 * Math.abs((i % PATCH_SIZE) - 27) : small[i] ? -0.35 : 0
    );
    const image = Float32Array.from(bone, (_, i) => (large[i] ? 0.2 : small[i] ? 0.3 : 0.5));
    const network = () => gaussianNetwork(0.2, 1, undefined, known);
    const all = { ...defaultMethodOptions(), refineOutlines: true, attributionThreshold: -Infinity };
    const expected = await attributeSlice(network(), classifier, image, bone, all);
    const sparing = { ...all, attributionThreshold: -1e6, skipBelowThresholdBy: 1 };
    const found = await attributeSlice(network(), classifier, image, bone, sparing);
    expect([found.lyticMask, found.blasticMask]).toEqual([expected.lyticMask, expected.blasticMask]);
    expect(small.some((inside, i) => inside && found.lyticMask[i])).toBe(true);
    for (const { leftOut, estimated } of found.candidates) expect(estimated ?? false).toBe(leftOut !== undefined);
  });

  it('sends what comes out near the threshold once more, and nothing else', async () => {
    const coarse = await attributeSlice(gaussianNetwork(0.2), classifier, patch, body);
    const scores = coarse.candidates.map(candidate => candidate.attributionScore);
    const [low, high] = [Math.min(...scores), Math.max(...scores)];
    const [attributionThreshold, rescoreWithin] = [low, (high - low) / 2];
    const options = { ...defaultMethodOptions(), attributionThreshold, rescoreWithin };
    const network = gaussianNetwork(0.2);
    const plans: number[] = [];
    const result = await attributeSlice(network, classifier, patch, body, options, { onPlan: n => plans.push(n) });
    const near = scores.map(score => Math.abs(score - attributionThreshold) <= rescoreWithin);
    expect(new Set(near).size).toBe(2);
    result.candidates.forEach(({ attributionScore: score }, k) => expect(score !== scores[k]).toBe(near[k]));
    const { sampler } = options;
    const extra = sampler.rescoringEvaluations!(near.filter(one => one).length);
    expect(network.calls).toHaveLength(sampler.editEvaluations + sampler.roundTripEvaluations(scores.length) + extra);
    expect(plans[plans.length - 1]).toBe(network.calls.length);
    expect(result.evaluations.noise).toBe(network.calls.length);
  });

  it('refuses an empty body mask and wrong sizes', async () => {
    await expect(attributeSlice(gaussianNetwork(0.2), classifier, patch, new Uint8Array(PATCH_PIXELS))).rejects.toThrow(
      /empty/
    );
    await expect(attributeSlice(gaussianNetwork(0.2), classifier, patch.slice(1), body)).rejects.toThrow(/4095/);
  });

  it('screens slices by the encoder alone', async () => {
    const network = gaussianNetwork(0.2, 2);
    const three = new Float32Array(3 * PATCH_PIXELS)
      .fill(0.2, 0, PATCH_PIXELS)
      .fill(0.3, PATCH_PIXELS, 2 * PATCH_PIXELS)
      .fill(0.4, 2 * PATCH_PIXELS);
    const probabilities = await screenSlices(network, classifier, three, 3);
    expect([...probabilities].map(p => Math.round(p * 1000))).toEqual([269, 500, 731]);
    expect(network.calls).toHaveLength(0);
  });
});
