/** The review of this session: decisions and strokes with undo, and the segmentation that follows from them. */
import {
  advance,
  composeLesions,
  emptyReview,
  findingsOf,
  labelExtents,
  type LesionName,
  mapHistory,
  projectVertebra,
  redo,
  type ReviewState,
  startHistory,
  undo,
  type VertebraAnalysis,
  type VertebraFindings,
  type VertebraLevel,
  withFindings,
  withoutFindings,
} from '../../core';
import type { Saving } from '../../ui';
import { lesionEntry, remember, residualStroke } from '../reviewMap';
import type { Context } from './context';
import { showLesions } from './lesions';

/** Moves of a slider within this time are one step, ms. */
const SLIDER_QUIET_MS = 200;

export function present({ session }: Context): ReviewState {
  return session.review.present;
}

/** Forgets all decisions; for another CT. */
export function resetReview(context: Context): void {
  const { session } = context;
  session.review = startHistory(emptyReview);
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

/** A fresh analysis enters every state of the history, so that undo cannot lose it. */
export function addFindings(context: Context, analysis: VertebraAnalysis): Promise<void> {
  const { session } = context;
  establish(context);
  const bodies = session.bodies?.labels ?? [];
  const fresh = findingsOf(analysis);
  session.review = mapHistory(session.review, state => withFindings(state, fresh, bodies));
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
  const entry = known(context).find(one => one.label === label);
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

/** Other masks are chosen: the lesions stay as voxels, decisions and candidates belonged to the former masks. */
export function freezeReview(context: Context): void {
  const { session } = context;
  if (session.lesions && !session.storedReview) {
    const segments = session.lesions.segments.map(segment => ({ ...segment, vertebraLabel: undefined }));
    session.storedReview = { map: { ...session.lesions, segments } };
  }
  session.review = startHistory({ ...emptyReview, rules: session.review.present.rules });
  session.projections = new WeakMap();
  publish(context);
}

/** Names are no step: they are corrected, not decided. */
export function renameInReview(context: Context, levels: Readonly<Record<number, VertebraLevel>>): void {
  const { session } = context;
  establish(context);
  session.review = mapHistory(session.review, state => ({ ...state, levels: { ...state.levels, ...levels } }));
  publish(context);
  render(context);
}

/**
 * Takes a stored result into the review once the vertebrae are known: its decisions where their candidates can be placed,
 * and whatever these do not explain as voxels drawn.
 */
export function establish(context: Context): void {
  const { session } = context;
  const { storedReview: stored, bodies, ct } = session;
  if (!stored || !ct || !bodies || known(context).length === 0) return;
  const { map, review } = stored;
  session.storedReview = undefined;
  const resolve = resolver(context);
  const saved = review ?? { ...emptyReview, rules: session.review.present.rules };
  const findings = saved.findings.filter(one => matches(context, one));
  const labels = new Set(findings.map(({ label }) => label));
  const state: ReviewState = {
    ...saved,
    findings,
    decisions: Object.fromEntries(Object.entries(saved.decisions).filter(([key]) => labels.has(parseInt(key, 10)))),
    reviewed: saved.reviewed.filter(label => labels.has(label)),
    strokes: [],
  };
  remember(session.identities, map, ({ vertebraLabel, level, kind }) => resolve({ vertebraLabel, level, kind }));
  const composed = composeLesions(ct.series, state, one => projectionOf(context, one));
  const residual = residualStroke(map, composed, resolve);
  session.review = startHistory({ ...state, strokes: residual ? [residual] : [] });
  publish(context);
}

/** Finds the vertebra mask of a lesion that is known by level only. */
export function resolver(context: Context): (name: LesionName) => LesionName {
  const vertebrae = known(context);
  return name => {
    if (name.vertebraLabel !== undefined) return name;
    const label = vertebrae.find(({ level }) => level === name.level)?.label;
    return label === undefined ? name : { ...name, vertebraLabel: label };
  };
}

/** The segmentation of the present state, in panel and viewports. */
function render(context: Context, origin = context.store.get().lesions?.origin ?? 'analysis'): Promise<void> {
  const { session } = context;
  const { ct, bodies } = session;
  const state = session.review.present;
  const nothing = state.findings.length === 0 && state.strokes.length === 0;
  if (!ct || !bodies || session.storedReview || (nothing && !session.lesions)) return Promise.resolve();
  const { labelmap, segments } = composeLesions(ct.series, state, one => projectionOf(context, one));
  const map = { labelmap, segments: segments.map(segment => lesionEntry(segment, session.identities)) };
  const unsaved: Saving = { status: 'unsaved' };
  return showLesions(context, map, origin, unsaved);
}

/** The map after a stroke; the viewer has it already. */
export function composedMap({ session }: Context) {
  const { ct, review, identities } = session;
  if (!ct) return undefined;
  const context = { session } as Context;
  const { labelmap, segments } = composeLesions(ct.series, review.present, one => projectionOf(context, one));
  return { labelmap, segments: segments.map(segment => lesionEntry(segment, identities)) };
}

export function projectionOf({ session }: Pick<Context, 'session'>, findings: VertebraFindings) {
  const { bodies, projections } = session;
  if (!bodies) return undefined;
  let projection = projections.get(findings);
  if (!projection) {
    const extent = (session.extents ??= labelExtents(bodies)).get(findings.label);
    projection = extent && projectVertebra(bodies, extent, findings);
    if (projection) projections.set(findings, projection);
  }
  return projection;
}

/** Tells the panel. */
export function publish({ session, store }: Context): void {
  const { past, present: now, future } = session.review;
  store.update(state => ({
    ...state,
    settings: { ...state.settings, ...now.rules },
    review: { present: now, canUndo: past.length > 0, canRedo: future.length > 0 },
  }));
}

/** A mask is the one that was analysed when its centre has not moved by more than this, mm. */
const SAME_BODY_MM = 10;

function matches(context: Context, { label, centreLps }: VertebraFindings): boolean {
  const entry = known(context).find(one => one.label === label);
  return !!entry && Math.hypot(...entry.centreLps.map((value, axis) => value - centreLps[axis])) < SAME_BODY_MM;
}

function known({ store }: Context) {
  const { reading } = store.get().vertebrae;
  return reading.status === 'ready' ? reading.value : [];
}
