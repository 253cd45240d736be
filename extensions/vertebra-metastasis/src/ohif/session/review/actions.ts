/** Decisions of the user as steps of the history. */
import {
  accept,
  acceptLesion,
  canMerge,
  type CandidateKey,
  type Lesion3d,
  lesionCandidates,
  type LesionKind,
  merge,
  mergeLesions,
  reject,
  type RejectReason,
  rejectLesion,
  restoreParts,
  type ReviewState,
  setKind,
  setReviewed,
  splitLesion,
  undecide,
  undecideLesion,
} from '../../../core';
import {
  chosenLesions,
  type DecisionTarget,
  isSetAside,
  nextUndecided,
  nextUnreviewed,
  type PanelState,
} from '../../../ui';
import type { Context } from '../context';
import { commit } from './commit';
import { goToLesion, goToVertebra } from './focus';
import { lesionOf } from './state';

type Targets = readonly DecisionTarget[];

/** Selected lesions are for one decision. */
function decide(context: Context, change: (present: ReviewState) => ReviewState): void {
  commit(context, change);
  context.session.patch('focus', ({ selected }) => (selected.length === 0 ? {} : { selected: [] }));
}

/** One step for all targets: lesions by `whole`, regions by `regions`. */
function decideOn(
  context: Context,
  targets: Targets,
  whole: (state: ReviewState, lesion: Lesion3d) => ReviewState,
  regions: (state: ReviewState, keys: readonly CandidateKey[]) => ReviewState
): void {
  const found = targets.map(target => lesionOf(context.session.state.review, target));
  const keys = targets.filter((_, n) => !found[n]);
  decide(context, now => {
    const after = found.reduce<ReviewState>((state, lesion) => (lesion ? whole(state, lesion) : state), now);
    return keys.length > 0 ? regions(after, keys) : after;
  });
}

export const acceptTargets = (context: Context, targets: Targets) => decideOn(context, targets, acceptLesion, accept);
export const rejectTargets = (context: Context, targets: Targets, reason: RejectReason) =>
  decideOn(
    context,
    targets,
    (state, lesion) => rejectLesion(state, lesion, reason),
    (state, keys) => reject(state, keys, reason)
  );
export const resetTargets = (context: Context, targets: Targets) =>
  decideOn(context, targets, undecideLesion, undecide);
export const setKindOf = (context: Context, targets: Targets, kind: LesionKind) =>
  decideOn(
    context,
    targets,
    (state, lesion) => setKind(state, lesionCandidates(lesion), kind),
    (state, keys) => setKind(state, keys, kind)
  );

/** Lesions that cannot be one are left as they are: of two vertebrae, of two kinds that do not touch, drawn ones. */
export function mergeTargets(context: Context, targets: Targets): void {
  const { review } = context.session.state;
  const found = targets.flatMap(target => lesionOf(review, target) ?? []);
  if (found.length < targets.length) return decide(context, now => merge(now, targets));
  const { lesions } = review;
  const fits = (one: Lesion3d) => lesions && found.some(other => canMerge(one, other, lesions));
  if (found.length < 2 || !found.every(fits)) return;
  decide(context, now => mergeLesions(now, found));
}

export function splitTarget(context: Context, id: string, keys: readonly CandidateKey[]): void {
  const lesion = lesionOf(context.session.state.review, id);
  if (!lesion) return;
  decide(context, now => (keys.length > 0 ? splitLesion(now, lesion, keys) : restoreParts(now, lesion)));
}

export const markReviewed = (context: Context, label: number, reviewed: boolean) =>
  commit(context, now => setReviewed(now, label, reviewed));

/** Decides about the chosen lesions and shows the next undecided one. @param panel as it is shown before the decision */
export function decideAndGo(context: Context, panel: PanelState, act: (ids: readonly string[]) => void): void {
  const ids = chosenLesions(panel).map(({ id }) => id);
  if (ids.length === 0) {
    // A region of a slice that is no lesion yet, or nothing at all: then the first open lesion is shown.
    const { key } = panel.focus;
    if (key !== undefined) return act([key]);
    return goToNextUndecided(context, panel);
  }
  const next = nextUndecided(panel, ids);
  act(ids);
  if (next) goToLesion(context, next.id);
}

export function goToNextUndecided(context: Context, panel: PanelState): void {
  const next = nextUndecided(panel);
  if (next) goToLesion(context, next.id);
}

export function goToNextUnreviewed(context: Context, panel: PanelState): void {
  const label = nextUnreviewed(panel);
  if (label !== undefined) goToVertebra(context, label);
}

/** Finishes with the vertebra in focus, or takes the mark back; without one shows the next that is open. Its question is answered there. */
export function toggleReviewed(context: Context, panel: PanelState): void {
  const { focus, review } = panel;
  const { findings, reviewed } = review.present;
  if (focus.label === undefined) return goToNextUnreviewed(context, panel);
  if (!findings.some(({ label }) => label === focus.label)) return;
  markReviewed(context, focus.label, !reviewed.includes(focus.label));
}

/** Lesions that more speaks against than for, rejected in one step. */
export function rejectDoubted(context: Context, panel: PanelState): void {
  const ids = (panel.lesions?.rows ?? []).filter(isSetAside).map(({ id }) => id);
  if (ids.length > 0) rejectTargets(context, ids, 'artefact');
}
