/** From a review to lesions: regions of one kind joined across slices, measured, and held against what speaks against them. */
import { applyAffine, type LabelExtent, labelExtents, type Vec3 } from '../geometry';
import { LESION_3D_KINDS } from '../kinds';
import { type CandidateKey, labelOfKey, type VertebraFindings } from '../review/findings';
import { composeLesions, type LesionGrid } from '../review/compose';
import { decidedCandidates, type DecidedCandidate } from '../review/decide';
import { voxelOwners } from '../review/owners';
import type { Projection } from '../review/projection';
import { levelOf, lesionNameKey, type ReviewState, sameRules } from '../review/state';
import { reportedMillilitres, voxelMillilitresBySlice } from '../study/measure';
import { isKept } from '../method';
import type { Labelmap, Lesion3dKind, VertebraLevel, Volume } from '../types';
import { levelOrder } from '../vertebrae/levels';
import { cortexShare, healthyMedianHu, placeInBody } from './body';
import { analysedSliceMm, sideBridge } from './bridge';
import { voxelDecision } from './decide';
import { connectedParts, eachNeighbour, touching } from './connect';
import { diameters } from './diameters';
import type { Lesion3d, LesionFlag, Lesions3d, LesionSlice } from './types';

/** A lesion with more of its voxels in the outer shell of the body hugs the cortex. */
const CORTEX_SHARE = 0.8;

export interface LesionInput {
  readonly grid: LesionGrid;
  readonly state: ReviewState;
  readonly projectionOf: (findings: VertebraFindings) => Projection | undefined;
  /** On the CT grid; without them neither place nor cortex nor attenuation of healthy bone are known. */
  readonly bodies?: Labelmap;
  /** Of `bodies`, where they are known already. */
  readonly extents?: ReadonlyMap<number, LabelExtent>;
  /** Without it the attenuation is that of the candidates' pixels. */
  readonly volume?: Pick<Volume, 'hu'>;
  /** Found before in the same CT: what did not change is not measured again. */
  readonly before?: Pick<Lesions3d, 'lesions'>;
}

/** A candidate that makes a lesion or would: it passes the rules, or a person decided about it. */
interface Member extends DecidedCandidate {
  readonly slicePosition: number;
  readonly offsets: number[];
}

/** Voxels and candidates of one lesion before it is measured. */
interface Draft {
  readonly vertebraLabel?: number;
  readonly level: VertebraLevel;
  readonly kinds: Set<Lesion3dKind>;
  readonly offsets: number[];
  readonly members: Member[];
}

/**
 * All lesions of a review, rejected ones included: those are listed, but are not in the labelmap.
 * Voxels are joined 26-connected on the CT grid, over a gap of one sagittal slice; lesions a person merged or split follow
 * `Decision.group` and `Decision.apart`. Arrays given in are not modified.
 */
export function findLesions(input: LesionInput): Lesions3d {
  const { grid, state } = input;
  const composed = composeLesions(grid, state, input.projectionOf);
  const drafts: Draft[] = [];
  const done = new Set<number>();
  for (const findings of state.findings) {
    const projection = input.projectionOf(findings);
    if (!projection) continue;
    const members = membersOf(findings, state, projection, composed.labelmap.labels);
    for (const kind of LESION_3D_KINDS) {
      const segment = composed.segments.find(one => one.vertebraLabel === findings.label && one.kind === kind);
      if (segment) done.add(segment.index);
      const voxels = segment ? (composed.offsets.get(segment.index) ?? []) : [];
      drafts.push(...draftsOf(findings, state, kind, voxels, members, grid));
    }
  }
  // Drawn where nothing was analysed, or known from a stored result alone.
  for (const { index, vertebraLabel, level, kind } of composed.segments) {
    if (done.has(index)) continue;
    for (const offsets of connectedParts(composed.offsets.get(index) ?? [], grid, sideBridge(grid, 0))) {
      drafts.push({ vertebraLabel, level, kinds: new Set([kind]), offsets, members: [] });
    }
  }
  const isLesion = (offset: number) => composed.labelmap.labels[offset] > 0;
  const known = new Map(input.before?.lesions.map(lesion => [lesion.id, lesion]));
  const shared: Shared = { ...input, isLesion, healthy: new Map(), drawn: drawnVoxels(state), known };
  return numbered(
    merged(drafts, state, grid).map(draft => measured(draft, shared)),
    composed.labelmap
  );
}

