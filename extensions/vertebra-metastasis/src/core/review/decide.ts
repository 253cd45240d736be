/** A person's decisions: pure functions from one review state to the next. */
import { isKept } from '../method';
import type { LesionRules, VertebraTarget } from '../study';
import type { LesionKind } from '../types';
import {
  type CandidateKey,
  candidateKey,
  type FoundCandidate,
  labelOfKey,
  type SearchedSlice,
  type VertebraFindings,
} from './findings';
import type { Decision, LesionName, RejectReason, ReviewState, Stroke } from './state';

/** A candidate with what was decided about it. */
export interface DecidedCandidate {
  readonly key: CandidateKey;
  readonly slice: SearchedSlice;
  readonly candidate: FoundCandidate;
  readonly kind: LesionKind;
  readonly decision: Decision;
  /** Whether it is a lesion: accepted, or undecided and passing the rules. */
  readonly kept: boolean;
}

/** All candidates of one vertebra, slice by slice. */
export function decidedCandidates(
  findings: VertebraFindings,
  { decisions, rules }: Pick<ReviewState, 'decisions' | 'rules'>
): DecidedCandidate[] {
  return findings.slices.flatMap((slice, position) =>
    slice.candidates.map(candidate => {
      const key = candidateKey(findings.label, position, candidate.id);
      const decision = decisions[key] ?? {};
      return {
        key,
        slice,
        candidate,
        decision,
        kind: decision.kind ?? candidate.kind,
        kept: decision.verdict ? decision.verdict === 'accepted' : isKept(candidate, rules.threshold, rules.minPixels),
      };
    })
  );
}

export function accept(state: ReviewState, keys: readonly CandidateKey[]): ReviewState {
  return change(state, keys, ({ kind, group, apart }) => ({ kind, group, apart, verdict: 'accepted' }));
}

export function reject(state: ReviewState, keys: readonly CandidateKey[], reason: RejectReason): ReviewState {
  return change(state, keys, ({ kind, group, apart }) => ({ kind, group, apart, verdict: 'rejected', reason }));
}

/** Back to what the rules say. */
export function undecide(state: ReviewState, keys: readonly CandidateKey[]): ReviewState {
  return change(state, keys, ({ kind, group, apart }) => ({ kind, group, apart }));
}

export function setKind(state: ReviewState, keys: readonly CandidateKey[], kind: LesionKind): ReviewState {
  return change(state, keys, decision => ({ ...decision, kind }));
}

/** Makes candidates of one vertebra one lesion of the first one's kind. */
export function merge(state: ReviewState, keys: readonly CandidateKey[]): ReviewState {
  if (keys.length < 2) return state;
  const all = withGroups(state, keys);
  const kind = kindOf(state, keys[0]);
  return write(state, all, decision => ({ ...decision, group: keys[0], kind }));
}

/** Takes a merged lesion apart; kinds stay. */
export function split(state: ReviewState, key: CandidateKey): ReviewState {
  return change(state, [key], decision => ({ ...decision, group: undefined }));
}

export function setRules(state: ReviewState, rules: LesionRules): ReviewState {
  return { ...state, rules };
}

export function setReviewed(state: ReviewState, label: number, reviewed: boolean): ReviewState {
  const others = state.reviewed.filter(one => one !== label);
  if (reviewed) return { ...state, reviewed: [...others, label].sort((a, b) => a - b) };
  // A change to a vertebra withdraws its mark as reviewed and its answer.
  const answers = { ...state.answers };
  delete answers[label];
  return { ...state, reviewed: others, answers };
}

export function addStroke(state: ReviewState, stroke: Stroke): ReviewState {
  return stroke.offsets.length === 0 ? state : { ...state, strokes: [...state.strokes, stroke] };
}

/**
 * Puts a fresh analysis of a vertebra in place of the former one. What was decided and painted in that vertebra goes
 * with it; the rest stays.
 * @param bodies labels of the vertebral bodies on the CT grid
 */
