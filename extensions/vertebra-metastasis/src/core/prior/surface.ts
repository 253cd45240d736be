/** The surface of a labelled region as points with normals. */
import { applyAffine, axisStep, type LabelExtent, type Vec3 } from '../geometry';
import type { Labelmap } from '../types';

export interface SurfacePoint {
  /** LPS mm. */
  readonly point: Vec3;
  /** Unit normal, outwards. */
  readonly normal: Vec3;
}

/** Normals are taken from the mask within this many voxels on either side: one is too rough on a voxel grid. */
const REACH = 2;

/**
 * LPS centres of the labelled voxels with a neighbour (of six) of another label, evenly thinned, with their normals.
 * @param limit the most points returned
 */
export function surfacePoints(labelmap: Labelmap, extent: LabelExtent, limit: number): SurfacePoint[] {
  const { indexToLps } = labelmap;
  const found = surfaceVoxels(labelmap, extent);
  const every = Math.max(1, found.length / limit);
  const thinned = Array.from({ length: Math.min(limit, found.length) }, (_, n) => found[Math.floor(n * every)]);
  return thinned.map(index => ({
    point: applyAffine(indexToLps, index),
    normal: normalAt(labelmap, extent.label, index),
  }));
}

function surfaceVoxels({ labels, dims }: Labelmap, { label, min, max }: LabelExtent): Vec3[] {
  const steps = [1, dims[0], dims[0] * dims[1]];
  const found: Vec3[] = [];
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0]; i <= max[0]; i++) {
        const at = i + dims[0] * (j + dims[1] * k);
        if (labels[at] !== label) continue;
        const index = [i, j, k] as const;
        const inner = steps.every(
          (step, axis) =>
            index[axis] > 0 &&
            index[axis] < dims[axis] - 1 &&
            labels[at - step] === label &&
            labels[at + step] === label
        );
        if (!inner) found.push(index);
      }
    }
  }
  return found;
}

/** Away from the labelled voxels around: minus the sum of the directions to them, near ones counting most. */
function normalAt({ labels, dims, indexToLps }: Labelmap, label: number, [i, j, k]: Vec3): Vec3 {
  const [u, v, w] = [axisStep(indexToLps, 0), axisStep(indexToLps, 1), axisStep(indexToLps, 2)];
  const sum = [0, 0, 0];
  for (let c = -REACH; c <= REACH; c++) {
    for (let b = -REACH; b <= REACH; b++) {
      for (let a = -REACH; a <= REACH; a++) {
        const [x, y, z] = [i + a, j + b, k + c];
        if (x < 0 || y < 0 || z < 0 || x >= dims[0] || y >= dims[1] || z >= dims[2]) continue;
        if (labels[x + dims[0] * (y + dims[1] * z)] !== label) continue;
        const to = [0, 1, 2].map(axis => a * u[axis] + b * v[axis] + c * w[axis]);
        const square = to.reduce((total, value) => total + value * value, 0);
        if (square > 0) to.forEach((value, axis) => (sum[axis] -= value / square));
      }
    }
  }
  const length = Math.hypot(...sum);
  return length === 0 ? [0, 0, 1] : [sum[0] / length, sum[1] / length, sum[2] / length];
}
