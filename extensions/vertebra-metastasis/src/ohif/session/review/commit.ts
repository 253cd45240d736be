/** Steps of the review. Whatever changes decisions or strokes passes here. */
import {
  advance,
  findingsOf,
  type History,
  type LesionRules,
  mapHistory,
  redo,
  type ReviewState,
  rulesUntouched,
  sameRules,
  undo,
  type VertebraAnalysis,
  type VertebraLevel,
  withFindings,
  withoutFindings,
} from '../../../core';
import type { Context } from '../context';
import { modelRules } from '../model/state';
import { vertebraRowsOf } from '../vertebrae/state';
import { showReview } from './lesions';
import { restoreReview } from './restore';
import { shownRules } from './state';

/** A step of the user: shown at once, can be undone. */
export function commit(context: Context, change: (present: ReviewState) => ReviewState): void {
  setHistory(context, history => advance(history, change(history.present)));
}

export function undoStep(context: Context): void {
  setHistory(context, undo);
}

export function redoStep(context: Context): void {
  setHistory(context, redo);
}

/** Shows new rules at once; the segmentation follows, as one step, when the slider rests. */
export function slideRules(context: Context, change: Partial<LesionRules>): void {
  restoreReview(context);
  context.session.patch('review', review => ({ sliding: { ...shownRules(review), ...change } }));
}

/** Makes a step of what a slider showed. */
export function commitRules(context: Context): void {
  const { session } = context;
  const { sliding } = session.state.review;
  if (!sliding) return;
  session.patch('review', { sliding: undefined });
  commit(context, present => (sameRules(present.rules, sliding) ? present : { ...present, rules: sliding }));
}

/** A model was opened: while there is nothing to decide on, its rules hold. */
export function adoptRules({ session }: Context, rules: LesionRules): void {
  const { history, pending } = session.state.review;
  if (history.present.findings.length > 0 || pending) return;
  session.patch('review', { history: mapHistory(history, state => ({ ...state, rules })) });
}

/** A fresh analysis enters every state of the history, so that undo cannot lose it. */
export function addFindings(context: Context, analysis: VertebraAnalysis): Promise<void> {
  const { session, store } = context;
  const bodies = session.state.vertebrae.bodies?.labelmap.labels ?? [];
  const rules = modelRules(store.getState().model);
  const fresh = findingsOf(analysis, rules);
  const { identities } = session.state.review;
  for (const [uid, known] of identities) {
    if (known.vertebraLabel === fresh.label) identities.set(uid, { ...known, stored: undefined });
  }
  const add = (state: ReviewState): ReviewState => ({
    ...withFindings(state, fresh, bodies),
    // Rules that nobody moved are those of the model at work.
    rules: rulesUntouched(state) ? rules : state.rules,
  });
  return setHistory(context, history => mapHistory(history, add), 'analysis');
}

/**
 * Takes the results of a vertebra whose mask is erased out of every state.
 * @returns puts them back unless something was decided since; false when it was
 */
export function dropFindings(context: Context, label: number): () => boolean {
  const { session } = context;
  restoreReview(context);
  const before = session.state.review.history;
  const level = vertebraRowsOf(session.state).find(one => one.label === label)?.level ?? '';
  const labels = session.state.vertebrae.bodies?.labelmap.labels ?? [];
  const without = mapHistory(before, state => withoutFindings(state, { label, level }, labels));
  void setHistory(context, () => without);
  return () => {
    if (session.state.review.history !== without) return false;
    void setHistory(context, () => before);
    return true;
  };
}

/** Names are no step: they are corrected, not decided. */
export function renameInReview(context: Context, levels: Readonly<Record<number, VertebraLevel>>): void {
  const rename = (state: ReviewState): ReviewState => ({ ...state, levels: { ...state.levels, ...levels } });
  restoreReview(context);
  context.session.patch('review', ({ storedCoverage }) => ({
    storedCoverage: storedCoverage?.map(one => ({ ...one, level: levels[one.label] ?? one.level })),
  }));
  void setHistory(context, history => mapHistory(history, rename));
}

/** @returns resolves when the viewports show what follows from it */
function setHistory(
  context: Context,
  change: (history: History<ReviewState>) => History<ReviewState>,
  origin?: 'analysis'
): Promise<void> {
  const { session } = context;
  restoreReview(context);
  const { history } = session.state.review;
  const next = change(history);
  if (next === history) return Promise.resolve();
  session.patch('review', { history: next });
  return showReview(context, origin);
}
