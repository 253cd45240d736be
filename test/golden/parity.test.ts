/**
 * Parity with the authors' own code (github matanat/hide_and_seek, commit 8b8c647; torch 1.13 CPU float32, scipy 1.10), run on the small
 * autoencoder models/tiny. The numbers were made once by that code; test/golden/README.md says how.
 */
import { join } from 'node:path';
import {
  ATTRIBUTION_THRESHOLD,
  attributeSlice,
  attributionScore,
  defaultMethodOptions,
  malignancyProbability,
  MIN_PIXELS,
  normalisePatch,
  PATCH_SIZE,
  REFERENCE_INVERSION_STEPS,
  REFERENCE_RENDER_STEPS,
  referenceSampler,
  TARGET_PROBABILITY,
} from '@spine/core';
import type { DiffusionAutoencoder } from '@spine/core';
import {
  edit,
  estimate,
  planAttribution,
  propose,
  scoredCandidates,
  scoreSome,
} from '@spine/core/method/attributionSteps';
import { applyThreshold } from '@spine/core/method/keep';
import { loadModelFromFolder } from '@spine/headless/nodeModel';
import { type GoldenCase, goldenCases, maxAbsDifference, pixelsDiffering } from '../support/golden';
import { ROOT } from '../support/shared';

/** Two float32 networks drift apart over 350 evaluations by about 1e-4; ten times that is still far below any real change. */
const IMAGE_TOLERANCE = 1e-3;
/** x_T magnifies the drift: the last inversion step divides by sqrt(alphaBar) = 0.006. */
const STOCHASTIC_CODE_TOLERANCE = 5e-3;
const SCORE_TOLERANCE = 0.01;
/** What there is of a slice before candidates, with the file of each. */
const EDITED = [
  ['semanticCode', 'semantic_code'],
  ['healthyCode', 'healthy_code'],
  ['stochasticCode', 'stochastic_code', STOCHASTIC_CODE_TOLERANCE],
  ['reconstruction', 'reconstruction'],
  ['healthyEdit', 'healthy_edit'],
] as const;
/** A pixel on the median threshold may flip. */
const PIXEL_TOLERANCE = 2;

jest.setTimeout(20 * 60_000);

describe('constants that no image shows', () => {
  it('clips the logit at +-50, as the reference does', () => {
    const extreme = { mean: [0], scale: [1], coef: [1], intercept: -1e4 };
    expect(Math.log(malignancyProbability(extreme, Float32Array.of(0)))).toBeCloseTo(-50, 6);
  });
  it('adds 1e-8 to the denominator of the score', () => {
    expect(attributionScore(0.25, 0.5, 0.5)).toBeCloseTo(-0.25 / 1e-8, 3);
  });
});

let network: DiffusionAutoencoder;
beforeAll(async () => {
  // Jest's workers take the other cores; a second thread would wait for them, and busily.
  ({ network } = await loadModelFromFolder(join(ROOT, 'models/tiny'), { threads: 1 }));
});

const OPTIONS = { ...defaultMethodOptions(), sampler: referenceSampler() };

const attributeAll = (golden: GoldenCase) =>
  attributeSlice(network, golden.classifier, golden.floats('patch'), golden.mask('body_mask'), OPTIONS);

/** The same steps; only some of the candidates are harmonised, and the others have no score. */
async function attributeSome(golden: GoldenCase, some: readonly number[]) {
  const plan = planAttribution(network, golden.classifier, OPTIONS, {});
  const edited = await edit(plan, golden.floats('patch'));
  const proposed = propose(plan, edited, golden.mask('body_mask'));
  const estimates = await estimate(plan, proposed);
  const of = <T>(list: readonly T[]): T[] => some.map(k => list[k]);
  const scores = await scoreSome(
    plan,
    of(estimates),
    some.map(() => true)
  );
  const candidates = of(proposed.candidates);
  const scored = scoredCandidates(OPTIONS, edited, { ...proposed, candidates }, of(estimates), scores);
  const kept = applyThreshold(scored, OPTIONS.attributionThreshold, OPTIONS.minPixels);
  return { ...edited, ...proposed, proposed: proposed.candidates, ...kept, harmonised: scores.map(one => one?.image) };
}

