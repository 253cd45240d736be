/** What a person decided, as the panel shows it, and the ways to decide. */
import { type Answer, type CandidateKey, emptyReview, type RejectReason, type ReviewState } from '../../core/review';
import type { LesionRules } from '../../core/study';
import type { LesionKind } from '../../core/types';

export interface Review {
  readonly present: ReviewState;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export const initialReview: Review = { present: emptyReview, canUndo: false, canRedo: false };

/** Id of a lesion, or key of the region of one slice. */
export type DecisionTarget = string;

export interface ReviewActions {
  /** Takes effect at once; a series of moves is one step of the history. */
  setRules(change: Partial<LesionRules>): void;
  accept(targets: readonly DecisionTarget[]): void;
  reject(targets: readonly DecisionTarget[], reason: RejectReason): void;
  /** Back to what threshold and size say. */
  resetDecision(targets: readonly DecisionTarget[]): void;
  setKind(targets: readonly DecisionTarget[], kind: LesionKind): void;
  /** Makes lesions of one vertebra one; of two kinds that touch a mixed one. */
  merge(targets: readonly DecisionTarget[]): void;
  /** Takes regions out of a lesion: they and the rest are lesions of their own. Without regions: undoes merging and splitting. */
  split(lesion: string, keys: readonly CandidateKey[]): void;
  /** Decides about the chosen lesions and goes on to the next undecided one. */
  acceptAndGo(): void;
  rejectAndGo(reason: RejectReason): void;
  /** With the reason given last; at first `other`. */
  rejectAgainAndGo(): void;
  /** Rejects all undecided lesions that more speaks against than for. */
  rejectDoubted(): void;
  /** Marks the vertebra in focus as finished, or takes the mark back. */
  toggleReviewed(): void;
  setReviewed(label: number, reviewed: boolean): void;
  /** What a person says of a whole vertebra; undefined takes it back. */
  answer(label: number, answer: Answer | undefined): void;
  undo(): void;
  redo(): void;
}
