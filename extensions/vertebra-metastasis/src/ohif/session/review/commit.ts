/** Steps of the review. Whatever changes decisions or strokes passes here. */
import {
  advance,
  findingsOf,
  type History,
  type KeptLesion,
  type LesionRules,
  mapHistory,
  redo,
  type ReviewState,
  rulesUntouched,
  sameRules,
  undo,
  type VertebraAnalysis,
  type VertebraLevel,
  withFindingsBeside,
  withoutFindings,
} from '../../../core';
import type { App, Context } from '../context';
import { modelRules } from '../model/state';
import { renameRows } from '../vertebrae/rows';
import { usesSessionVertebrae, vertebraRowsOf } from '../vertebrae/state';
import { restoreReview } from './restore';
import { showReview } from './show';
import { type ReviewSlice, shownRules } from './state';

/** Moves of a slider within this time are one step, ms. */
const SLIDER_QUIET_MS = 200;

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

/** What a slider shows becomes a step when it rests. @returns a function that stops */
export function watchSlider(app: App): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = app.store.subscribe(
    ({ session }) => session.review.sliding,
    sliding => {
      clearTimeout(timer);
      if (sliding) timer = setTimeout(() => commitRules(app.context()), SLIDER_QUIET_MS);
    }
  );
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** A model was opened: while there is nothing to decide on, its rules hold. */
export function adoptRules({ session }: Context, rules: LesionRules): void {
  const { history, pending } = session.state.review;
  if (history.present.findings.length > 0 || pending) return;
  session.patch('review', { history: mapHistory(history, state => ({ ...state, rules })) });
}

/** What becomes of a person's work in a vertebra that is analysed again. */
export type OverWork = 'keep' | 'replace';

/**
 * A fresh analysis enters every state of the history, so that undo cannot lose it. Over a person's work it is a step, which undo takes back.
 * @param overWork what that person answered; undefined where there was nothing to lose
 */
export function addFindings(context: Context, analysis: VertebraAnalysis, overWork?: OverWork): Promise<void> {
  const { session, store } = context;
  const bodies = session.state.vertebrae.bodies?.labelmap.labels ?? [];
  const rules = modelRules(store.getState().model);
  const fresh = findingsOf(analysis, rules);
  const { identities } = session.state.review;
  for (const [uid, known] of identities) {
    if (known.vertebraLabel === fresh.label) identities.set(uid, { ...known, stored: undefined });
  }
  const kept = overWork === 'keep' ? keptLesions(session.state.review, fresh.label) : [];
  const add = (state: ReviewState): ReviewState => ({
    ...withFindingsBeside(state, fresh, bodies, kept),
    // Rules that nobody moved are those of the model at work.
    rules: rulesUntouched(state) ? rules : state.rules,
  });
  const change = (history: History<ReviewState>) =>
    overWork ? advance(history, add(history.present)) : mapHistory(history, add);
  return setHistory(context, change, 'analysis');
}

/** Of one vertebra, what a person accepted or drew, and what a file holds without its regions. */
function keptLesions({ lesions }: ReviewSlice, label: number): KeptLesion[] {
  return (lesions?.segments ?? []).flatMap(({ lesion, level, kind, vertebraLabel }) => {
    const wanted = lesion && vertebraLabel === label && (lesion.verdict === 'accepted' || lesion.slices.length === 0);
    return wanted ? [{ name: { vertebraLabel, level, kind }, offsets: lesion.offsets }] : [];
  });
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

/** Bodies made in this session have steps of their own: their names are the same in every state. */
export function renameInReview(context: Context, levels: Readonly<Record<number, VertebraLevel>>): void {
  const rename = (state: ReviewState): ReviewState => ({ ...state, levels: { ...state.levels, ...levels } });
  void setHistory(context, history => mapHistory(history, rename));
}

/** A person calls vertebrae by other levels: a step like a decision. */
export function renameStep(context: Context, levels: Readonly<Record<number, VertebraLevel>>): void {
  commit(context, present => ({ ...present, levels: { ...present.levels, ...levels } }));
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
  if (next.present.levels !== history.present.levels) followLevels(context, next.present.levels);
  return showReview(context, origin);
}

/** The rows are called as the review has them; bodies of this session say their names themselves. */
function followLevels(context: Context, levels: ReviewState['levels']): void {
  const { state } = context.session;
  if (usesSessionVertebrae(state)) return;
  const changed = vertebraRowsOf(state).flatMap(({ label, level, given }) => {
    const now = levels[label] ?? given ?? level;
    return now === level ? [] : [[label, now] as const];
  });
  if (changed.length > 0) renameRows(context, Object.fromEntries(changed));
}
