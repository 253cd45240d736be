import { connectedComponents, MIN_PIXELS } from '@spine/core';
import type { PatchMask } from '@spine/core';

/** A true lesion counts as found when a region of its kind overlaps it with at least this intersection over union. */
export const MATCH_IOU = 0.25;

/** Detection and overlap counts of one kind in one slice. */
export interface SliceCounts {
  readonly found: number;
  readonly missed: number;
  readonly falseRegions: number;
  /** Pixels of the true lesions in the slice, of the prediction, and of both. */
  readonly truePixels: number;
  readonly predictedPixels: number;
  readonly commonPixels: number;
  /** Area in pixels of each true lesion, and whether it was found. */
  readonly lesions: readonly { readonly pixels: number; readonly found: boolean }[];
}

/** Regions of one mask as sets of pixels; specks below the method's own size limit do not count. */
function regions(mask: PatchMask): ReadonlySet<number>[] {
  return connectedComponents(mask)
    .filter(pixels => pixels.length >= MIN_PIXELS)
    .map(pixels => new Set(pixels));
}

function intersectionOverUnion(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let common = 0;
  for (const pixel of a) if (b.has(pixel)) common++;
  return common / (a.size + b.size - common);
}

/**
 * Pairs lesions with the regions that find them, by their positions in the lists: each region matches at most one lesion, best overlaps first.
 * @param lesions sets of pixels or voxels @param regions on the same grid
 */
export function matchRegions(
  lesions: readonly ReadonlySet<number>[],
  regions: readonly ReadonlySet<number>[]
): ReadonlyMap<number, number> {
  const pairs = lesions
    .flatMap((lesion, l) => regions.map((region, r) => ({ l, r, iou: intersectionOverUnion(lesion, region) })))
    .filter(({ iou }) => iou >= MATCH_IOU)
    .sort((a, b) => b.iou - a.iou);
  const matched = new Map<number, number>();
  const used = new Set<number>();
  for (const { l, r } of pairs) {
    if (matched.has(l) || used.has(r)) continue;
    matched.set(l, r);
    used.add(r);
  }
  return matched;
}

/** Compares a predicted mask with the truth of the same kind; each region matches at most one lesion, best overlaps first. */
export function compareSlice(predicted: PatchMask, truth: PatchMask): SliceCounts {
  const lesions = regions(truth);
  const proposals = regions(predicted);
  const matched = matchRegions(lesions, proposals);
  let [truePixels, predictedPixels, commonPixels] = [0, 0, 0];
  for (let i = 0; i < truth.length; i++) {
    if (truth[i]) truePixels++;
    if (predicted[i]) predictedPixels++;
    if (truth[i] && predicted[i]) commonPixels++;
  }
  return {
    found: matched.size,
    missed: lesions.length - matched.size,
    falseRegions: proposals.length - matched.size,
    truePixels,
    predictedPixels,
    commonPixels,
    lesions: lesions.map((lesion, l) => ({ pixels: lesion.size, found: matched.has(l) })),
  };
}
