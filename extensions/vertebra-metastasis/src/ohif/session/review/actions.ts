/** Decisions of the user as steps of the history. */
import {
  accept,
  type CandidateKey,
  type LesionKind,
  merge,
  reject,
  type RejectReason,
  type ReviewState,
  setKind,
  setReviewed,
  split,
  undecide,
} from '../../../core';
import type { Context } from '../context';
import { commit } from './commit';

/** Selected candidates are for one decision. */
function decide(context: Context, change: (present: ReviewState) => ReviewState): void {
  commit(context, change);
  context.session.patch('focus', ({ selected }) => (selected.length === 0 ? {} : { selected: [] }));
}

type Keys = readonly CandidateKey[];

export const acceptKeys = (context: Context, keys: Keys) => decide(context, now => accept(now, keys));
export const rejectKeys = (context: Context, keys: Keys, reason: RejectReason) =>
  decide(context, now => reject(now, keys, reason));
export const resetDecisions = (context: Context, keys: Keys) => decide(context, now => undecide(now, keys));
export const setKindOf = (context: Context, keys: Keys, kind: LesionKind) =>
  decide(context, now => setKind(now, keys, kind));
export const mergeKeys = (context: Context, keys: Keys) => decide(context, now => merge(now, keys));
export const splitKey = (context: Context, key: CandidateKey) => decide(context, now => split(now, key));
export const markReviewed = (context: Context, label: number, reviewed: boolean) =>
  commit(context, now => setReviewed(now, label, reviewed));
