/** Which lesion of one study is which of the other. */
import { invert, voxelMillilitres } from '../geometry';
import type { Affine, Labelmap, VertebraLevel } from '../types';
import { foci, labelsUnder } from './foci';
import type { LevelAlignment, PlacedLesions, TimedLesion } from './types';

/** Two lesions are one when at least this share of the smaller falls onto the other after alignment; less is touching. */
const MIN_OVERLAP = 0.1;
/** Smaller separate parts are not counted as foci, ml: a few voxels come and go with noise. */
const MIN_FOCUS_MILLILITRES = 0.05;

/** One lesion in one study or in both. */
export interface Pair {
  readonly current?: TimedLesion;
  readonly prior?: TimedLesion;
  readonly matchedBy?: 'tracking' | 'overlap' | 'level';
}

/** Every lesion of both studies is in exactly one pair. */
export function matchLesions(
  current: PlacedLesions,
  prior: PlacedLesions,
  alignments: readonly LevelAlignment[]
): readonly Pair[] {
  const pairs: Pair[] = [];
  const left = { current: [...current.segments], prior: [...prior.segments] };
  const take = (a: TimedLesion, b: TimedLesion, matchedBy: NonNullable<Pair['matchedBy']>) => {
    pairs.push({ current: a, prior: b, matchedBy });
    left.current = left.current.filter(one => one !== a);
    left.prior = left.prior.filter(one => one !== b);
  };
  for (const a of [...left.current]) {
    const b = left.prior.find(one => a.trackingUid && one.trackingUid === a.trackingUid);
    if (b) take(a, b, 'tracking');
  }
  const aligned = new Map(alignments.map(({ level, transform }) => [level, transform]));
  // The same kind first: what changed its kind is what is left over.
  for (const sameKind of [true, false]) {
    for (const { a, b } of overlaps(current, prior, left, aligned)) {
      if ((a.kind === b.kind) !== sameKind || !left.current.includes(a) || !left.prior.includes(b)) continue;
      take(a, b, 'overlap');
    }
  }
  for (const a of [...left.current]) {
    const b = left.prior.find(one => one.level === a.level && one.kind === a.kind);
    if (b && !aligned.has(a.level)) take(a, b, 'level');
  }
  return [...pairs, ...left.current.map(one => ({ current: one })), ...left.prior.map(one => ({ prior: one }))];
}

/** Pairs of one level that overlap, the best first. */
function overlaps(
  current: PlacedLesions,
  prior: PlacedLesions,
  left: { current: readonly TimedLesion[]; prior: readonly TimedLesion[] },
  aligned: ReadonlyMap<VertebraLevel, Affine>
) {
  const found = left.current.flatMap(a => {
    const transform = aligned.get(a.level);
    if (!transform) return [];
    const voxels = offsetsOf(current, a);
    const under = labelsUnder(voxels, current.labelmap, prior.labelmap, transform);
    return left.prior.flatMap(b => {
      if (b.level !== a.level) return [];
      const share = (under.get(b.index) ?? 0) / smaller(voxels.length, current.labelmap, prior, b);
      return share >= MIN_OVERLAP ? [{ a, b, share }] : [];
    });
  });
  return found.sort((x, y) => y.share - x.share);
}

/** Voxels (of the current grid) of the smaller of the two lesions. */
function smaller(voxels: number, from: Labelmap, prior: PlacedLesions, lesion: TimedLesion): number {
  const ratio = voxelMillilitres(prior.labelmap.indexToLps) / voxelMillilitres(from.indexToLps);
  return Math.min(voxels, offsetsOf(prior, lesion).length * ratio);
}

const offsetsOf = ({ offsets }: PlacedLesions, { index }: TimedLesion): readonly number[] => offsets.get(index) ?? [];

/** Parts of a matched lesion that lie on nothing of the other study's lesion; empty without alignment. */
export function focusCounts(
  { current: a, prior: b }: Pair,
  current: PlacedLesions,
  prior: PlacedLesions,
  alignments: readonly LevelAlignment[]
): { newFoci?: number; goneFoci?: number } {
  const alignment = a && b && alignments.find(({ level }) => level === a.level);
  if (!alignment) return {};
  const { transform } = alignment;
  return {
    newFoci: alone(current, a, prior, b, transform),
    goneFoci: alone(prior, b, current, a, invert(transform)),
  };
}

function alone(
  from: PlacedLesions,
  lesion: TimedLesion,
  to: PlacedLesions,
  counterpart: TimedLesion,
  transform: Affine
): number {
  const voxelMl = voxelMillilitres(from.labelmap.indexToLps);
  return foci(offsetsOf(from, lesion), from.labelmap).filter(
    part =>
      part.length * voxelMl >= MIN_FOCUS_MILLILITRES &&
      (labelsUnder(part, from.labelmap, to.labelmap, transform).get(counterpart.index) ?? 0) === 0
  ).length;
}
