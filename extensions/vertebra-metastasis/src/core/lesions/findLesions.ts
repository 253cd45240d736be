/** From a review to lesions: regions of one kind joined across slices, measured, and held against what speaks against them. */
import { applyAffine, type LabelExtent, labelExtents, type Vec3 } from '../geometry';
import { LESION_KINDS } from '../kinds';
import { type CandidateKey, labelOfKey, type VertebraFindings } from '../review/findings';
import { composeLesions, type LesionGrid } from '../review/compose';
import { decidedCandidates, type DecidedCandidate } from '../review/decide';
import type { Projection } from '../review/projection';
import { levelOf, type ReviewState } from '../review/state';
import { reportedMillilitres, voxelMillilitresBySlice } from '../study/measure';
import { isKept } from '../method';
import { type Labelmap, type LesionKind, PATCH_PIXELS, type VertebraLevel, type Volume } from '../types';
import { levelOrder } from '../vertebrae/levels';
import { cortexShare, healthyMedianHu, placeInBody } from './body';
import { analysedSliceMm, sideBridge } from './bridge';
import { connectedParts, eachNeighbour } from './connect';
import { diameters } from './diameters';
import type { Lesion3d, Lesion3dKind, LesionFlag, Lesions3d, LesionSlice } from './types';

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
  readonly kinds: Set<LesionKind>;
  readonly offsets: number[];
  readonly members: Member[];
  readonly touched: boolean;
}

/**
 * All lesions of a review, rejected ones included: those are listed, but are not in the labelmap.
 * Voxels are joined 26-connected on the CT grid, over a gap of one sagittal slice; lesions a person merged or split follow
 * `Decision.group` and `Decision.apart`. Arrays given in are not modified.
 */
export function findLesions(input: LesionInput): Lesions3d {
  const { grid, state } = input;
  const composed = composeLesions(grid, state, input.projectionOf);
  const own = voxelsBySegment(composed.labelmap);
  const drafts: Draft[] = [];
  const done = new Set<number>();
  for (const findings of state.findings) {
    const projection = input.projectionOf(findings);
    if (!projection) continue;
    const members = membersOf(findings, state, projection, composed.labelmap.labels);
    for (const kind of LESION_KINDS) {
      const segment = composed.segments.find(one => one.vertebraLabel === findings.label && one.kind === kind);
      if (segment) done.add(segment.index);
      const voxels = segment ? (own.get(segment.index) ?? []) : [];
      drafts.push(...draftsOf(findings, state, kind, voxels, members, segment?.touched ?? false, grid));
    }
  }
  // Drawn where nothing was analysed, or known from a stored result alone.
  for (const { index, vertebraLabel, level, kind, touched } of composed.segments) {
    if (done.has(index)) continue;
    for (const offsets of connectedParts(own.get(index) ?? [], grid, sideBridge(grid, 0))) {
      drafts.push({ vertebraLabel, level, kinds: new Set([kind]), offsets, members: [], touched });
    }
  }
  const isLesion = (offset: number) => composed.labelmap.labels[offset] > 0;
  return numbered(
    merged(drafts, state).map(draft => measured(draft, input, isLesion)),
    grid
  );
}

function voxelsBySegment({ labels }: Labelmap): Map<number, number[]> {
  const found = new Map<number, number[]>();
  labels.forEach((label, at) => {
    if (label === 0) return;
    const list = found.get(label);
    if (list) list.push(at);
    else found.set(label, [at]);
  });
  return found;
}

/** The candidates of a vertebra that count, with the voxels each is nearest to. Voxels that a person gave away are not theirs. */
function membersOf(
  findings: VertebraFindings,
  state: ReviewState,
  { offsets, pixels }: Projection,
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
  const owner = new Int32Array(findings.slices.length * PATCH_PIXELS).fill(-1);
  // Kept ones last: where two lie on each other the voxel shows the kept one.
  const order = members.map((_, n) => n).sort((a, b) => Number(members[a].kept) - Number(members[b].kept));
  for (const n of order) {
    const start = members[n].slicePosition * PATCH_PIXELS;
    members[n].candidate.mask.forEach((inside, pixel) => inside && (owner[start + pixel] = n));
  }
  offsets.forEach((at, n) => {
    const member = members[owner[pixels[n]]];
    if (member && labels[at] > 0 === member.kept) member.offsets.push(at);
  });
  return members;
}

