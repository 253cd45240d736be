/** Size, attenuation, place, scores and decision of a lesion whose voxels are known. */
import { applyAffine, type LabelExtent, labelExtents, type Vec3 } from '../geometry';
import { type CandidateKey, labelOfKey } from '../review/findings';
import { lesionNameKey, sameRules } from '../review/state';
import { reportedMillilitres, voxelMillilitresBySlice } from '../study/measure';
import type { Labelmap, Lesion3dKind } from '../types';
import { placeInBody } from './body';
import { touching } from './connect';
import { voxelDecision } from './decide';
import { diameters } from './diameters';
import { flagsOf } from './flags';
import type { Draft, Member } from './join';
import type { Lesion3d, LesionInput, LesionSlice, SharedInput } from './types';

export type Unnumbered = Omit<Lesion3d, 'name' | 'index'>;

export function measured(draft: Draft, shared: SharedInput): Unnumbered {
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
function decided(
  { members, vertebraLabel }: Draft,
  offsets: readonly number[],
  isKept: boolean,
  { state }: SharedInput
) {
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
  shared: SharedInput
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
