import type {
  DiffusionAutoencoder,
  LatentClassifierWeights,
  Patch,
  PatchMask,
  ScoredCandidate,
  SliceAttribution,
} from '../types';
import { InputError, PATCH_PIXELS } from '../types';
import type {
  AttributionHooks,
  AttributionPlan,
  EditedSlice,
  Estimate,
  HarmonisedCandidates,
  InferredScores,
  Proposal,
} from './attributionSteps';
import {
  edit,
  estimate,
  isWanted,
  planAttribution,
  propose,
  rescore,
  scoredCandidates,
  scoreSome,
} from './attributionSteps';
import { editStrength } from './candidates';
import { applyThreshold } from './keep';
import { defaultMethodOptions, type MethodOptions } from './methodOptions';
import { refineOutlines } from './outline';
import type { SliceInput } from './sliceInput';

/**
 * Hide-and-Seek Attribution of one sagittal slice (Atad et al., arXiv 2512.06849).
 * @param patch normalised 64 x 64 slice, not modified
 * @param bodyMask vertebral body on the same grid
 * @throws InputError 'empty-mask' when the body mask has no pixel, 'patch-size' on wrong sizes
 * @throws CancelledError within one network evaluation after `hooks.cancel` is aborted
 */
export async function attributeSlice(
  network: DiffusionAutoencoder,
  classifier: LatentClassifierWeights,
  patch: Patch,
  bodyMask: PatchMask,
  options: MethodOptions = defaultMethodOptions(),
  hooks: AttributionHooks = {}
): Promise<SliceAttribution> {
  requireSlice(patch, bodyMask);
  const plan = planAttribution(network, classifier, options, hooks);

  const edited = await edit(plan, patch);
  const proposed = propose(plan, edited, bodyMask);
  const estimates = await estimate(plan, proposed);
  const scores = await scoreWhatMayCount(plan, { patch, bodyMask }, edited, proposed, estimates);
  return attributionOf(plan, { patch, bodyMask }, edited, proposed, estimates, scores);
}

/**
 * Scores of the candidates that may count: what the rules of the model leave out, whatever its score is, stays unscored. An estimate stands
 * for a score until there is one; as scores decide which outline goes first, the rules are asked again until every candidate
 * that they do not leave out is scored, but for those whose estimate is far enough from the threshold. Where the options skip nothing,
 * what is left out is scored as well.
 */
async function scoreWhatMayCount(
  plan: AttributionPlan,
  slice: SliceInput,
  edited: EditedSlice,
  proposed: Proposal,
  estimates: readonly Estimate[]
): Promise<HarmonisedCandidates> {
  const { options } = plan;
  const isSparing = options.skipBelowThresholdBy !== undefined;
  let scores: HarmonisedCandidates = estimates.map(() => undefined);
  for (;;) {
    const known = scoredCandidates(options, edited, proposed, estimates, scores);
    const judged = withSliceRules(known, { ...slice, ...proposed }, options).candidates;
    const isOut = (k: number) => isSparing && judged[k].leftOut !== undefined;
    const wanted = estimates.map((one, k) => !scores[k] && !isOut(k) && isWanted(plan, one, edited));
    if (!wanted.includes(true)) return scores;
    const more = await rescore(plan, edited, estimates, await scoreSome(plan, estimates, wanted));
    scores = scores.map((score, k) => score ?? more[k]);
  }
}

/**
 * What is known of a slice once its candidates are scored.
 * @param inferred scores that were taken from neighbouring slices, by candidate
 */
export function attributionOf(
  { options, evaluations }: AttributionPlan,
  { patch, bodyMask }: SliceInput,
  edited: EditedSlice,
  proposed: Proposal,
  estimates: readonly Estimate[],
  scores: HarmonisedCandidates,
  inferred?: InferredScores
): SliceAttribution {
  const scored = scoredCandidates(options, edited, proposed, estimates, scores, inferred);
  return {
    patch,
    bodyMask,
    ...edited,
    ...proposed,
    ...withSliceRules(scored, { patch, bodyMask, ...proposed }, options),
    harmonised: scores.map(result => result?.image),
    evaluations: { ...evaluations },
  };
}

/** The candidates after the rules of the model that need no other slice, which of them are kept, and their masks. */
export function withSliceRules(
  scored: readonly ScoredCandidate[],
  { patch, bodyMask, differenceMap: difference }: Pick<SliceAttribution, 'patch' | 'bodyMask' | 'differenceMap'>,
  options: MethodOptions
): ReturnType<typeof applyThreshold> {
  const { attributionThreshold, minPixels } = options;
  const outlined = options.refineOutlines ? refineOutlines(scored, patch, bodyMask, difference, minPixels) : scored;
  return applyThreshold(markFaint(outlined, difference, options), attributionThreshold, minPixels);
}

/** Candidates with 'faint' ones marked, where the method asks for that; a reason given before stays. */
function markFaint(
  candidates: readonly ScoredCandidate[],
  difference: Float32Array,
  { leastDifference }: MethodOptions
): readonly ScoredCandidate[] {
  if (leastDifference === undefined) return candidates;
  return candidates.map(one =>
    one.skipped || one.leftOut || editStrength(one, difference) >= leastDifference
      ? one
      : { ...one, leftOut: 'faint' as const }
  );
}

/** @throws InputError 'empty-slice-mask', 'patch-size' */
export function requireSlice(patch: Patch, bodyMask: PatchMask): void {
  for (const array of [patch, bodyMask]) {
    if (array.length !== PATCH_PIXELS) {
      throw new InputError('patch-size', { found: array.length, expected: PATCH_PIXELS });
    }
  }
  if (!bodyMask.some(value => value > 0)) {
    throw new InputError('empty-slice-mask');
  }
}
