/** Decisions of the user as steps of the history. */
import { accept, merge, reject, type ReviewState, setKind, setReviewed, split, undecide } from '../../core';
import type { ReviewActions } from '../../ui';
import type { Context } from './context';
import { present, redoStep, slideRules, step, undoStep } from './review';

export function reviewActions(context: Context): ReviewActions {
  /** Ticks are for one decision. */
  const decide = (next: ReviewState) => {
    step(context, next);
    context.store.update(state =>
      state.focus.ticked.length === 0 ? state : { ...state, focus: { ...state.focus, ticked: [] } }
    );
  };
  return {
    setRules: change => slideRules(context, change),
    accept: keys => decide(accept(present(context), keys)),
    reject: (keys, reason) => decide(reject(present(context), keys, reason)),
    undecide: keys => decide(undecide(present(context), keys)),
    setKind: (keys, kind) => decide(setKind(present(context), keys, kind)),
    merge: keys => decide(merge(present(context), keys)),
    split: key => decide(split(present(context), key)),
    setReviewed: (label, reviewed) => step(context, setReviewed(present(context), label, reviewed)),
    undo: () => undoStep(context),
    redo: () => redoStep(context),
  };
}
