/** The steps of Hide-and-Seek Attribution on one slice, in the paper's order; {@link attributeSlice} joins them. */
import type {
  Candidate,
  DiffusionAutoencoder,
  LatentClassifierWeights,
  Patch,
  PatchMask,
  ScoredCandidate,
  SemanticCode,
} from '../types';
import { candidatePixels, differenceMap, proposeCandidates } from './candidates';
import { composite } from './composite';
import type { Encoded, Harmonised } from './hideAndSeek';
import { attributionScore, encodeAll, harmonise } from './hideAndSeek';
import { healthyCode, malignancyProbability } from './latentClassifier';
import type { MethodOptions } from './methodOptions';
import { skipBelow, trustAbove } from './methodOptions';
import type { HealthyEdit, Hooks, RoundTrip, SliceTrajectories } from './sampler';

export interface AttributionHooks extends Hooks {
  /** Called when the number of noise predictions of this slice becomes known: first without, then with the candidates. */
  readonly onPlan?: (evaluations: number) => void;
}

/** What all steps of one slice share. */
export interface AttributionPlan {
  readonly network: DiffusionAutoencoder;
  readonly classifier: LatentClassifierWeights;
  readonly options: MethodOptions;
  readonly trajectories: SliceTrajectories;
  readonly hooks: Hooks;
  /** Network evaluations made so far. */
  readonly evaluations: { noise: number; encoder: number };
  /** Tells the caller of noise predictions to come. */
  readonly announce: (noisePredictions: number) => void;
}

export function planAttribution(
  network: DiffusionAutoencoder,
  classifier: LatentClassifierWeights,
  options: MethodOptions,
  { cancel, onEvaluations, onPlan }: AttributionHooks
): AttributionPlan {
  const evaluations = { noise: 0, encoder: 0 };
  let announced = 0;
  return {
    network,
    classifier,
    options,
    trajectories: options.sampler.trajectories(),
    evaluations,
    hooks: {
      cancel,
      onEvaluations: count => {
        evaluations.noise += count;
        onEvaluations?.(count);
      },
    },
    announce: count => onPlan?.((announced += count)),
  };
}

/** The slice's codes, its reconstruction and its healthy edit, and P(malignant) of both codes. */
export interface EditedSlice extends HealthyEdit {
  readonly semanticCode: SemanticCode;
  readonly healthyCode: SemanticCode;
  readonly malignancyProbability: number;
  readonly healthyProbability: number;
}

/** Edit: the same stochastic code rendered with the slice's own and with the healthy semantic code. */
export async function edit(plan: AttributionPlan, patch: Patch): Promise<EditedSlice> {
  const { network, classifier, options, trajectories, hooks } = plan;
  plan.announce(options.sampler.editEvaluations);
  await network.prepareTimesteps?.(options.sampler.timesteps);
  const semanticCode = await network.encode(patch, 1);
  plan.evaluations.encoder++;
  const edited = healthyCode(classifier, semanticCode, options.targetProbability);
  return {
    semanticCode,
    healthyCode: edited,
    malignancyProbability: malignancyProbability(classifier, semanticCode),
    healthyProbability: malignancyProbability(classifier, edited),
    ...(await trajectories.edit(network, patch, semanticCode, edited, hooks, plan.announce)),
  };
}

/** Candidates of both signs and, for each, the composite that reveals it and hides the others. */
export interface Proposal {
  readonly differenceMap: Float32Array;
  readonly lyticCandidates: PatchMask;
  readonly blasticCandidates: PatchMask;
  readonly candidates: readonly Candidate[];
  readonly composites: readonly Patch[];
}

/** Propose: connected regions in which edit and reconstruction differ most. */
export function propose(
  { options }: AttributionPlan,
  { reconstruction, healthyEdit }: EditedSlice,
  bodyMask: PatchMask
): Proposal {
  const difference = differenceMap(reconstruction, healthyEdit);
  const lyticCandidates = candidatePixels(difference, bodyMask, 'lytic');
  const blasticCandidates = candidatePixels(difference, bodyMask, 'blastic');
  const candidates = proposeCandidates(lyticCandidates, blasticCandidates, options.minPixels);
  const composites = candidates.map(c => composite(c, reconstruction, healthyEdit, lyticCandidates, blasticCandidates));
  return { differenceMap: difference, lyticCandidates, blasticCandidates, candidates, composites };
}

/** A composite with its code, and P(malignant) before it is harmonised. */
export interface Estimate extends Encoded {
  readonly probability: number;
}

