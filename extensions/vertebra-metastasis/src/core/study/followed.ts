/** Lesions followed into slices that screening called healthy, until they end; ours, not the paper's, which looks at one slice. */
import { applyThreshold, isKept, type MethodOptions } from '../method';
import { editStrength } from '../method/candidates';
import { dilated } from '../method/morphology';
import type { Candidate, SliceAttribution } from '../types';
import { areNeighbours, overlap, type SearchedCandidates, structuresOf } from './structures';

type Place = Pick<SearchedCandidates, 'offsetMm'>;

/** A lesion goes on where the edit takes out at least this share of what it takes out where it takes out most: its end lies at half the height. */
const LEAST_STRENGTH = 0.5;

/** A region in a slice beside, with the strength of its lesion: the largest mean |healthy edit - reconstruction| of a slice's region. */
export interface Continued extends Pick<Candidate, 'kind' | 'mask'> {
  readonly strength: number;
}

/** What counts as a lesion that is followed. */
export type FollowRule = Pick<MethodOptions, 'attributionThreshold' | 'minPixels'> & {
  /** From one slice of the body to the next, mm. */
  readonly sliceMm: number;
};

/** How slices are searched and judged; S: a searched slice, H: one that was called healthy. */
export interface Following<S extends Place, H extends Place> {
  /** The slices with what is decided once all are known. @param searched ascending by offset */
  settle(searched: readonly S[], healthy: readonly H[]): readonly S[];
  found(slice: S): Pick<SliceAttribution, 'candidates' | 'differenceMap'>;
  /** @param continued regions that count in the slices beside */
  search(slice: H, continued: readonly Continued[]): Promise<S>;
  /** Told before slices are searched. */
  onSlices?(slices: number): void;
}

/**
 * Searches the slices next to those in which a region counts, and goes on from there as long as it continues.
 * @param searched slices of one vertebra, ascending by offset
 * @param healthy its slices that were called healthy and not searched
 * @returns the searched slices, settled, ascending, and those that stay healthy
 */
export async function followLesions<S extends Place, H extends Place>(
  searched: readonly S[],
  healthy: readonly H[],
  { settle, found, search, onSlices }: Following<S, H>,
  { sliceMm, attributionThreshold, minPixels }: FollowRule
): Promise<{ readonly searched: readonly S[]; readonly healthy: readonly H[] }> {
  const [all, left] = [[...searched], [...healthy]];
  for (;;) {
    const settled = settle(all, left);
    const shown = settled.map(({ offsetMm }, n) => ({ offsetMm, ...found(settled[n]) }));
    const counting = shown.map(({ candidates }) =>
      candidates.filter(one => isKept(one, attributionThreshold, minPixels))
    );
    const lesions = structuresOf(shown, counting, sliceMm).flatMap(members => {
      const strengths = members.map(({ candidate, slice }) => editStrength(candidate, shown[slice].differenceMap));
      const strength = Math.max(...strengths);
      return members.map(({ candidate: { kind, mask }, slice }) => ({ ...shown[slice], kind, mask, strength }));
    });
    const beside = left.flatMap(slice => {
      const continued = lesions.filter(one => areNeighbours(one, slice, sliceMm));
      return continued.length > 0 ? [{ slice, continued }] : [];
    });
    if (beside.length === 0) return { searched: settled, healthy: left };
    onSlices?.(beside.length);
    for (const { slice, continued } of beside) {
      all.push(await search(slice, continued));
      left.splice(left.indexOf(slice), 1);
    }
    all.sort((a, b) => a.offsetMm - b.offsetMm);
  }
}

/**
 * The attribution of a slice that was called healthy: a region counts only where it continues one of its kind in a slice beside: where
 * it overlaps or touches it, and the edit takes out at least half as much. The others are 'unsupported', since screening sees no lesion here. Arrays given in are not modified.
 */
export function onlyContinuing<A extends SliceAttribution>(
  attribution: A,
  continued: readonly Continued[],
  { attributionThreshold, minPixels }: MethodOptions
): A {
  const around = continued.map(one => ({ ...one, mask: dilated(one.mask, 1) }));
  const goesOn = (one: Candidate) =>
    around.some(
      ({ kind, mask, strength }) =>
        kind === one.kind &&
        overlap(mask, one.mask) &&
        editStrength(one, attribution.differenceMap) >= LEAST_STRENGTH * strength
    );
  const marked = attribution.candidates.map(one =>
    one.skipped || one.leftOut || goesOn(one) ? one : { ...one, leftOut: 'unsupported' as const }
  );
  return { ...attribution, ...applyThreshold(marked, attributionThreshold, minPixels) };
}
