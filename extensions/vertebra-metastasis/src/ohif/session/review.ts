/** The review of this session: decisions and strokes with undo, and the segmentation that follows from them. */
import {
  advance,
  emptyReview,
  findingsOf,
  type LesionRules,
  mapHistory,
  PUBLISHED_RULES,
  redo,
  type ReviewState,
  rulesUntouched,
  startHistory,
  undo,
  type VertebraAnalysis,
  type VertebraLevel,
  withFindings,
  withoutFindings,
} from '../../core';
import type { Context, Session } from './context';
import { entries } from './entries';
import { publish, render } from './reviewView';
import { establish } from './storedReview';

/** Moves of a slider within this time are one step, ms. */
const SLIDER_QUIET_MS = 200;

export function present({ session }: Context): ReviewState {
  return session.review.present;
}

/** Forgets all decisions; for another CT. */
export function resetReview(context: Context): void {
  const { session } = context;
  session.review = startHistory({ ...emptyReview, rules: modelRulesOf(session) });
  session.identities = new Map();
  session.storedReview = undefined;
  session.projections = new WeakMap();
  clearTimeout(session.sliding?.timer);
  session.sliding = undefined;
  publish(context);
}

/** A step of the user: shown at once, can be undone. */
export function step(context: Context, next: ReviewState): void {
  const { session } = context;
  establish(context);
  if (next === session.review.present) return;
  session.review = advance(session.review, next);
  publish(context);
  render(context);
}

export function undoStep(context: Context): void {
  move(context, undo);
}

export function redoStep(context: Context): void {
  move(context, redo);
}

function move(context: Context, along: typeof undo): void {
  const { session } = context;
  flushRules(context);
  const next = along(session.review);
  if (next === session.review) return;
  session.review = next;
  publish(context);
  render(context);
}

/** Shows new rules at once; the segmentation follows, as one step, when the slider rests. */
export function slideRules(context: Context, change: Partial<ReviewState['rules']>): void {
  const { session, store } = context;
  establish(context);
  const rules = { ...(session.sliding?.rules ?? session.review.present.rules), ...change };
  clearTimeout(session.sliding?.timer);
  session.sliding = { rules, timer: setTimeout(() => flushRules(context), SLIDER_QUIET_MS) };
  store.update(state => ({
    ...state,
    settings: { ...state.settings, ...rules },
    review: { ...state.review, present: { ...state.review.present, rules } },
  }));
}

/** Makes a step of what a slider showed. */
export function flushRules(context: Context): void {
  const { session } = context;
  if (!session.sliding) return;
  clearTimeout(session.sliding.timer);
  const { rules } = session.sliding;
  session.sliding = undefined;
  const before = session.review.present;
  const same = rules.threshold === before.rules.threshold && rules.minPixels === before.rules.minPixels;
  if (same) return publish(context);
  step(context, { ...before, rules });
}

/** The rules the model in use comes with. */
export function modelRulesOf({ model }: Session): LesionRules {
  if (!model) return PUBLISHED_RULES;
  const { attributionThreshold: threshold, minPixels } = model.manifest.method;
  return { threshold, minPixels };
}

/** A model was opened: while there is nothing to decide on, its rules are in force. */
export function adoptModelRules(context: Context): void {
  const { session } = context;
  if (session.review.present.findings.length > 0 || session.storedReview) return;
  const rules = modelRulesOf(session);
  session.review = mapHistory(session.review, state => ({ ...state, rules }));
  publish(context);
}

/** A fresh analysis enters every state of the history, so that undo cannot lose it. */
export function addFindings(context: Context, analysis: VertebraAnalysis): Promise<void> {
  const { session } = context;
  establish(context);
  flushRules(context);
  const bodies = session.bodies?.labels ?? [];
  const modelRules = modelRulesOf(session);
  const fresh = findingsOf(analysis, modelRules);
  session.review = mapHistory(session.review, state => ({
    ...withFindings(state, fresh, bodies),
    // Rules that nobody moved are those of the model at work.
    rules: rulesUntouched(state) ? modelRules : state.rules,
  }));
  for (const kind of ['lytic', 'blastic']) {
    const key = `#${fresh.label} ${kind}`;
    const known = session.identities.get(key);
    if (known) session.identities.set(key, { trackingUid: known.trackingUid });
  }
  publish(context);
  return render(context, 'analysis');
}

/**
 * Takes the results of a vertebra whose mask is erased out of every state.
 * @returns puts them back unless something was decided since; false when it was
 */
export function dropFindings(context: Context, label: number): () => boolean {
  const { session } = context;
  establish(context);
  const before = session.review;
  const entry = entries(context).find(one => one.label === label);
  const without = mapHistory(before, state =>
    withoutFindings(state, { label, level: entry?.level ?? '' }, session.bodies?.labels ?? [])
  );
  const set = (review: typeof before) => {
    session.review = review;
    publish(context);
    void render(context);
  };
  set(without);
  return () => {
    if (session.review !== without) return false;
    set(before);
    return true;
  };
}

/** Names are no step: they are corrected, not decided. */
export function renameInReview(context: Context, levels: Readonly<Record<number, VertebraLevel>>): void {
  const { session } = context;
  establish(context);
  session.review = mapHistory(session.review, state => ({ ...state, levels: { ...state.levels, ...levels } }));
  publish(context);
  render(context);
}
