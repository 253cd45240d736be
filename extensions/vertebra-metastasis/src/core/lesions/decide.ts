/** Decisions about whole lesions: pure functions from one review state to the next. */
import { accept, reject, undecide } from '../review/decide';
import { type CandidateKey, labelOfKey } from '../review/findings';
import type { Decision, RejectReason, ReviewState } from '../review/state';
import { touching } from './connect';
import type { Lesion3d, Lesions3d } from './types';

/** The candidates a lesion is made of. */
export const lesionCandidates = ({ slices }: Pick<Lesion3d, 'slices'>): CandidateKey[] =>
  slices.flatMap(({ candidates }) => candidates);

/** Lesions that are voxels alone (drawn, or of a file without candidates) are decided by one of their voxels. */
const VOXEL = 'voxel';
const voxelKey = (label: number | undefined, offset: number): CandidateKey => `${label ?? 0}/${VOXEL}/${offset}`;

/** What was decided about voxels without candidates. @param offsets ascending */
export function voxelDecision(
  { decisions }: Pick<ReviewState, 'decisions'>,
  label: number | undefined,
  offsets: readonly number[]
): Pick<Decision, 'verdict' | 'reason'> | undefined {
  const own = Object.entries(decisions).find(([key]) => {
    const [, kind, offset] = key.split('/');
    return kind === VOXEL && labelOfKey(key) === (label ?? 0) && offsets.includes(Number(offset));
  });
  return own?.[1];
}

/** What a decision about a lesion is written to. */
function decisionKeys({ decisions }: ReviewState, lesion: Lesion3d): CandidateKey[] {
  const candidates = lesionCandidates(lesion);
  if (candidates.length > 0) return candidates;
  const label = lesion.vertebraLabel ?? 0;
  const known = Object.keys(decisions).filter(key => {
    const [, kind, offset] = key.split('/');
    return kind === VOXEL && labelOfKey(key) === label && lesion.offsets.includes(Number(offset));
  });
  return known.length > 0 ? known : [voxelKey(label, lesion.offsets[Math.floor(lesion.offsets.length / 2)])];
}

/** Slices that were excluded from a kept lesion stay excluded. */
export function acceptLesion(state: ReviewState, lesion: Lesion3d): ReviewState {
  const keys = decisionKeys(state, lesion);
  const open = keys.filter(key => state.decisions[key]?.verdict !== 'rejected');
  return accept(state, open.length > 0 ? open : keys);
}

export const rejectLesion = (state: ReviewState, lesion: Lesion3d, reason: RejectReason): ReviewState =>
  reject(state, decisionKeys(state, lesion), reason);

export const undecideLesion = (state: ReviewState, lesion: Lesion3d): ReviewState =>
  undecide(state, decisionKeys(state, lesion));

/**
 * Whether a flag makes it doubtful that this is a lesion. One that touches the edge of what was searched is not doubtful for that alone:
 * a model that was trained on the middle of a body cuts off every large metastasis there. What a person drew is not doubtful either.
 */
export function isProbablyNot({ flags, slices }: Pick<Lesion3d, 'flags' | 'slices'>): boolean {
  return slices.length > 0 && flags.some(flag => flag !== 'at-search-edge');
}

/** Undecided lesions that more speaks against than for. */
export function probablyNotLesions({ lesions }: Pick<Lesions3d, 'lesions'>): Lesion3d[] {
  return lesions.filter(lesion => lesion.verdict === undefined && isProbablyNot(lesion));
}

/** Whether two lesions of one vertebra may be joined: of one kind always, of two kinds where they touch. */
export function canMerge(a: Lesion3d, b: Lesion3d, { labelmap }: Pick<Lesions3d, 'labelmap'>): boolean {
  if (a.id === b.id || a.vertebraLabel !== b.vertebraLabel || a.level !== b.level) return false;
  if (lesionCandidates(a).length === 0 || lesionCandidates(b).length === 0) return false;
  return a.kind === b.kind || touching(a.offsets, b.offsets, labelmap);
}

/** Makes lesions one; of two kinds a mixed one. What was decided about them stays, and what was split off stays apart from its rest. */
export function mergeLesions(state: ReviewState, lesions: readonly Lesion3d[]): ReviewState {
  const keys = lesions.flatMap(lesionCandidates);
  if (lesions.length < 2 || keys.length < 2) return state;
  const apart = keys.some(key => state.decisions[key]?.apart !== undefined) ? keys[0] : undefined;
  return write(state, keys, decision => ({ ...decision, apart, group: keys[0] }));
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
