/** Lesions followed into slices that screening called healthy, until they end; ours, not the paper's, which looks at one slice. */
import { applyThreshold, isKept, type MethodOptions } from '../method';
import { dilated } from '../method/morphology';
import type { ScoredCandidate, SliceAttribution } from '../types';
import { areNeighbours, overlap, type SearchedCandidates } from './structures';

type Place = Pick<SearchedCandidates, 'offsetMm'>;

/** What counts as a lesion that is followed. */
export type FollowRule = Pick<MethodOptions, 'attributionThreshold' | 'minPixels'> & {
  /** From one slice of the body to the next, mm. */
  readonly sliceMm: number;
};

/** How slices are searched and judged; S: a searched slice, H: one that was called healthy. */
export interface Following<S extends Place, H extends Place> {
  /** The slices with what is decided once all are known. @param searched ascending by offset */
  settle(searched: readonly S[], healthy: readonly H[]): readonly S[];
  candidates(slice: S): readonly ScoredCandidate[];
  /** @param continued regions that count in the slices beside */
  search(slice: H, continued: readonly ScoredCandidate[]): Promise<S>;
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
  { settle, candidates, search, onSlices }: Following<S, H>,
  { sliceMm, attributionThreshold, minPixels }: FollowRule
): Promise<{ readonly searched: readonly S[]; readonly healthy: readonly H[] }> {
  const [all, left] = [[...searched], [...healthy]];
  for (;;) {
    const settled = settle(all, left);
    const counting = (slice: S) => candidates(slice).filter(one => isKept(one, attributionThreshold, minPixels));
    const beside = left.flatMap(slice => {
      const continued = settled.filter(one => areNeighbours(one, slice, sliceMm)).flatMap(counting);
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
 * The attribution of a slice that was called healthy: a region counts only where it overlaps or touches one of its kind in a slice
 * beside; the others are 'unsupported', since screening sees no lesion here. Arrays given in are not modified.
 */
export function onlyContinuing<A extends SliceAttribution>(
  attribution: A,
  continued: readonly ScoredCandidate[],
  { attributionThreshold, minPixels }: MethodOptions
): A {
  const around = continued.map(({ kind, mask }) => ({ kind, mask: dilated(mask, 1) }));
  const marked = attribution.candidates.map(one =>
    one.skipped || one.leftOut || around.some(({ kind, mask }) => kind === one.kind && overlap(mask, one.mask))
      ? one
      : { ...one, leftOut: 'unsupported' as const }
  );
  return { ...attribution, ...applyThreshold(marked, attributionThreshold, minPixels) };
}
