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
  KnownBefore,
  LeftOutBefore,
  Proposal,
} from './attributionSteps';
import { edit, estimate, planAttribution, propose, rescore, score, scoredCandidates } from './attributionSteps';
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
  const leftOut = leftOutBefore({ patch, bodyMask }, proposed, options);
  const firstScores = await score(plan, edited, estimates, leftOut);
  const scores = await rescore(plan, edited, estimates, firstScores);
  return attributionOf(plan, { patch, bodyMask }, edited, proposed, estimates, scores, { leftOut });
}

/** Candidates that the CT contradicts or the edit hardly changes; none where every candidate is to be scored. */
function leftOutBefore(
  { patch, bodyMask }: SliceInput,
  { candidates, differenceMap: difference }: Proposal,
  options: MethodOptions
): LeftOutBefore {
  if (options.skipBelowThresholdBy === undefined) return candidates.map(() => undefined);
  return candidates.map(candidate => {
    const alone = [{ ...candidate, probability: 0, attributionScore: 0, kept: false }];
    const outlined = options.refineOutlines
      ? refineOutlines(alone, patch, bodyMask, difference, options.minPixels)
      : alone;
    const [{ mask, pixelCount, leftOut }] = markFaint(outlined, difference, options);
    return leftOut && { mask, pixelCount, leftOut };
  });
}

/**
 * What is known of a slice once its candidates are scored.
 * @param known what is known of candidates that were not scored, or of which another slice gave the score
 */
export function attributionOf(
  { options, evaluations }: AttributionPlan,
  { patch, bodyMask }: SliceInput,
  edited: EditedSlice,
  proposed: Proposal,
  estimates: readonly Estimate[],
  scores: HarmonisedCandidates,
  known?: KnownBefore
): SliceAttribution {
  const scored = scoredCandidates(options, edited, proposed, estimates, scores, known);
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
