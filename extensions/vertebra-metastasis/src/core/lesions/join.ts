/** Which voxels and candidates make one lesion: connected regions of one kind, whole candidates, and what a person merged. */
import { isKept } from '../method';
import { type CandidateKey, type VertebraFindings } from '../review/findings';
import type { LesionGrid } from '../review/compose';
import { decidedCandidates, type DecidedCandidate } from '../review/decide';
import { voxelOwners } from '../review/owners';
import type { Projection } from '../review/projection';
import { levelOf, type ReviewState } from '../review/state';
import type { Lesion3dKind, VertebraLevel } from '../types';
import { analysedSliceMm, sideBridge } from './bridge';
import { connectedParts, eachNeighbour, touching } from './connect';

/** A candidate that makes a lesion or would: it passes the rules, or a person decided about it. */
export interface Member extends DecidedCandidate {
  readonly slicePosition: number;
  readonly offsets: number[];
}

/** Voxels and candidates of one lesion before it is measured. */
export interface Draft {
  readonly vertebraLabel?: number;
  readonly level: VertebraLevel;
  readonly kinds: Set<Lesion3dKind>;
  readonly offsets: number[];
  readonly members: Member[];
}

/** The candidates of a vertebra that count, with the voxels each is nearest to. Voxels that a person gave away are not theirs. */
export function membersOf(
  findings: VertebraFindings,
  state: ReviewState,
  projection: Projection,
  labels: ArrayLike<number>
): Member[] {
  const { rules } = state;
  const counting = decidedCandidates(findings, state).filter(
    ({ kept, candidate, decision }) =>
      kept || (decision.verdict === 'rejected' && isKept(candidate, rules.threshold, rules.minPixels))
  );
  const members = counting.map(
    (one): Member => ({ ...one, slicePosition: findings.slices.indexOf(one.slice), offsets: [] })
  );
  // Where two lie on each other the voxel shows the kept one.
  const [kept, rejected] = [true, false].map(side => {
    const own = members.filter(one => one.kept === side);
    return { own, owners: voxelOwners(findings, projection, own) };
  });
  projection.offsets.forEach((at, n) => {
    const member = kept.own[kept.owners[n]] ?? rejected.own[rejected.owners[n]];
    if (member && labels[at] > 0 === member.kept) member.offsets.push(at);
  });
  return members;
}

/** Lesions of one kind in one vertebra. @param voxels of the segment, drawn ones included */
export function draftsOf(
  findings: VertebraFindings,
  state: ReviewState,
  kind: Lesion3dKind,
  voxels: readonly number[],
  counting: readonly Member[],
  grid: LesionGrid
): Draft[] {
  const members = counting.filter(one => one.kind === kind);
  const rejected = members.filter(({ kept }) => !kept).flatMap(({ offsets }) => offsets);
  const all = new Set([...voxels, ...rejected]);
  const apart = apartMarks(all, members, grid);
  const bridge = sideBridge(grid, analysedSliceMm(findings));
  const pieces = connectedParts(all, grid, bridge, at => apart.get(at) ?? '');
  const parts = withWholeCandidates(pieces, members);
  const partOf = new Map(parts.flatMap((part, n) => part.map(at => [at, n] as const)));
  const level = levelOf(state, findings.label, findings.level);
  const drafts = parts.map(
    (offsets): Draft => ({
      vertebraLabel: findings.label,
      level,
      kinds: new Set([kind]),
      offsets,
      members: [],
    })
  );
  for (const member of members) {
    const n = home(member, members, partOf);
    if (n !== undefined) drafts[n].members.push(member);
  }
  return drafts;
}

