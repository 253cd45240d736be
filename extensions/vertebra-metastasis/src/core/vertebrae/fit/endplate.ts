/** Signs that a fit's end lies beyond the body's own endplate: a disc, or the endplate itself, shows inside the fit. */
import { type Block, valueAt } from './block';

/** Attenuation above or below a threshold by this much is clearly bone or clearly none. HU */
export const CLEAR_HU = 90;
/** Depths below the fit's end that are sampled, mm: a neighbour's endplate, a disc, the body's own endplate, its marrow. */
const DEPTHS_MM = [2, 3.5, 5, 6.5, 8, 9.5, 11, 13];
/** A disc seen as such is at most this deep; deeper dark parts may be holes in the marrow. */
const DISC_DEPTHS = 6;
/** An endplate inside stands out on both sides: from noise on, and clearly. HU */
const LINE_HU = { least: 20, clear: 80 } as const;

/**
 * 0 to 1 for a point of the surface with outward normal g: is there a line darker than `discHu`, or a bright line with a
 * darker one before it? The second tells a disc where marrow is no brighter than discs.
 */
export function discInside(
  block: Block,
  discHu: number,
  px: number,
  py: number,
  pz: number,
  gx: number,
  gy: number,
  gz: number
): number {
  let [darkest, highest, rise, line, disc] = [Infinity, -Infinity, 0, 0, Infinity];
  for (let n = 0; n < DEPTHS_MM.length; n++) {
    const mm = DEPTHS_MM[n];
    const hu = valueAt(block, px - mm * gx, py - mm * gy, pz - mm * gz);
    if (hu < darkest) darkest = hu;
    if (n < DISC_DEPTHS) disc = darkest;
    if (hu - darkest > rise) [rise, highest] = [hu - darkest, hu];
    line = Math.max(line, Math.min(rise, highest - hu));
  }
  const bright = (line - LINE_HU.least) / (LINE_HU.clear - LINE_HU.least);
  return Math.max(0, Math.min(1, Math.max((discHu - disc) / CLEAR_HU, bright)));
}