describe.each(goldenCases())('$name', golden => {
  const { candidates: expected } = golden.result;
  const scored = golden.scored ?? [...expected.keys()];

  function expectEdited(slice: Pick<Awaited<ReturnType<typeof attributeAll>>, (typeof EDITED)[number][0]>): void {
    for (const [name, array, tolerance = IMAGE_TOLERANCE] of EDITED) {
      const difference = maxAbsDifference(slice[name], golden.floats(array));
      expect([name, difference < tolerance ? 'agrees' : difference]).toEqual([name, 'agrees']);
    }
  }

  function expectProposed(
    { lyticCandidates, blasticCandidates }: { lyticCandidates: Uint8Array; blasticCandidates: Uint8Array },
    candidates: readonly { kind: string; mask: Uint8Array }[]
  ): void {
    expect(pixelsDiffering(lyticCandidates, golden.mask('lytic_candidates'))).toBeLessThanOrEqual(PIXEL_TOLERANCE);
    expect(pixelsDiffering(blasticCandidates, golden.mask('blastic_candidates'))).toBeLessThanOrEqual(PIXEL_TOLERANCE);
    const found = candidates.map(({ kind, mask }) => {
      const first = mask.indexOf(1);
      return [kind, Math.floor(first / PATCH_SIZE), first % PATCH_SIZE];
    });
    expect(found).toEqual(expected.map(({ kind, firstPixel }) => [kind, ...firstPixel]));
  }

  describe('without the network', () => {
    it('was made with the constants that the product uses', () => {
      const { targetProbability, inversionSteps, renderSteps, attributionThreshold, minPixels } = golden.result;
      expect([
        TARGET_PROBABILITY,
        REFERENCE_INVERSION_STEPS,
        REFERENCE_RENDER_STEPS,
        ATTRIBUTION_THRESHOLD,
        MIN_PIXELS,
      ]).toEqual([targetProbability, inversionSteps, renderSteps, attributionThreshold, minPixels]);
    });

    it('scales the raw slice to the same patch', () => {
      expect(maxAbsDifference(normalisePatch(golden.floats('raw')), golden.floats('patch'))).toBeLessThan(1e-5);
    });
  });

  // A fifth of the evaluations, and most changes of the method show here. The whole has them as well.
  if (process.env.SPINE_GOLDEN === 'staged') {
    it('edits and proposes alike', async () => {
      const plan = planAttribution(network, golden.classifier, OPTIONS, {});
      const edited = await edit(plan, golden.floats('patch'));
      expectEdited(edited);
      const proposed = propose(plan, edited, golden.mask('body_mask'));
      expectProposed(proposed, proposed.candidates);
    });
  }

  describe('the whole', () => {
    let slice: Awaited<ReturnType<typeof attributeAll | typeof attributeSome>>;
    beforeAll(async () => {
      slice = await (golden.scored ? attributeSome(golden, golden.scored) : attributeAll(golden));
    });

    it('gives the same codes, reconstruction and healthy edit', () => expectEdited(slice));

    it('proposes the same candidates', () =>
      expectProposed(slice, 'proposed' in slice ? slice.proposed : slice.candidates));

    it('reveals and harmonises the first candidate alike', () => {
      expect(maxAbsDifference(slice.composites[0], golden.floats('first_composite'))).toBeLessThan(IMAGE_TOLERANCE);
      expect(maxAbsDifference(slice.harmonised[0]!, golden.floats('first_harmonised'))).toBeLessThan(IMAGE_TOLERANCE);
    });

    it('scores candidates alike', () => {
      const { result } = golden;
      expect(Math.abs(slice.malignancyProbability - result.malignancyProbability)).toBeLessThan(1e-3);
      expect(Math.abs(slice.healthyProbability - result.healthyProbability)).toBeLessThan(1e-8);
      expect(slice.candidates).toHaveLength(scored.length);
      slice.candidates.forEach((candidate, n) => {
        const { probability, attributionScore: reference } = expected[scored[n]];
        expect(Math.abs(candidate.probability - probability)).toBeLessThan(SCORE_TOLERANCE);
        expect(Math.abs(candidate.attributionScore - reference)).toBeLessThan(SCORE_TOLERANCE);
      });
    });

    it('keeps the same regions', () => {
      // Those that are not scored are not kept by the reference either.
      const notScored = expected.filter((_, k) => !scored.includes(k));
      expect(notScored.filter(one => one.attributionScore > golden.result.attributionThreshold)).toEqual([]);
      expect(pixelsDiffering(slice.lyticMask, golden.mask('lytic_mask'))).toBeLessThanOrEqual(PIXEL_TOLERANCE);
      expect(pixelsDiffering(slice.blasticMask, golden.mask('blastic_mask'))).toBeLessThanOrEqual(PIXEL_TOLERANCE);
    });
  });
});