/** By voxel, the mark of the part it was split off with: what was drawn goes with the part that is nearest. */
function apartMarks(all: ReadonlySet<number>, members: readonly Member[], { dims }: LesionGrid): Map<number, string> {
  const marks = new Map<number, string>();
  if (!members.some(({ decision }) => decision.apart)) return marks;
  for (const { decision, offsets } of members) for (const at of offsets) marks.set(at, decision.apart ?? '');
  const reached = [...marks.keys()];
  for (let n = 0; n < reached.length; n++) {
    eachNeighbour(reached[n], dims, [1, 1, 1], next => {
      if (!all.has(next) || marks.has(next)) return;
      marks.set(next, marks.get(reached[n])!);
      reached.push(next);
    });
  }
  return marks;
}

/** A candidate is one region of its slice: pieces that the voxels of the CT cut it into belong together. */
function withWholeCandidates(pieces: readonly number[][], members: readonly Member[]): number[][] {
  const pieceOf = new Map(pieces.flatMap((piece, n) => piece.map(at => [at, n] as const)));
  const root = pieces.map((_, n) => n);
  const rootOf = (n: number): number => (root[n] === n ? n : (root[n] = rootOf(root[n])));
  for (const { offsets } of members) {
    const [first, ...others] = new Set(offsets.flatMap(at => pieceOf.get(at) ?? []));
    for (const other of others) root[rootOf(other)] = rootOf(first);
  }
  const joined = new Map<number, number[]>();
  pieces.forEach((piece, n) => joined.set(rootOf(n), [...(joined.get(rootOf(n)) ?? []), ...piece]));
  return [...joined.values()];
}

/** The part that most of a candidate's voxels lie in; of one smaller than the voxels, that of its nearest overlapping neighbour. */
function home(member: Member, members: readonly Member[], partOf: ReadonlyMap<number, number>): number | undefined {
  const counts = new Map<number, number>();
  for (const at of member.offsets) {
    const n = partOf.get(at);
    if (n !== undefined) counts.set(n, (counts.get(n) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  if (most) return most[0];
  const beside = members
    .filter(one => one.offsets.some(at => partOf.has(at)) && overlap(one.candidate.mask, member.candidate.mask))
    .sort(
      (a, b) => Math.abs(a.slicePosition - member.slicePosition) - Math.abs(b.slicePosition - member.slicePosition)
    );
  const nearest = beside[0]?.offsets.find(at => partOf.has(at));
  return nearest === undefined ? undefined : partOf.get(nearest);
}

const overlap = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  for (let n = 0; n < a.length; n++) if (a[n] && b[n]) return true;
  return false;
};

/**
 * Joins the lesions whose candidates a person put into one group; of two kinds they are mixed. What was drawn as mixed belongs to the
 * mixed lesion it touches.
 */
export function merged(drafts: readonly Draft[], { decisions }: ReviewState, grid: LesionGrid): Draft[] {
  const byGroup = new Map<CandidateKey, Draft>();
  const result: Draft[] = [];
  for (const draft of drafts) {
    const group = draft.members.map(({ key }) => decisions[key]?.group).find(key => key !== undefined);
    const known = group === undefined ? undefined : byGroup.get(group);
    if (known) {
      known.offsets.push(...draft.offsets);
      known.members.push(...draft.members);
      draft.kinds.forEach(kind => known.kinds.add(kind));
      continue;
    }
    const copy = { ...draft, kinds: new Set(draft.kinds), offsets: [...draft.offsets], members: [...draft.members] };
    if (group !== undefined) byGroup.set(group, copy);
    result.push(copy);
  }
  const isDrawnMixed = ({ kinds, members }: Draft) => kinds.has('mixed') && members.length === 0;
  for (const drawn of result.filter(isDrawnMixed)) {
    const near = result.find(
      one =>
        one.kinds.size > 1 && one.vertebraLabel === drawn.vertebraLabel && touching(drawn.offsets, one.offsets, grid)
    );
    near?.offsets.push(...drawn.offsets.splice(0));
  }
  result.forEach(({ offsets }) => offsets.sort((a, b) => a - b));
  return result.filter(({ offsets }) => offsets.length > 0);
}
