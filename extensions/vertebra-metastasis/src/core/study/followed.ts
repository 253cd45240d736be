/** Lesions followed into slices where screening sees none, until they end; ours, not the paper's, which looks at one slice. */
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

type CountingRule = Pick<MethodOptions, 'attributionThreshold' | 'minPixels'>;

/** What counts as a lesion that is followed. */
export type FollowRule = CountingRule & {
  /** From one slice of the body to the next, mm. */
  readonly sliceMm: number;
};

/** How slices are searched and judged; S: a searched slice, H: one that was called healthy. */
export interface Following<S extends Place, H extends Place> {
  /** The slices with what is decided once all are known. @param searched ascending by offset */
  settle(searched: readonly S[], healthy: readonly H[]): readonly S[];
  found(slice: S): SliceAttribution;
  /** The slice with another attribution. */
  replaced(slice: S, attribution: SliceAttribution): S;
  search(slice: H): Promise<S>;
  /** Told before slices are searched. */
  onSlices?(slices: number): void;
}

/**
 * Searches the slices next to those in which a region counts, and goes on from there as long as it continues. In searched slices regions
 * that are 'unsupported' by the screening network count where they continue one that counts.
 * @param searched slices of one vertebra, ascending by offset
 * @param healthy its slices that were called healthy and not searched
 * @returns the searched slices, settled, ascending, and those that stay healthy
 */
export async function followLesions<S extends Place, H extends Place>(
  searched: readonly S[],
  healthy: readonly H[],
  { settle, found, replaced, search, onSlices }: Following<S, H>,
  rule: FollowRule
): Promise<{ readonly searched: readonly S[]; readonly healthy: readonly H[] }> {
  const [all, left] = [[...searched], [...healthy]];
  const besideEach = (slices: readonly Place[], of: readonly Lesion[]) =>
    slices.map(slice => of.filter(one => areNeighbours(one, slice, rule.sliceMm)));
  for (;;) {
    const settled = settle(all, left);
    const lesions = lesionsOf(
      settled.map(slice => ({ offsetMm: slice.offsetMm, ...found(slice) })),
      rule
    );
    let goesOn = false;
    besideEach(all, lesions).forEach((continued, n) => {
      const before = found(all[n]);
      const now = continuing(before, continued, rule);
      if (now === before) return;
      all[n] = replaced(all[n], now);
      goesOn = true;
    });
    const beside = besideEach(left, lesions).flatMap((continued, n) =>
      continued.length > 0 ? [{ slice: left[n], continued }] : []
    );
    if (beside.length > 0) onSlices?.(beside.length);
    for (const { slice, continued } of beside) {
      const one = await search(slice);
      all.push(replaced(one, onlyContinuing(found(one), continued, rule)));
      left.splice(left.indexOf(slice), 1);
      goesOn = true;
    }
    if (!goesOn) return { searched: settled, healthy: left };
    all.sort((a, b) => a.offsetMm - b.offsetMm);
  }
}

type Lesion = Continued & Place;

/** The regions that count in each slice, with the strength of the lesion that they belong to. */
function lesionsOf(
  shown: readonly (Place & SliceAttribution)[],
  { sliceMm, attributionThreshold, minPixels }: FollowRule
): Lesion[] {
  const counting = shown.map(({ candidates }) =>
    candidates.filter(one => isKept(one, attributionThreshold, minPixels))
  );
  return structuresOf(shown, counting, sliceMm).flatMap(members => {
    const strength = Math.max(
      ...members.map(({ candidate, slice }) => editStrength(candidate, shown[slice].differenceMap))
    );
    return members.map(({ candidate: { kind, mask }, slice }) => ({
      offsetMm: shown[slice].offsetMm,
      kind,
      mask,
      strength,
    }));
  });
}

/**
 * The attribution of a slice that was called healthy: a region counts only where it continues one of its kind in a slice beside; the
 * others are 'unsupported', since screening sees no lesion here. Arrays given in are not modified.
 */
export function onlyContinuing(
  attribution: SliceAttribution,
  continued: readonly Continued[],
  rule: CountingRule
): SliceAttribution {
  const marked = attribution.candidates.map(one =>
    one.skipped || one.leftOut ? one : { ...one, leftOut: 'unsupported' as const }
  );
  const none = { ...attribution, ...applyThreshold(marked, rule.attributionThreshold, rule.minPixels) };
  return continuing(none, continued, rule);
}

/**
 * The attribution in which 'unsupported' regions count that continue one of their kind in a slice beside: that overlap or touch it, and of
 * which the edit takes out at least half as much as of that lesion elsewhere. The same object where there is none.
 */
export function continuing(
  attribution: SliceAttribution,
  continued: readonly Continued[],
  { attributionThreshold, minPixels }: CountingRule
): SliceAttribution {
  const around = continued.map(one => ({ ...one, mask: dilated(one.mask, 1) }));
  const goesOn = (one: Candidate) =>
    around.some(
      ({ kind, mask, strength }) =>
        kind === one.kind &&
        overlap(mask, one.mask) &&
        editStrength(one, attribution.differenceMap) >= LEAST_STRENGTH * strength
    );
  let any = false;
  const candidates = attribution.candidates.map(one => {
    if (one.leftOut !== 'unsupported' || !goesOn(one)) return one;
    any = true;
    return { ...one, leftOut: undefined };
  });
  return any ? { ...attribution, ...applyThreshold(candidates, attributionThreshold, minPixels) } : attribution;
}
