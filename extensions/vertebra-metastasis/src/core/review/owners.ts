/** Which candidate each voxel of a body shows. */
import { PATCH_PIXELS, PATCH_SIZE } from '../types';
import type { DecidedCandidate } from './decide';
import type { VertebraFindings } from './findings';
import type { Projection } from './projection';

/** A region between the voxel centres of a coarse CT is given to a voxel at most so many patch pixels away from it. */
const REACH_PIXELS = 5;

/**
 * A candidate shows in the voxels whose nearest pixel it holds; of candidates that overlap the later one. One that lies between the centres of
 * all voxels shows in the nearest voxel of its slice that is free, so that a kept region never vanishes from the segmentation.
 * @returns per voxel of the projection the position in `candidates`, -1 for none
 */
export function voxelOwners(
  { slices }: Pick<VertebraFindings, 'slices'>,
  { pixels }: Pick<Projection, 'pixels'>,
  candidates: readonly Pick<DecidedCandidate, 'slice' | 'candidate'>[]
): Int32Array {
  const ownerOfPixel = new Int32Array(slices.length * PATCH_PIXELS).fill(-1);
  const starts = candidates.map(({ slice }) => slices.indexOf(slice) * PATCH_PIXELS);
  candidates.forEach(({ candidate }, n) =>
    candidate.mask.forEach((inside, pixel) => inside && (ownerOfPixel[starts[n] + pixel] = n))
  );
  const owners = new Int32Array(pixels.length);
  const shown = new Uint8Array(candidates.length);
  for (let at = 0; at < pixels.length; at++) {
    const owner = ownerOfPixel[pixels[at]];
    owners[at] = owner;
    if (owner >= 0) shown[owner] = 1;
  }
  candidates.forEach(({ candidate: { mask } }, n) => {
    if (shown[n]) return;
    const nearest = nearestFree(pixels, owners, starts[n], mask);
    if (nearest >= 0) owners[nearest] = n;
  });
  return owners;
}

/** @returns position of the voxel in the projection; -1 when the region covers a voxel (another one shows there) or none is near */
function nearestFree(pixels: Uint32Array, owners: Int32Array, start: number, mask: ArrayLike<number>): number {
  let best = -1;
  let distance = REACH_PIXELS ** 2 + 1;
  for (let at = 0; at < pixels.length; at++) {
    const pixel = pixels[at] - start;
    if (pixel < 0 || pixel >= PATCH_PIXELS) continue;
    if (mask[pixel]) return -1;
    if (owners[at] >= 0) continue;
    const squared = squaredDistance(pixel, mask);
    if (squared < distance) [best, distance] = [at, squared];
  }
  return best;
}

/** To the nearest pixel of the region, in pixels; Infinity beyond the reach. */
function squaredDistance(pixel: number, mask: ArrayLike<number>): number {
  const [row, column] = [Math.floor(pixel / PATCH_SIZE), pixel % PATCH_SIZE];
  let squared = Infinity;
  for (let r = Math.max(0, row - REACH_PIXELS); r <= Math.min(PATCH_SIZE - 1, row + REACH_PIXELS); r++) {
    for (let c = Math.max(0, column - REACH_PIXELS); c <= Math.min(PATCH_SIZE - 1, column + REACH_PIXELS); c++) {
      if (mask[r * PATCH_SIZE + c]) squared = Math.min(squared, (r - row) ** 2 + (c - column) ** 2);
    }
  }
  return squared;
}