/** What the lesions of one call have in common. */
interface Shared extends LesionInput {
  /** By offset. */
  readonly isLesion: (offset: number) => boolean;
  /** Attenuation of the rest of each body, HU, once it was asked for. */
  readonly healthy: Map<number, number | undefined>;
  /** Voxels that a person drew or erased, by the name of the lesion they were taken from or given to. */
  readonly drawn: ReadonlyMap<string, ReadonlySet<number>>;
  readonly known: ReadonlyMap<string, Lesion3d>;
}

function drawnVoxels({ strokes }: ReviewState): Map<string, Set<number>> {
  const drawn = new Map<string, Set<number>>();
  for (const { offsets, touched } of strokes) {
    for (const key of touched.map(lesionNameKey)) {
      const voxels = drawn.get(key) ?? new Set<number>();
      offsets.forEach(at => voxels.add(at));
      drawn.set(key, voxels);
    }
  }
  return drawn;
}

/** The candidates of a vertebra that count, with the voxels each is nearest to. Voxels that a person gave away are not theirs. */
function membersOf(
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
function draftsOf(
  findings: VertebraFindings,
  state: ReviewState,
  kind: Lesion3dKind,
  voxels: readonly number[],
  all: readonly Member[],
  grid: LesionGrid
): Draft[] {
  const members = all.filter(one => one.kind === kind);
  const rejected = members.filter(({ kept }) => !kept).flatMap(({ offsets }) => offsets);
  const apart = new Map<number, CandidateKey>();
  for (const { decision, offsets } of members) {
    if (decision.apart) for (const at of offsets) apart.set(at, decision.apart);
  }
  const bridge = sideBridge(grid, analysedSliceMm(findings));
  const pieces = connectedParts(new Set([...voxels, ...rejected]), grid, bridge, at => apart.get(at) ?? '');
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
function merged(drafts: readonly Draft[], { decisions }: ReviewState, grid: LesionGrid): Draft[] {
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

type Unnumbered = Omit<Lesion3d, 'name' | 'index'>;

function measured(draft: Draft, shared: Shared): Unnumbered {
  const { grid, volume, isLesion, bodies } = shared;
  const { members, vertebraLabel, level } = draft;
  // Of a lesion that is kept the rejected slices are no part; a rejected one is measured as it would be.
  const kept = draft.offsets.filter(isLesion);
  const offsets = kept.length > 0 ? kept : draft.offsets;
  const kind: Lesion3dKind = draft.kinds.size > 1 ? 'mixed' : [...draft.kinds][0];
  const perVoxel = voxelMillilitresBySlice(grid, grid.slicePositionsMm);
  const size = grid.dims[0] * grid.dims[1];
  const millilitres = offsets.reduce((sum, at) => sum + perVoxel[Math.floor(at / size)], 0);
  const scores = members.map(({ candidate }) => candidate.attributionScore).filter(Number.isFinite);
  const rawScore = scores.length > 0 ? Math.max(...scores) : undefined;
  const { verdict, reason } = decided(draft, offsets, kept.length > 0, shared);
  const extent = vertebraLabel === undefined ? undefined : extentsOf(shared)?.get(vertebraLabel);
  const huMean = volume ? mean(offsets.map(at => volume.hu[at])) : huOfCandidates(members);
  const id = idOf(draft);
  const before = shared.known.get(id);
  const same = before && before.level === level && sameOffsets(before.offsets, offsets) ? before : undefined;
  const place = same?.place ?? (extent && bodies ? placeInBody(bodies, extent, centre(offsets, grid)) : undefined);
  return {
    id,
    ...(vertebraLabel === undefined ? {} : { vertebraLabel }),
    level,
    kind,
    offsets,
    voxels: offsets.length,
    millilitres: reportedMillilitres(millilitres),
    ...(huMean === undefined ? {} : { huMean: Number(huMean.toFixed(2)) }),
    ...(place ? { place } : {}),
    ...(same ? diametersOf(same) : diameters(offsets, grid)),
    ...(rawScore === undefined ? {} : { rawScore, score: Math.min(1, Math.max(0, rawScore)) }),
    slices: slicesOf(members),
    flags: flagsOf(draft, offsets, kind, huMean, extent, shared),
    ...(verdict ? { verdict } : {}),
    ...(verdict === 'rejected' && reason ? { reason } : {}),
    touched: isTouched(draft, offsets, shared),
  };
}

const diametersOf = ({ longestAxialMm, perpendicularAxialMm, longestMm }: Lesion3d) => ({
  longestAxialMm,
  perpendicularAxialMm,
  longestMm,
});

const sameOffsets = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((at, n) => at === b[n]);

/** About the candidates of a lesion; about its voxels where it has none. */
function decided({ members, vertebraLabel }: Draft, offsets: readonly number[], isKept: boolean, { state }: Shared) {
  const kept = members.filter(one => one.kept);
  if (kept.length > 0) {
    return kept.every(({ decision }) => decision.verdict === 'accepted') ? { verdict: 'accepted' as const } : {};
  }
  if (members.length > 0 && !isKept) {
    return { verdict: 'rejected' as const, reason: members.find(({ decision }) => decision.reason)?.decision.reason };
  }
  return voxelDecision(state, vertebraLabel, offsets) ?? {};
}

/** By moved rules, a decision about one of its candidates, or a stroke in it or next to it. */
function isTouched(
  { members, vertebraLabel, level, kinds }: Draft,
  offsets: readonly number[],
  shared: Shared
): boolean {
  const { state, drawn, grid } = shared;
  const findings = state.findings.find(({ label }) => label === vertebraLabel);
  if (members.length > 0 && findings && !sameRules(state.rules, findings.modelRules)) return true;
  if (members.some(({ decision }) => Object.keys(decision).length > 0)) return true;
  return [...kinds].some(kind => {
    const voxels = drawn.get(lesionNameKey({ vertebraLabel, level, kind }));
    return voxels !== undefined && touching(offsets, voxels, grid);
  });
}

function idOf({ members, offsets, level }: Draft): string {
  const keys = members.map(({ key }) => key).sort(compareKeys);
  return keys.length > 0 ? `lesion ${keys[0]}` : `drawn ${level} ${offsets[0]}`;
}

/** By slice, then by candidate: as text "10" would come before "9". */
function compareKeys(a: CandidateKey, b: CandidateKey): number {
  const [x, y] = [a, b].map(key => key.split('/').map(Number));
  return labelOfKey(a) - labelOfKey(b) || x[1] - y[1] || x[2] - y[2];
}

function slicesOf(members: readonly Member[]): LesionSlice[] {
  const positions = [...new Set(members.map(({ slicePosition }) => slicePosition))].sort((a, b) => a - b);
  return positions.map(slice => {
    const own = members.filter(({ slicePosition }) => slicePosition === slice);
    return {
      slice,
      offsetMm: own[0].slice.offsetMm,
      score: Math.max(...own.map(({ candidate }) => candidate.attributionScore)),
      candidates: own.map(({ key }) => key),
    };
  });
}

function flagsOf(
  { members, vertebraLabel }: Draft,
  offsets: readonly number[],
  kind: Lesion3dKind,
  huMean: number | undefined,
  extent: LabelExtent | undefined,
  shared: Shared
): LesionFlag[] {
  const { bodies, volume, state, projectionOf, grid } = shared;
  const findings = state.findings.find(({ label }) => label === vertebraLabel);
  const flags: LesionFlag[] = [];
  const analysed = (findings?.slices.length ?? 0) + (findings?.screened.length ?? 0);
  // Where one slice was analysed, one is all there can be.
  if (analysed > 1 && members.length > 0 && slicesOf(members).length === 1) flags.push('single-slice');
  if (bodies && extent && volume && huMean !== undefined && kind !== 'mixed') {
    const { healthy, isLesion } = shared;
    if (!healthy.has(extent.label)) healthy.set(extent.label, healthyMedianHu(volume, bodies, extent, isLesion));
    const rest = healthy.get(extent.label);
    const odd = rest !== undefined && (kind === 'lytic' ? huMean > rest : huMean < rest);
    if (odd) flags.push('hu-unlike-kind');
  }
  if (bodies && vertebraLabel !== undefined && cortexShare(offsets, bodies, vertebraLabel) > CORTEX_SHARE) {
    flags.push('hugs-cortex');
  }
  const projection = findings && projectionOf(findings);
  if (projection && projection.unknown.length > 0) {
    const beyond = unknownOf(projection);
    let edge = false;
    for (const at of offsets) {
      if (edge) break;
      eachNeighbour(at, grid.dims, [1, 1, 1], next => (edge ||= beyond.has(next)));
    }
    if (edge) flags.push('at-search-edge');
  }
  return flags;
}

const beyond = new WeakMap<Projection, ReadonlySet<number>>();
function unknownOf(projection: Projection): ReadonlySet<number> {
  const set = beyond.get(projection) ?? new Set(projection.unknown);
  beyond.set(projection, set);
  return set;
}

const known = new WeakMap<Labelmap, ReadonlyMap<number, LabelExtent>>();
function extentsOf({ bodies, extents }: LesionInput): ReadonlyMap<number, LabelExtent> | undefined {
  if (extents || !bodies) return extents;
  const before = known.get(bodies) ?? labelExtents(bodies);
  known.set(bodies, before);
  return before;
}

function centre(offsets: readonly number[], { dims, indexToLps }: Pick<Labelmap, 'dims' | 'indexToLps'>): Vec3 {
  const sum = [0, 0, 0];
  for (const at of offsets) {
    sum[0] += at % dims[0];
    sum[1] += Math.floor(at / dims[0]) % dims[1];
    sum[2] += Math.floor(at / (dims[0] * dims[1]));
  }
  const [i, j, k] = sum.map(value => value / offsets.length);
  return applyAffine(indexToLps, [i, j, k]);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function huOfCandidates(members: readonly Member[]): number | undefined {
  const known = members.filter(({ candidate }) => candidate.huMean !== undefined);
  const pixels = known.reduce((sum, { candidate }) => sum + candidate.pixelCount, 0);
  return pixels === 0
    ? undefined
    : known.reduce((sum, { candidate }) => sum + candidate.huMean! * candidate.pixelCount, 0) / pixels;
}

/** Sorts, names and numbers; writes over the labelmap of kinds. */
function numbered(found: readonly Unnumbered[], { labels: kinds, dims, indexToLps }: Labelmap): Lesions3d {
  const isRejected = ({ verdict }: Unnumbered) => Number(verdict === 'rejected');
  const sorted = [...found].sort(
    (a, b) =>
      levelOrder(a.level) - levelOrder(b.level) ||
      (a.vertebraLabel ?? 0) - (b.vertebraLabel ?? 0) ||
      isRejected(a) - isRejected(b) ||
      b.voxels - a.voxels ||
      a.offsets[0] - b.offsets[0]
  );
  const lastIndex = sorted.filter(one => !isRejected(one)).length;
  const labels = lastIndex > 255 ? new Uint16Array(kinds.length) : kinds;
  const counts = new Map<string, number>();
  let index = 0;
  const lesions = sorted.map((one): Lesion3d => {
    const group = `${one.level} ${one.kind}`;
    const n = (counts.get(group) ?? 0) + 1;
    counts.set(group, n);
    const own = isRejected(one) ? 0 : ++index;
    // Drawn voxels that were rejected stand in the labelmap of kinds.
    if (own > 0 || one.slices.length === 0) for (const at of one.offsets) labels[at] = own;
    return { ...one, name: `${group} ${n}`, index: own };
  });
  return { lesions, labelmap: { labels, dims, indexToLps } };
}