/** Estimate: the composites classified as they are; costs no noise prediction. */
export async function estimate(plan: AttributionPlan, { composites }: Proposal): Promise<Estimate[]> {
  const encoded = await encodeAll(plan.network, composites);
  plan.evaluations.encoder += composites.length;
  return encoded.map(each => ({ ...each, probability: malignancyProbability(plan.classifier, each.code) }));
}

/** One entry a candidate, in their order; undefined: not scored. */
export type HarmonisedCandidates = readonly (Harmonised | undefined)[];

/** Whether a candidate is scored at all: not where it is estimated far below the threshold or, if the options say so, far above. */
export function isWanted({ options }: AttributionPlan, { probability }: Estimate, edited: EditedSlice): boolean {
  const estimated = scoreOf(probability, edited);
  const floor = skipBelow(options) ?? -Infinity;
  // Negated, so that a score that is not a number is not skipped.
  return !(estimated < floor || isTrusted(options, estimated));
}

const isTrusted = (options: MethodOptions, estimated: number) => estimated > (trustAbove(options) ?? Infinity);

/** Score: composites harmonised and classified, those that are wanted. */
export function scoreSome(
  plan: AttributionPlan,
  estimates: readonly Estimate[],
  wanted: readonly boolean[]
): Promise<HarmonisedCandidates> {
  const { sampler } = plan.options;
  plan.announce(sampler.roundTripEvaluations(wanted.filter(Boolean).length));
  return harmoniseSome(plan, plan.trajectories.roundTrip, sampler.referenceImages, estimates, wanted);
}

/** Refine: those that came out near the threshold harmonised again with more steps, where the sampler has them. */
export async function rescore(
  plan: AttributionPlan,
  edited: EditedSlice,
  estimates: readonly Estimate[],
  scores: HarmonisedCandidates
): Promise<HarmonisedCandidates> {
  const { attributionThreshold, rescoreWithin = -Infinity, sampler } = plan.options;
  const { rescore: roundTrip } = plan.trajectories;
  const isNear = ({ probability }: Harmonised) =>
    Math.abs(scoreOf(probability, edited) - attributionThreshold) <= rescoreWithin;
  const wanted = scores.map(result => result !== undefined && isNear(result));
  const count = wanted.filter(Boolean).length;
  if (!roundTrip || count === 0) return scores;
  plan.announce(sampler.rescoringEvaluations?.(count) ?? 0);
  const again = await harmoniseSome(plan, roundTrip, 0, estimates, wanted);
  return scores.map((result, k) => again[k] ?? result);
}

async function harmoniseSome(
  { network, classifier, hooks, evaluations }: AttributionPlan,
  roundTrip: RoundTrip,
  referenceImages: number,
  estimates: readonly Estimate[],
  wanted: readonly boolean[]
): Promise<HarmonisedCandidates> {
  const chosen = estimates.filter((_, k) => wanted[k]);
  const results = await harmonise(network, classifier, roundTrip, referenceImages, chosen, hooks);
  evaluations.encoder += chosen.length;
  let next = 0;
  return wanted.map(isChosen => (isChosen ? results[next++] : undefined));
}

/**
 * The candidates with their scores; which of them are kept is decided afterwards.
 * Of those that were not scored the estimate stands for the score, but for those estimated far below the threshold.
 * @param inferred scores that were taken from neighbouring slices
 */
export function scoredCandidates(
  options: MethodOptions,
  edited: EditedSlice,
  { candidates }: Proposal,
  estimates: readonly Estimate[],
  scores: HarmonisedCandidates,
  inferred?: InferredScores
): ScoredCandidate[] {
  const { malignancyProbability: malignant, healthyProbability: healthy } = edited;
  return candidates.map((candidate, k) => {
    const result = scores[k];
    const score = inferred?.get(k);
    if (score !== undefined) {
      const probability = healthy + score * (malignant - healthy);
      return { ...candidate, inferred: true, probability, attributionScore: score, kept: false };
    }
    const probability = result?.probability ?? estimates[k].probability;
    const attributionScore = scoreOf(probability, edited);
    const notScored = attributionScore < (skipBelow(options) ?? -Infinity) ? { skipped: true } : { estimated: true };
    return { ...candidate, ...(result ? {} : notScored), probability, attributionScore, kept: false };
  });
}

/** Scores that were taken from neighbouring slices, by candidate. */
export type InferredScores = ReadonlyMap<number, number>;

/** The score that a probability of a candidate's image means in its slice. */
export const scoreOf = (
  probability: number,
  { malignancyProbability: malignant, healthyProbability: healthy }: EditedSlice
) => attributionScore(probability, malignant, healthy);
