/** Matches the lesions of one study with those of the other. */
import { voxelMillilitres } from '../geometry';
import { LESION_3D_KINDS } from '../kinds';
import type { Affine, VertebraLevel } from '../types';
import { labelsUnder } from './overlap';
import type { PlacedStudy } from './lesions';
import type { LevelAlignment, PriorLesion } from './types';

/** Two lesions are one when at least this share of the smaller falls onto the other after alignment; less is touching. */
const MIN_OVERLAP = 0.1;

/** One lesion in one study or in both; several where lesions merged or split. The main one is first. */
export interface Pair {
  readonly current: readonly PriorLesion[];
  readonly prior: readonly PriorLesion[];
  readonly matchedBy?: 'tracking' | 'overlap' | 'level';
}

interface Matched {
  current: PriorLesion[];
  prior: PriorLesion[];
  matchedBy: NonNullable<Pair['matchedBy']>;
}

/** Every lesion of both studies is in exactly one pair. */
export function matchLesions(
  current: PlacedStudy,
  prior: PlacedStudy,
  alignments: readonly LevelAlignment[]
): readonly Pair[] {
  const matched: Matched[] = [];
  const pairOf = new Map<PriorLesion, Matched>();
  const take = (a: PriorLesion, b: PriorLesion, matchedBy: Matched['matchedBy']) => {
    const pair: Matched = { current: [a], prior: [b], matchedBy };
    matched.push(pair);
    pairOf.set(a, pair).set(b, pair);
  };
  const free = (lesions: readonly PriorLesion[]) => lesions.filter(one => !pairOf.has(one));
  for (const a of current.lesions) {
    const b = prior.lesions.find(one => a.trackingUid !== undefined && one.trackingUid === a.trackingUid);
    if (b && isOnlyOne(a, current) && isOnlyOne(b, prior)) take(a, b, 'tracking');
  }
  const aligned = new Map(alignments.map(({ level, transform }) => [level, transform]));
  const found = overlaps(current, prior, aligned);
  // The same kind first: only lesions that find no partner of their kind can have changed it.
  for (const sameKind of [true, false]) {
    for (const { a, b } of found) {
      if ((a.kind === b.kind) === sameKind && !pairOf.has(a) && !pairOf.has(b)) take(a, b, 'overlap');
    }
  }
  // What overlaps a lesion that is already matched has merged with it, or split from it: also where the larger part kept the TrackingUID, and
  // where a person joined a lytic and a blastic lesion or took a mixed one apart.
  for (const { a, b } of found) {
    if (!mayBePart(a, b) || pairOf.has(a) === pairOf.has(b)) continue;
    const pair = (pairOf.get(a) ?? pairOf.get(b))!;
    if (pairOf.has(a)) pair.prior.push(b);
    else pair.current.push(a);
    pairOf.set(a, pair).set(b, pair);
  }
  for (const [a, b] of byLevel(free(current.lesions), free(prior.lesions), aligned)) {
    const pair: Matched = { current: a, prior: b, matchedBy: 'level' };
    matched.push(pair);
    [...a, ...b].forEach(one => pairOf.set(one, pair));
  }
  return [
    ...matched,
    ...free(current.lesions).map(one => ({ current: [one], prior: [] })),
    ...free(prior.lesions).map(one => ({ current: [], prior: [one] })),
  ];
}

const mayBePart = (a: PriorLesion, b: PriorLesion): boolean =>
  a.kind === b.kind || a.kind === 'mixed' || b.kind === 'mixed';

/**
 * Where a vertebra could not be aligned nobody can tell which of its lesions is which: all of one kind are held against all of that kind, and
 * what is left of one kind against what is left of another.
 */
function byLevel(
  current: readonly PriorLesion[],
  prior: readonly PriorLesion[],
  aligned: ReadonlyMap<VertebraLevel, Affine>
): [PriorLesion[], PriorLesion[]][] {
  const levels = [...new Set(current.map(({ level }) => level))].filter(level => !aligned.has(level));
  return levels.flatMap(level => {
    const of = (lesions: readonly PriorLesion[]) => lesions.filter(one => one.level === level);
    const [now, then] = [of(current), of(prior)];
    const kinds = LESION_3D_KINDS.filter(kind => [now, then].every(list => list.some(one => one.kind === kind)));
    const rest = (lesions: readonly PriorLesion[]) => lesions.filter(({ kind }) => !kinds.includes(kind));
    const pairs = kinds.map((kind): [PriorLesion[], PriorLesion[]] => [
      now.filter(one => one.kind === kind),
      then.filter(one => one.kind === kind),
    ]);
    return [...pairs, [rest(now), rest(then)] as [PriorLesion[], PriorLesion[]]].filter(
      ([a, b]) => a.length > 0 && b.length > 0
    );
  });
}

/** Files with a segment per kind give all its lesions one TrackingUID: it tells them apart only where there is one. */
function isOnlyOne({ trackingUid }: PriorLesion, { lesions }: PlacedStudy): boolean {
  return lesions.filter(one => one.trackingUid === trackingUid).length === 1;
}

/** Pairs of one level that overlap, the best first. */
function overlaps(current: PlacedStudy, prior: PlacedStudy, aligned: ReadonlyMap<VertebraLevel, Affine>) {
  const ratio = voxelMillilitres(prior.labelmap.indexToLps) / voxelMillilitres(current.labelmap.indexToLps);
  const found = current.lesions.flatMap(a => {
    const transform = aligned.get(a.level);
    if (!transform) return [];
    const under = labelsUnder(a.offsets, current.labelmap, prior.lesionAt, transform);
    return [...under].flatMap(([n, voxels]) => {
      const b = prior.lesions[n - 1];
      if (b.level !== a.level) return [];
      const share = voxels / Math.min(a.offsets.length, b.offsets.length * ratio);
      return share >= MIN_OVERLAP ? [{ a, b, share }] : [];
    });
  });
  return found.sort((x, y) => y.share - x.share);
}
