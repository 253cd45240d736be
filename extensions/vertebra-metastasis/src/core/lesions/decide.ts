/** Decisions about whole lesions: pure functions from one review state to the next. */
import { accept, reject, undecide } from '../review/decide';
import type { CandidateKey } from '../review/findings';
import type { Decision, RejectReason, ReviewState } from '../review/state';
import { touching } from './connect';
import type { Lesion3d, Lesions3d } from './types';

/** The candidates a lesion is made of. */
export const lesionCandidates = ({ slices }: Pick<Lesion3d, 'slices'>): CandidateKey[] =>
  slices.flatMap(({ candidates }) => candidates);

export const acceptLesion = (state: ReviewState, lesion: Lesion3d): ReviewState =>
  accept(state, lesionCandidates(lesion));

export const rejectLesion = (state: ReviewState, lesion: Lesion3d, reason: RejectReason): ReviewState =>
  reject(state, lesionCandidates(lesion), reason);

export const undecideLesion = (state: ReviewState, lesion: Lesion3d): ReviewState =>
  undecide(state, lesionCandidates(lesion));

/** Lesions that more speaks against than for: with a flag about what they are, not about where the search ended. */
export function probablyNotLesions({ lesions }: Pick<Lesions3d, 'lesions'>): Lesion3d[] {
  return lesions.filter(({ verdict, flags }) => verdict === undefined && flags.some(flag => flag !== 'at-search-edge'));
}

/** Whether two lesions of one vertebra may be joined: of one kind always, of two kinds where they touch. */
export function canMerge(a: Lesion3d, b: Lesion3d, { labelmap }: Pick<Lesions3d, 'labelmap'>): boolean {
  if (a.id === b.id || a.vertebraLabel !== b.vertebraLabel || a.level !== b.level) return false;
  if (lesionCandidates(a).length === 0 || lesionCandidates(b).length === 0) return false;
  return a.kind === b.kind || touching(a.offsets, b.offsets, labelmap);
}

/** Makes lesions one; of two kinds a mixed one. What was decided about them stays. */
export function mergeLesions(state: ReviewState, lesions: readonly Lesion3d[]): ReviewState {
  const keys = lesions.flatMap(lesionCandidates);
  if (lesions.length < 2 || keys.length < 2) return state;
  return write(state, keys, decision => ({ ...decision, apart: undefined, group: keys[0] }));
}

/** Takes some candidates out of their lesion: they and the rest are lesions of their own. */
export function splitLesion(state: ReviewState, lesion: Lesion3d, keys: readonly CandidateKey[]): ReviewState {
  const all = lesionCandidates(lesion);
  const out = keys.filter(key => all.includes(key));
  if (out.length === 0 || out.length === all.length) return state;
  const rest = write(state, all, decision => ({ ...decision, group: undefined }));
  return write(rest, out, decision => ({ ...decision, apart: out[0] }));
}

/** Undoes merging and splitting: what touches is one again. */
export function restoreParts(state: ReviewState, lesion: Lesion3d): ReviewState {
  return write(state, lesionCandidates(lesion), decision => ({ ...decision, group: undefined, apart: undefined }));
}

function write(state: ReviewState, keys: readonly CandidateKey[], decide: (before: Decision) => Decision): ReviewState {
  const decisions = { ...state.decisions };
  for (const key of keys) {
    const next = Object.entries(decide(decisions[key] ?? {})).filter(([, value]) => value !== undefined);
    if (next.length === 0) delete decisions[key];
    else decisions[key] = Object.fromEntries(next);
  }
  return { ...state, decisions };
}
