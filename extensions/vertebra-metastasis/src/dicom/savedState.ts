/** What our SEG carries in its private element beside the lesions: with what they were found, and what was analysed. */
import { z } from 'zod';
import { type Coverage, levelAnswers, type Provenance, type ReviewState } from '../core';
import { codedAnswers } from './answers';
import { formerMasks, formerSampler } from './formerProvenance';
import { type MeasuredHu, packReview, type SavedReview } from './savedReview';

/** Of what is written; 1 told sampler and masks in English sentences. */
export const SAVED_SCHEMA = 2;

const model = z.object({ id: z.string(), name: z.string(), version: z.string(), sha256: z.string() });
const shared = { model, threshold: z.number(), provider: z.string() };
const words = z.object({ words: z.string() });

const samplerRecord = z.object({
  id: z.enum(['fast', 'thorough', 'guided', 'reference', 'ode']),
  inversionEvaluations: z.number().int().nonnegative(),
  renderEvaluations: z.number().int().nonnegative(),
  notScoredBelow: z.number().optional(),
  notScoredAbove: z.number().optional(),
  outlinesRefined: z.literal(true).optional(),
  outlinedAcrossSlices: z.literal(true).optional(),
  lesionsFollowed: z.literal(true).optional(),
  leastDifference: z.number().optional(),
  leastSlices: z.number().int().positive().optional(),
  leastSlicesProbability: z.number().optional(),
  screenedWithNetwork: z.literal(true).optional(),
  leastKindLogit: z.number().optional(),
  rescoredWithin: z.number().optional(),
  inferredWithinMm: z.number().optional(),
});
const maskRecord = z.object({
  level: z.string(),
  origin: z.enum(['click', 'search', 'given']),
  corrected: z.boolean(),
});
const provenance = z.object({
  ...shared,
  sampler: z.union([samplerRecord, words]),
  masks: z.union([z.array(maskRecord), words]).optional(),
  notReviewed: z.array(z.string()).optional(),
});
const formerProvenance = z
  .object({ ...shared, sampler: z.string(), masks: z.string().optional() })
  .transform(({ sampler, masks, ...rest }) => ({
    ...rest,
    sampler: formerSampler(sampler),
    ...(masks === undefined ? {} : { masks: formerMasks(masks) }),
  }));

const withProvenance = z.union([
  z.object({ schema: z.literal(SAVED_SCHEMA), provenance }),
  z.object({ schema: z.literal(1), provenance: formerProvenance }),
]);

/** What is there to be saved of a result beside its voxels. */
export interface StateToSave {
  readonly provenance: Provenance;
  /** Which bodies were analysed. */
  readonly coverage: readonly Coverage[];
  readonly review: ReviewState;
  /** Attenuation of the lesions by tracking UID: a stored result is shown before its CT is read. */
  readonly measured: Readonly<Record<string, MeasuredHu>>;
  /** A reader's worksheets by level. */
  readonly worksheets?: Readonly<Record<string, unknown>>;
}

/** What `lesionsObject` keeps for us in a private element; absent fields are absent in files of former versions. */
export interface SavedState extends Omit<StateToSave, 'review'> {
  readonly schema: typeof SAVED_SCHEMA;
  /** Decisions and the candidates they are about. */
  readonly review?: SavedReview;
  /** What a reader said of whole vertebrae, coded; `review` has the same by mask. */
  readonly answers?: ReturnType<typeof codedAnswers>;
}

export function savedState({ review, worksheets = {}, ...shared }: StateToSave): SavedState {
  const answers = codedAnswers(levelAnswers(review));
  const saved = { schema: SAVED_SCHEMA, ...shared, worksheets, review: packReview(review) } as const;
  return answers.length > 0 ? { ...saved, answers } : saved;
}

/** @returns undefined when an archive dropped the private element or other software wrote it */
export function readProvenance(state: unknown): Provenance | undefined {
  const parsed = withProvenance.safeParse(state);
  return parsed.success ? parsed.data.provenance : undefined;
}

const coverage = z.object({
  label: z.number().int(),
  level: z.string(),
  analysedMillilitres: z.number().nonnegative(),
  notAnalysedMillilitres: z.number().nonnegative(),
  searchedSlices: z.number().int().nonnegative(),
  screenedSlices: z.number().int().nonnegative(),
  skippedSlices: z.number().int().nonnegative(),
});
const withCoverage = z.object({ coverage: z.array(coverage) });

/** Which bodies were analysed. @returns undefined when the file does not say */
export function readCoverage(state: unknown): readonly Coverage[] | undefined {
  const parsed = withCoverage.safeParse(state);
  return parsed.success ? parsed.data.coverage : undefined;
}
