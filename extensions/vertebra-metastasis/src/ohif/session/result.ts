/** The result as it is now, checked: what every file is made of. */
import {
  InputError,
  type Labelmap,
  levelOf,
  levelOrder,
  reviewSummary,
  type ReviewSummary,
  type VertebraLevel,
} from '../../core';
import type { BodyToWrite, CtSeries } from '../../dicom';
import type { LesionMap } from '../segmentation/lesionMap';
import type { Context } from './context';
import { coverages } from './coverage';
import { provenanceInForce, reviewInForce } from './inForce';
import { takeEdits } from './lesions';
import type { Provenance } from './provenance';
import { flushRules, present } from './review';
import { establish } from './storedReview';
import { entries } from './vertebrae';

export interface Result {
  readonly series: CtSeries;
  readonly lesions: LesionMap;
  readonly provenance: Provenance;
  /** What a person decided. */
  readonly review: ReviewSummary;
  /** Who saves: DICOM person name. */
  readonly contentCreatorName?: string;
}

/** Edits by hand included; may be without any lesion. @throws InputError 'no-result', 'unnamed-segment', 'no-provenance' */
export function resultNow(context: Context): Result {
  establish(context);
  flushRules(context);
  takeEdits(context);
  const { ct, lesions, unnamedSegments } = context.session;
  const provenance = provenanceInForce(context.session);
  if (!ct || !lesions) throw new InputError('no-result', 'There is no result to save; analyse a vertebra first.');
  if (unnamedSegments.length > 0) throw unnamedError(unnamedSegments);
  if (!provenance) {
    throw new InputError(
      'no-provenance',
      'The stored result does not say which model made it, so it cannot be saved again; analyse the vertebrae anew.'
    );
  }
  const review = reviewSummary(reviewInForce(context.session));
  return { series: ct.series, lesions, provenance, review, contentCreatorName: context.ports.study.userName() };
}

export function unnamedError(names: readonly string[]): InputError {
  return new InputError(
    'unnamed-segment',
    `The drawn segment ${names.map(name => `“${name}”`).join(', ')} does not say what it is. Rename it to vertebra and kind, for example “T10 lytic”.`
  );
}

/** From head to pelvis: analysed in this session, or as a stored result says. */
export function analysedLevels(context: Context): VertebraLevel[] {
  const review = present(context);
  const reviewed = review.findings.map(({ label, level }) => levelOf(review, label, level));
  const levels = new Set([...coverages(context).map(({ level }) => level), ...reviewed]);
  return [...levels].sort((a, b) => levelOrder(a) - levelOrder(b));
}

/** The bodies the result is about: analysed now, said to be so by a stored result, or with a lesion. */
export function analysedBodies(context: Context):
  | {
      readonly labelmap: Labelmap;
      readonly vertebrae: readonly BodyToWrite[];
    }
  | undefined {
  const { bodies, lesions } = context.session;
  if (!bodies) return undefined;
  const levels = new Set([...analysedLevels(context), ...(lesions?.segments ?? []).map(({ level }) => level)]);
  const vertebrae = entries(context)
    .filter(({ level, problem }) => levels.has(level) && !problem)
    .map(({ label, level, origin, corrected }) => ({ label, level, origin, corrected }));
  return vertebrae.length > 0 ? { labelmap: bodies, vertebrae } : undefined;
}

/** @throws InputError 'no-bodies' */
export function neededBodies(context: Context) {
  const bodies = analysedBodies(context);
  if (bodies) return bodies;
  throw new InputError(
    'no-bodies',
    'There are no vertebral bodies for this result: the study has no vertebra masks open. Choose them under Analyse.'
  );
}
