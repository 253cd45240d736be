/** The CT around a point as the fit of a drum needs it. */
import type { Vec3 } from '../../geometry';
import type { Volume } from '../../types';
import { type Block, levelledSigmaMm, resample, smooth } from './block';

/** Air and fat say no more than fluid, dense bone no more than cortex. HU */
const WINDOW_HU = [-80, 600] as const;
/** Half extents of the region used, mm. */
const HALF_MM: Vec3 = [42, 42, 38];
const SPACING_MM = 1;
/** Blur that all CTs are brought to, mm: noise falls, thin cortex stays. */
const BLUR_MM: Vec3 = [0.9, 0.9, 0.9];
/** The search bears more blur from left to right, which endplates and walls are parallel to: thin discs stay. */
const SEARCH_BLUR_MM: Vec3 = [2.4, 1.2, 0.9];

/** Once for the outline, once with the blur of the search. */
export function fitBlocks(
  volume: Volume,
  centre: Vec3,
  halfMm: Vec3 = HALF_MM
): { readonly block: Block; readonly blurred: Block } {
  const raw = resample(volume, centre, halfMm, SPACING_MM, WINDOW_HU);
  return {
    block: smooth(raw, levelledSigmaMm(volume, BLUR_MM)),
    blurred: smooth(raw, levelledSigmaMm(volume, SEARCH_BLUR_MM)),
  };
}