/** Lesions of one kind in one vertebra. @param voxels of the segment, drawn ones included */
function draftsOf(
  findings: VertebraFindings,
  state: ReviewState,
  kind: LesionKind,
  voxels: readonly number[],
  all: readonly Member[],
  touched: boolean,
  grid: LesionGrid
): Draft[] {
  const members = all.filter(one => one.kind === kind);
  const rejected = members.filter(({ kept }) => !kept).flatMap(({ offsets }) => offsets);
  const apart = new Map<number, CandidateKey>();
  for (const { decision, offsets } of members) {
    if (decision.apart) for (const at of offsets) apart.set(at, decision.apart);
  }
  const bridge = sideBridge(grid, analysedSliceMm(findings));
  const parts = connectedParts(new Set([...voxels, ...rejected]), grid, bridge, at => apart.get(at) ?? '');
  const partOf = new Map(parts.flatMap((part, n) => part.map(at => [at, n] as const)));
  const level = levelOf(state, findings.label, findings.level);
  const drafts = parts.map(
    (offsets): Draft => ({
      vertebraLabel: findings.label,
      level,
      kinds: new Set([kind]),
      offsets,
      members: [],
      touched,
    })
  );
  for (const member of members) {
    const n = home(member, members, partOf);
    if (n !== undefined) drafts[n].members.push(member);
  }
  return drafts;
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

/** Joins the lesions whose candidates a person put into one group; of two kinds they are mixed. */
function merged(drafts: readonly Draft[], { decisions }: ReviewState): Draft[] {
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
  result.forEach(({ offsets }) => offsets.sort((a, b) => a - b));
  return result.filter(({ offsets }) => offsets.length > 0);
}

type Unnumbered = Omit<Lesion3d, 'name' | 'index'>;

function measured(draft: Draft, input: LesionInput, isLesion: (offset: number) => boolean): Unnumbered {
  const { grid, volume } = input;
  const { members, vertebraLabel, level, touched } = draft;
  // Of a lesion that is kept the rejected slices are no part; a rejected one is measured as it would be.
  const kept = draft.offsets.filter(isLesion);
  const offsets = kept.length > 0 ? kept : draft.offsets;
  const kind: Lesion3dKind = draft.kinds.size > 1 ? 'mixed' : [...draft.kinds][0];
  const perVoxel = voxelMillilitresBySlice(grid, grid.slicePositionsMm);
  const size = grid.dims[0] * grid.dims[1];
  const millilitres = offsets.reduce((sum, at) => sum + perVoxel[Math.floor(at / size)], 0);
  const scores = members.map(({ candidate }) => candidate.attributionScore).filter(Number.isFinite);
  const rawScore = scores.length > 0 ? Math.max(...scores) : undefined;
  const verdicts = new Set(members.map(({ decision }) => decision.verdict));
  const verdict = members.length > 0 && verdicts.size === 1 ? [...verdicts][0] : undefined;
  const reason = members.find(({ decision }) => decision.reason)?.decision.reason;
  const extent = vertebraLabel === undefined ? undefined : extentsOf(input)?.get(vertebraLabel);
  const huMean = volume ? mean(offsets.map(at => volume.hu[at])) : huOfCandidates(members);
  return {
    id: idOf(draft),
    ...(vertebraLabel === undefined ? {} : { vertebraLabel }),
    level,
    kind,
    offsets,
    voxels: offsets.length,
    millilitres: reportedMillilitres(millilitres),
    ...(huMean === undefined ? {} : { huMean: Number(huMean.toFixed(2)) }),
    ...(extent && input.bodies ? { place: placeInBody(input.bodies, extent, centre(offsets, grid)) } : {}),
    ...diameters(offsets, grid),
    ...(rawScore === undefined ? {} : { rawScore, score: Math.min(1, Math.max(0, rawScore)) }),
    slices: slicesOf(members),
    flags: flagsOf(draft, offsets, kind, huMean, input, extent, isLesion),
    ...(verdict ? { verdict } : {}),
    ...(verdict === 'rejected' && reason ? { reason } : {}),
    touched,
  };
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
  { bodies, volume, state, projectionOf, grid }: LesionInput,
  extent: LabelExtent | undefined,
  isLesion: (offset: number) => boolean
): LesionFlag[] {
  const findings = state.findings.find(({ label }) => label === vertebraLabel);
  const flags: LesionFlag[] = [];
  const analysed = (findings?.slices.length ?? 0) + (findings?.screened.length ?? 0);
  // Where one slice was analysed, one is all there can be.
  if (analysed > 1 && members.length > 0 && slicesOf(members).length === 1) flags.push('single-slice');
  if (bodies && extent && volume && huMean !== undefined && kind !== 'mixed') {
    const healthy = healthyMedianHu(volume, bodies, extent, isLesion);
    const odd = healthy !== undefined && (kind === 'lytic' ? huMean > healthy : huMean < healthy);
    if (odd) flags.push('hu-unlike-kind');
  }
  if (bodies && vertebraLabel !== undefined && cortexShare(offsets, bodies, vertebraLabel) > CORTEX_SHARE) {
    flags.push('hugs-cortex');
  }
  const unknown = findings && projectionOf(findings)?.unknown;
  if (unknown && unknown.length > 0) {
    const beyond = new Set(unknown);
    let edge = false;
    for (const at of offsets) {
      if (edge) break;
      eachNeighbour(at, grid.dims, [1, 1, 1], next => (edge ||= beyond.has(next)));
    }
    if (edge) flags.push('at-search-edge');
  }
  return flags;
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

/** Sorts, names and numbers; writes the labelmap. */
function numbered(found: readonly Unnumbered[], { dims, indexToLps }: LesionGrid): Lesions3d {
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
  const voxels = dims[0] * dims[1] * dims[2];
  const labels = lastIndex > 255 ? new Uint16Array(voxels) : new Uint8Array(voxels);
  const counts = new Map<string, number>();
  let index = 0;
  const lesions = sorted.map((one): Lesion3d => {
    const group = `${one.level} ${one.kind}`;
    const n = (counts.get(group) ?? 0) + 1;
    counts.set(group, n);
    const own = isRejected(one) ? 0 : ++index;
    if (own > 0) for (const at of one.offsets) labels[at] = own;
    return { ...one, name: `${group} ${n}`, index: own };
  });
  return { lesions, labelmap: { labels, dims, indexToLps } };
}
