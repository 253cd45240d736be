import { applyAffine, type Vec3 } from '../geometry';
import type { Labelmap } from '../types';

/**
 * The voxel of a lesion nearest to its centroid, LPS mm: a hollow lesion does not contain its centroid.
 * @param offsets into the grid, at least one
 */
export function innerPoint(
  offsets: readonly number[],
  { dims, indexToLps }: Pick<Labelmap, 'dims' | 'indexToLps'>
): Vec3 {
  const places = offsets.map(at =>
    applyAffine(indexToLps, [at % dims[0], Math.floor(at / dims[0]) % dims[1], Math.floor(at / (dims[0] * dims[1]))])
  );
  const centre = [0, 1, 2].map(axis => places.reduce((sum, place) => sum + place[axis], 0) / places.length);
  const away = (place: Vec3) => Math.hypot(...place.map((mm, axis) => mm - centre[axis]));
  return places.reduce((best, place) => (away(place) < away(best) ? place : best));
}
