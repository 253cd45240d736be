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

export interface ReviewActions {
  /** Takes effect at once; a series of moves is one step of the history. */
  setRules(change: Partial<LesionRules>): void;
  accept(keys: readonly CandidateKey[]): void;
  reject(keys: readonly CandidateKey[], reason: RejectReason): void;
  /** Back to what threshold and size say. */
  resetDecision(keys: readonly CandidateKey[]): void;
  setKind(keys: readonly CandidateKey[], kind: LesionKind): void;
  merge(keys: readonly CandidateKey[]): void;
  split(key: CandidateKey): void;
  setReviewed(label: number, reviewed: boolean): void;
  /** What a person says of a whole vertebra; undefined takes it back. */
  answer(label: number, answer: Answer | undefined): void;
  undo(): void;
  redo(): void;
}
