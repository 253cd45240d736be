/** All slices of a vertebra at once: each is edited, then as few composites are scored as the others' scores follow from. */
import type { DiffusionAutoencoder, LatentClassifierWeights, SliceAttribution } from '../../types';
import { attributionOf, requireSlice } from '../attributeSlice';
import type {
  AttributionHooks,
  AttributionPlan,
  EditedSlice,
  Estimate,
  HarmonisedCandidates,
  Proposal,
} from '../attributionSteps';
import { edit, estimate, isWanted, planAttribution, propose, rescore, scoreOf, scoreSome } from '../attributionSteps';
import { batchedSlices } from '../batchedSlices';
import type { Harmonised } from '../hideAndSeek';
import type { MethodOptions } from '../methodOptions';
import type { SliceInput } from '../sliceInput';
import type { InferenceRule, SlicedCandidate } from './linkedCandidates';
import { inferredScore, linkCandidates, nextToScore } from './linkedCandidates';

/** Slices side by side where batches pay off; what they keep grows with them. */
const SIDE_BY_SIDE = 8;
/** Slices farther apart than this have no candidates in common, mm: three of the published model's. */
const LINK_WITHIN_MM = 2.5;

/** A slice up to its estimates, with the scores found so far. */
interface OpenSlice {
  readonly input: SliceInput;
  readonly plan: AttributionPlan;
  readonly edited: EditedSlice;
  readonly proposed: Proposal;
  readonly estimates: readonly Estimate[];
  readonly scores: (Harmonised | undefined)[];
}

/** A candidate of a slice. */
interface Place {
  readonly slice: OpenSlice;
  readonly candidate: number;
}

/**
 * Hide-and-Seek Attribution of the slices of one vertebra. Candidates that continue one another from slice to slice are one structure; of
 * each the middle is scored first, then what lies farthest from it and does not follow from what was scored (`linkedCandidates.ts`).
 * Candidates whose score is taken from their neighbours are marked as inferred.
 * @param slices ascending along the vertebra, with their offsets
 * @throws what `attributeSlice` throws
 */
export async function attributeVertebra(
  network: DiffusionAutoencoder,
  classifier: LatentClassifierWeights,
  slices: readonly SliceInput[],
  options: MethodOptions,
  rule: InferenceRule,
  hooks: AttributionHooks = {}
): Promise<SliceAttribution[]> {
  slices.forEach(({ patch, bodyMask }) => requireSlice(patch, bodyMask));
  const plans = slices.map(() => 0);
  const open = await sideBySide(network, slices, async (own, input, n): Promise<OpenSlice> => {
    const onPlan = (evaluations: number) => {
      plans[n] = evaluations;
      hooks.onPlan?.(plans.reduce((sum, plan) => sum + plan, 0));
    };
    const plan = planAttribution(own, classifier, options, { ...hooks, onPlan });
    const edited = await edit(plan, input.patch);
    const proposed = propose(plan, edited, input.bodyMask);
    const estimates = await estimate(plan, proposed);
    return { input, plan, edited, proposed, estimates, scores: estimates.map(() => undefined) };
  });

  const places = open.flatMap(slice =>
    slice.estimates.flatMap((one, candidate) => (isWanted(slice.plan, one, slice.edited) ? [{ slice, candidate }] : []))
  );
  const candidates = places.map(place => sliced(place, open));
  const links = linkCandidates(candidates, LINK_WITHIN_MM);
  const known = new Map<number, number>();
  const threshold = options.attributionThreshold;
  for (;;) {
    const next = nextToScore(candidates, links, known, threshold, rule);
    if (next.length === 0) break;
    await scorePlaces(
      network,
      next.map(n => places[n])
    );
    for (const n of next) known.set(n, scoreAt(places[n]));
  }

  const inferred = new Map<OpenSlice, Map<number, number>>(open.map(slice => [slice, new Map<number, number>()]));
  places.forEach(({ slice, candidate }, n) => {
    if (known.has(n)) return;
    const score = inferredScore(n, candidates, links, known, threshold, rule);
    if (score !== undefined) inferred.get(slice)!.set(candidate, score);
  });
  return open.map(slice => {
    const { input, plan, edited, proposed, estimates, scores } = slice;
    return attributionOf(plan, input, edited, proposed, estimates, scores, inferred.get(slice));
  });
}

function sliced({ slice, candidate }: Place, open: readonly OpenSlice[]): SlicedCandidate {
  const { kind, mask, pixelCount } = slice.proposed.candidates[candidate];
  const position = open.indexOf(slice);
  const estimated = scoreOf(slice.estimates[candidate].probability, slice.edited);
  return { kind, mask, pixelCount, slice: position, offsetMm: slice.input.offsetMm ?? position, estimate: estimated };
}

const scoreAt = ({ slice, candidate }: Place) => scoreOf(slice.scores[candidate]!.probability, slice.edited);

/** Scores candidates of several slices, those near the threshold a second time as the method asks for. */
async function scorePlaces(network: DiffusionAutoencoder, places: readonly Place[]): Promise<void> {
  const slices = [...new Set(places.map(({ slice }) => slice))];
  await sideBySide(network, slices, async (own, slice) => {
    const { plan, edited, estimates, scores } = slice;
    const wanted = estimates.map((_, k) => places.some(place => place.slice === slice && place.candidate === k));
    const here = { ...plan, network: own };
    const first: HarmonisedCandidates = await scoreSome(here, estimates, wanted);
    const refined = await rescore(here, edited, estimates, first);
    refined.forEach((result, k) => {
      if (result) scores[k] = result;
    });
  });
}

/** A job for each item: together where the network gains from batches, else one after the other. */
async function sideBySide<I, T>(
  network: DiffusionAutoencoder,
  items: readonly I[],
  job: (network: DiffusionAutoencoder, item: I, n: number) => Promise<T>
): Promise<T[]> {
  const results: T[] = [];
  const atOnce = network.preferredBatch > 1 ? SIDE_BY_SIDE : 1;
  for (let from = 0; from < items.length; from += atOnce) {
    const now = items.slice(from, from + atOnce);
    if (now.length === 1) results.push(await job(network, now[0], from));
    else
      results.push(
        ...(await batchedSlices(
          network,
          now.map((item, i) => own => job(own, item, from + i))
        ))
      );
  }
  return results;
}