export function withFindings(state: ReviewState, fresh: VertebraFindings, bodies: ArrayLike<number>): ReviewState {
  const cleared = withoutFindings(state, fresh, bodies);
  return { ...cleared, findings: [...cleared.findings, fresh].sort((a, b) => a.label - b.label) };
}

/** The state without a vertebra's candidates, decisions and voxels. @param bodies labels on the CT grid */
export function withoutFindings(
  state: ReviewState,
  { label, level: given }: VertebraTarget,
  bodies: ArrayLike<number>
): ReviewState {
  const level = state.levels[label] ?? given;
  const kept = Object.entries(state.decisions).filter(([key]) => labelOfKey(key) !== label);
  return {
    ...state,
    findings: state.findings.filter(one => one.label !== label),
    decisions: Object.fromEntries(kept),
    reviewed: state.reviewed.filter(one => one !== label),
    strokes: state.strokes.flatMap(stroke => {
      const own = stroke.lesions.map(name =>
        name.vertebraLabel === undefined ? name.level === level : name.vertebraLabel === label
      );
      const stays = (n: number) => bodies[stroke.offsets[n]] !== label && !own[stroke.values[n] - 1];
      const left = filterStroke(stroke, stays);
      return left.offsets.length > 0 ? [left] : [];
    }),
  };
}

/** A lesion as it is now, to stay as its voxels. */
export interface KeptLesion {
  readonly name: LesionName;
  /** Into the CT grid. */
  readonly offsets: readonly number[];
}

/** The same, with lesions that were there before kept as voxels, as if drawn. */
export function withFindingsBeside(
  state: ReviewState,
  fresh: VertebraFindings,
  bodies: ArrayLike<number>,
  kept: readonly KeptLesion[]
): ReviewState {
  const values = kept.flatMap(({ offsets }, n) => offsets.map(() => n + 1));
  const names = kept.map(({ name }) => name);
  return addStroke(withFindings(state, fresh, bodies), {
    offsets: Uint32Array.from(kept.flatMap(({ offsets }) => offsets)),
    values: Uint8Array.from(values),
    lesions: names,
    touched: names,
  });
}

/** Whether a new analysis of these vertebrae would throw away a person's work. */
export function hasDecisions(state: ReviewState, labels: readonly number[]): boolean {
  const concerned = new Set<number | undefined>(labels);
  return (
    Object.keys(state.decisions).some(key => concerned.has(labelOfKey(key))) ||
    state.reviewed.some(label => concerned.has(label)) ||
    // Voxels of a stored result without candidates are work as well, although nobody touched them here.
    state.strokes.some(({ touched, lesions }) =>
      [...touched, ...lesions].some(({ vertebraLabel }) => concerned.has(vertebraLabel))
    )
  );
}

function filterStroke(stroke: Stroke, keep: (n: number) => boolean): Stroke {
  const places = [...stroke.offsets.keys()].filter(keep);
  return {
    ...stroke,
    offsets: Uint32Array.from(places, n => stroke.offsets[n]),
    values: Uint8Array.from(places, n => stroke.values[n]),
  };
}

function change(state: ReviewState, keys: readonly CandidateKey[], decide: (before: Decision) => Decision) {
  return write(state, withGroups(state, keys), decide);
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

/** The keys with all members of the lesions they belong to. */
function withGroups({ decisions }: ReviewState, keys: readonly CandidateKey[]): CandidateKey[] {
  const groups = new Set(keys.flatMap(key => decisions[key]?.group ?? []));
  const members = Object.keys(decisions).filter(key => groups.has(decisions[key].group ?? ''));
  return [...new Set([...keys, ...members])];
}

function kindOf({ decisions, findings }: ReviewState, key: CandidateKey): LesionKind | undefined {
  const [label, position, id] = key.split('/').map(Number);
  const slice = findings.find(one => one.label === label)?.slices[position];
  return decisions[key]?.kind ?? slice?.candidates.find(candidate => candidate.id === id)?.kind;
}
