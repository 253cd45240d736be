/** The result as it is now, checked: what every file is made of. */
import {
  InputError,
  type Labelmap,
  levelOf,
  levelOrder,
  type Provenance,
  reviewSummary,
  type ReviewSummary,
  type VertebraLevel,
} from '../../../core';
import type { BodyToWrite, CtSeries, ResultToWrite } from '../../../dicom';
import type { LesionMap } from '../../segmentation/lesionMap';
import type { Context } from '../context';
import { restoreReview } from '../review/restore';
import { currentProvenance, currentReview } from '../review/state';
import type { SessionState } from '../store';
import { coverages, notAssessed } from '../vertebrae/coverage';
import { vertebraRowsOf } from '../vertebrae/state';

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
  restoreReview(context);
  const { state } = context.session;
  const { lesions, unnamed } = state.review;
  const { series } = state.ct;
  const provenance = currentProvenance(state);
  if (!series || !lesions) throw new InputError('no-result');
  if (unnamed.length > 0) throw unnamedError(unnamed);
  if (!provenance) {
    throw new InputError('no-provenance');
  }
  const review = reviewSummary(currentReview(state));
  return { series, lesions, provenance, review, contentCreatorName: context.ports.study.userName() };
}

export function unnamedError(names: readonly string[]): InputError {
  return new InputError('unnamed-segment', { names });
}

/** From head to pelvis: analysed in this session, or as a stored result says. */
export function analysedLevels(session: SessionState): VertebraLevel[] {
  const { present } = session.review.history;
  const reviewed = present.findings.map(({ label, level }) => levelOf(present, label, level));
  const levels = new Set([...coverages(session).map(({ level }) => level), ...reviewed]);
  return [...levels].sort((a, b) => levelOrder(a) - levelOrder(b));
}

/** The bodies the result is about: analysed now, said to be so by a stored result, or with a lesion. */
export function analysedBodies(session: SessionState):
  | {
      readonly labelmap: Labelmap;
      readonly vertebrae: readonly BodyToWrite[];
    }
  | undefined {
  const { bodies } = session.vertebrae;
  const { lesions } = session.review;
  if (!bodies) return undefined;
  const levels = new Set([...analysedLevels(session), ...(lesions?.segments ?? []).map(({ level }) => level)]);
  const vertebrae = vertebraRowsOf(session)
    .filter(({ level, problem }) => levels.has(level) && !problem)
    .map(({ label, level, origin, corrected }) => ({ label, level, origin, corrected }));
  return vertebrae.length > 0 ? { labelmap: bodies.labelmap, vertebrae } : undefined;
}

/** @throws InputError 'no-bodies' */
export function neededBodies(session: SessionState) {
  const bodies = analysedBodies(session);
  if (bodies) return bodies;
  throw new InputError('no-bodies');
}

/** The result with the bodies and levels it is about, for the writers. */
export function resultToWrite(context: Context, { lesions, ...result }: Result): ResultToWrite {
  const { state } = context.session;
  const { labelmap, segments } = lesions;
  return {
    ...result,
    labelmap,
    lesions: segments,
    bodies: analysedBodies(state),
    analysed: analysedLevels(state),
    notAssessed: notAssessed(state),
  };
}
