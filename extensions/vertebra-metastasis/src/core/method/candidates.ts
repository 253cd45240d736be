import type { Candidate, LesionKind, PatchMask } from '../types';
import { connectedComponents } from './components';
import { quantile } from './quantile';

/** Quantile of a sign's positive values that a pixel must exceed: the median. */
export const DIFFERENCE_QUANTILE = 0.5;
/** Smaller components are never scored; they still count as "others" when a candidate is revealed. */
export const MIN_PIXELS = 5;

/** healthyEdit - reconstruction: positive where the edit adds density (lytic), negative where it removes it (blastic). */
export function differenceMap(reconstruction: Float32Array, healthyEdit: Float32Array): Float32Array {
  return healthyEdit.map((value, i) => value - reconstruction[i]);
}

/** Pixels of one sign inside the body that lie strictly above the median of that sign's positive values. */
export function candidatePixels(difference: Float32Array, bodyMask: PatchMask, kind: LesionKind): PatchMask {
  const sign = kind === 'lytic' ? 1 : -1;
  const inside = difference.map((value, i) => (bodyMask[i] ? Math.max(0, sign * value) : 0));
  const positive = inside.filter(value => value > 0);
  const pixels = new Uint8Array(difference.length);
  if (positive.length === 0) return pixels;
  const threshold = quantile(positive, DIFFERENCE_QUANTILE);
  for (let i = 0; i < pixels.length; i++) pixels[i] = inside[i] > threshold ? 1 : 0;
  return pixels;
}

/** Mean of what the edit takes out of a region, in normalised intensity: positive where it changes the region as its kind says. */
export function editStrength({ kind, mask }: Pick<Candidate, 'kind' | 'mask'>, difference: Float32Array): number {
  const sign = kind === 'lytic' ? 1 : -1;
  let [sum, pixels] = [0, 0];
  mask.forEach((inside, i) => {
    if (!inside) return;
    sum += sign * difference[i];
    pixels++;
  });
  return sum / pixels;
}

/** The components of at least `minPixels`, blastic first, each kind in raster order: the order the reference scores them in. */
export function proposeCandidates(lytic: PatchMask, blastic: PatchMask, minPixels = MIN_PIXELS): Candidate[] {
  const ofKind = (kind: LesionKind, pixels: PatchMask) =>
    connectedComponents(pixels)
      .filter(component => component.length >= minPixels)
      .map(component => {
        const mask = new Uint8Array(pixels.length);
        for (const index of component) mask[index] = 1;
        return { kind, mask, pixelCount: component.length };
      });
  return [...ofKind('blastic', blastic), ...ofKind('lytic', lytic)].map((candidate, id) => ({ id, ...candidate }));
}
