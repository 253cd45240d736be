/** Bodies that share no voxel. */
import { applyAffine, type Vec3, voxelMillilitres } from '../geometry';
import type { Labelmap, Volume } from '../types';
import { bodyAxes, extentOf } from './fit/shape';
import { centroidOf, type SegmentedBody } from './segment';

type Grid = Pick<Volume, 'dims' | 'indexToLps'>;

/**
 * A voxel claimed by several bodies stays with the one in whose fitted drum it lies deepest; centroids and volumes follow.
 * The bodies given are not changed.
 */
export function separated(grid: Grid, bodies: readonly SegmentedBody[]): SegmentedBody[] {
  const depth = bodies.map(({ fit }) => {
    const axes = bodyAxes(fit);
    return ([x, y, z]: Vec3) => extentOf(fit, axes, x, y, z);
  });
  return bodies.map((body, n) => {
    const others = bodies.flatMap((other, m) => (m !== n && boxesMeet(body, other) ? [m] : []));
    if (others.length === 0) return body;
    const labels = body.mask.labels.slice();
    let lost = 0;
    eachVoxel(body, (index, at) => {
      const rivals = others.filter(m => holds(bodies[m], index));
      if (rivals.length === 0) return;
      const place = applyAffine(grid.indexToLps, index);
      const own = depth[n](place);
      // Of equal claims the first body's counts.
      if (!rivals.some(m => (m < n ? depth[m](place) <= own : depth[m](place) < own))) return;
      labels[at] = 0;
      lost++;
    });
    if (lost === 0) return body;
    const mask = { ...body.mask, labels, voxels: body.mask.voxels - lost };
    const millilitres = mask.voxels * voxelMillilitres(grid.indexToLps);
    return { ...body, mask, centroidLps: centroidOf(grid, mask), millilitres };
  });
}

/** The bodies as a labelmap on the CT's grid: label n + 1 for bodies[n]. @param bodies that share no voxel */
export function bodiesLabelmap({ dims, indexToLps }: Grid, bodies: readonly Pick<SegmentedBody, 'mask'>[]): Labelmap {
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2]);
  bodies.forEach((body, n) =>
    eachVoxel(body, ([i, j, k]) => {
      labels[i + dims[0] * (j + dims[1] * k)] = n + 1;
    })
  );
  return { labels, dims, indexToLps };
}

function boxesMeet({ mask: a }: SegmentedBody, { mask: b }: SegmentedBody): boolean {
  return [0, 1, 2].every(axis => a.min[axis] < b.min[axis] + b.dims[axis] && b.min[axis] < a.min[axis] + a.dims[axis]);
}

function holds({ mask: { min, dims, labels } }: SegmentedBody, [i, j, k]: Vec3): boolean {
  const [x, y, z] = [i - min[0], j - min[1], k - min[2]];
  if (x < 0 || y < 0 || z < 0 || x >= dims[0] || y >= dims[1] || z >= dims[2]) return false;
  return labels[x + dims[0] * (y + dims[1] * z)] === 1;
}

/** Calls back with each voxel's index in the CT and its place in the mask. */
function eachVoxel({ mask }: Pick<SegmentedBody, 'mask'>, visit: (index: Vec3, at: number) => void): void {
  const { min, dims, labels } = mask;
  for (let k = 0, at = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++, at++) if (labels[at]) visit([min[0] + i, min[1] + j, min[2] + k], at);
}
