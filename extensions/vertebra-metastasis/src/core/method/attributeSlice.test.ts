import { PATCH_PIXELS, PATCH_SIZE } from '../types';
import { attributeSlice } from './attributeSlice';
import { editStrength } from './candidates';
import { fastSampler } from './fast/fastSampler';
import { attributionScore } from './hideAndSeek';
import { defaultMethodOptions } from './methodOptions';
import { concatenate } from './sampler';
import { screenSlices } from './screen';
import { gaussianNetwork } from './testNetworks';

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
