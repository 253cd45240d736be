import { attributeSlice, defaultMethodOptions, odeSampler } from '@spine/core';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { join } from 'node:path';
import { maxAbsDifference, pixelsDiffering } from '../../support/golden';
import { ROOT } from '../../support/shared';
import { bodyMask, golden, IMAGE_TOLERANCE, patch } from './slice';
import { load, type RuntimeSuite, screenedStacks, TINY, TOY } from './suite';

/** x_T magnifies the drift: the last inversion step divides by sqrt(alphaBar) = 0.006. */
const STOCHASTIC_CODE_TOLERANCE = 5e-3;
const SCORE_TOLERANCE = 0.01;
/** Few steps: this test is of the runtime; the full schedule is tested below and in Node. */
const STEPS = { inversionSteps: 6, renderSteps: 6 };

/** The numbers of the authors' code and of Node, progress, and cancellation. */
export function inferenceTests(suite: RuntimeSuite): void {
  describe('inference on WebAssembly', () => {
    beforeAll(async () => {
      expect(await load(suite.page(), TINY)).toMatchObject({ provider: 'wasm' });
    });

    it('gives the authors’ code, stochastic code and reconstruction with the reference schedule', async () => {
      const found = await suite.page().evaluate(async pixels => {
        const { client, referenceSampler } = window.spine;
        const image = Float32Array.from(pixels);
        const code = await client.network.encode(image, 1);
        const sampler = referenceSampler();
        const stochasticCode = await sampler.invert(client.network, image, code, 1);
        const reconstruction = await sampler.render(client.network, stochasticCode, code, 1);
        return [code, stochasticCode, reconstruction].map(array => Array.from(array));
      }, patch);
      expect(maxAbsDifference(found[0], golden.floats('semantic_code'))).toBeLessThan(IMAGE_TOLERANCE);
      expect(maxAbsDifference(found[1], golden.floats('stochastic_code'))).toBeLessThan(STOCHASTIC_CODE_TOLERANCE);
      expect(maxAbsDifference(found[2], golden.floats('reconstruction'))).toBeLessThan(IMAGE_TOLERANCE);
    });

    it('attributes a slice in the worker as Node does, and tells its progress', async () => {
      const found = await suite.page().evaluate(
        async ([pixels, mask, steps]) => {
          const { client, defaultMethodOptions, odeSampler } = window.spine;
          let done = 0;
          const plans: number[] = [];
          const slice = await client.attributeSlice(
            Float32Array.from(pixels),
            Uint8Array.from(mask),
            { ...defaultMethodOptions(), sampler: odeSampler(steps) },
            { onEvaluations: count => (done += count), onPlan: evaluations => plans.push(evaluations) }
          );
          return {
            done,
            lastPlan: plans[plans.length - 1],
            noise: slice.evaluations.noise,
            scores: slice.candidates.map(({ attributionScore }) => attributionScore),
            differenceMap: Array.from(slice.differenceMap),
            masks: [Array.from(slice.lyticMask), Array.from(slice.blasticMask)],
          };
        },
        [patch, bodyMask, STEPS] as const
      );
      const { network, manifest } = await loadModelFromFolder(join(ROOT, 'models/tiny'));
      const options = { ...defaultMethodOptions(), sampler: odeSampler(STEPS) };
      const expected = await attributeSlice(
        network,
        manifest.classifier,
        golden.floats('patch'),
        golden.mask('body_mask'),
        options
      );
      await network.dispose();

      expect(expected.candidates.length).toBeGreaterThan(0);
      expect(maxAbsDifference(found.differenceMap, expected.differenceMap)).toBeLessThan(IMAGE_TOLERANCE);
      const scores = expected.candidates.map(({ attributionScore }) => attributionScore);
      expect(maxAbsDifference(found.scores, scores)).toBeLessThan(SCORE_TOLERANCE);
      expect(pixelsDiffering(found.masks[0], expected.lyticMask)).toBe(0);
      expect(pixelsDiffering(found.masks[1], expected.blasticMask)).toBe(0);
      expect([found.done, found.lastPlan]).toEqual([found.noise, found.noise]);
    });

    it('cancels within one evaluation, and the next job runs', async () => {
      const found = await suite.page().evaluate(
        async ([pixels, mask]) => {
          const { client, defaultMethodOptions, referenceSampler } = window.spine;
          const image = Float32Array.from(pixels);
          const cancel = new AbortController();
          let evaluations = 0;
          let cancelledAt = 0;
          const options = { ...defaultMethodOptions(), sampler: referenceSampler() };
          const job = client.attributeSlice(image, Uint8Array.from(mask), options, {
            cancel: cancel.signal,
            onEvaluations: count => {
              evaluations += count;
              if (evaluations < 3 || cancelledAt) return;
              cancelledAt = performance.now();
              cancel.abort();
            },
          });
          const name = await job.then(
            () => 'finished',
            (error: Error) => error.name
          );
          const stoppedAfterMs = performance.now() - cancelledAt;
          const started = performance.now();
          await client.network.predictNoise(image, 10, new Float32Array(client.network.codeSize), 1);
          const [probability] = await client.screenSlices(image, 1);
          return { name, stoppedAfterMs, evaluations, evaluationMs: performance.now() - started, probability };
        },
        [patch, bodyMask] as const
      );
      expect(found.name).toBe('CancelledError');
      expect(found.evaluations).toBeLessThan(20);
      expect(Math.abs(found.probability - golden.result.malignancyProbability)).toBeLessThan(1e-3);
      // One evaluation, with room for the noise of a busy machine; the whole slice would be hundreds.
      expect(found.stoppedAfterMs).toBeLessThan(10 * found.evaluationMs + 1000);
    });

    it('runs the screening network of a model that has one, and says so where it has none', async () => {
      const refusal = suite.page().evaluate(screenedStacks, 1);
      await expect(refusal).rejects.toThrow(/screening network .* the model has none/);
      expect(await load(suite.page(), TOY)).toMatchObject({ provider: 'wasm', id: 'toy' });
      const logits = await suite.page().evaluate(screenedStacks, 20);
      expect(
        maxAbsDifference(
          logits,
          Float32Array.from({ length: 40 }, (_, i) => Math.floor(i / 2))
        )
      ).toBeLessThan(1e-3);
    });
  });
}
