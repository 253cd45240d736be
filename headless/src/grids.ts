/** Moves volumes and labels between voxel grids without interpolation: only the order of voxels changes. */
import {
  type Affine,
  applyAffine,
  axisStep,
  InputError,
  invert,
  type Labelmap,
  multiply,
  type Volume,
} from '@spine/core';

type Grid = Pick<Volume, 'dims' | 'indexToLps'>;

/** Voxel centres further apart than this share of a voxel are not the same voxel. */
const SAME_VOXEL = 0.05;

/**
 * The same voxels in axial order, as DICOM wants them: i towards left, j towards posterior, k towards superior, as nearly
 * as the grid's axes allow. The input is not modified.
 */
export function axialVolume(volume: Volume): Volume {
  const toSource = axialToSource(volume);
  const corner = applyAffine(toSource, [0, 0, 0]);
  const strides = [1, volume.dims[0], volume.dims[0] * volume.dims[1]];
  const along = [0, 1, 2].map(axis => axisStep(toSource, axis as 0 | 1 | 2));
  const step = along.map(direction => direction.reduce((sum, value, axis) => sum + value * strides[axis], 0));
  const [width, height, depth] = along.map(direction => volume.dims[direction.findIndex(value => value !== 0)]);
  const start = corner.reduce((sum, value, axis) => sum + value * strides[axis], 0);
  const hu = volume.hu.slice();
  for (let k = 0, at = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, at++) hu[at] = volume.hu[start + i * step[0] + j * step[1] + k * step[2]];
    }
  }
  return { hu, dims: [width, height, depth], indexToLps: multiply(volume.indexToLps, toSource) };
}

/** A signed permutation: index in axial order -> index in the grid's own order. */
function axialToSource({ dims, indexToLps }: Grid): Affine {
  const toSource = new Float64Array(16);
  toSource[15] = 1;
  const free = new Set([0, 1, 2]);
  // z first: which axis runs along the body matters most.
  for (const patient of [2, 1, 0]) {
    const reach = (axis: number) => Math.abs(indexToLps[4 * patient + axis]) / Math.hypot(...column(indexToLps, axis));
    const axis = [...free].reduce((best, other) => (reach(other) > reach(best) ? other : best));
    free.delete(axis);
    const forwards = indexToLps[4 * patient + axis] >= 0;
    toSource[4 * axis + patient] = forwards ? 1 : -1;
    if (!forwards) toSource[4 * axis + 3] = dims[axis] - 1;
  }
  return toSource;
}

function column(affine: Affine, axis: number): readonly number[] {
  return axisStep(affine, axis as 0 | 1 | 2);
}

/**
 * Labels on another grid that has the same voxels in another order, or a part of them; voxels without a label are 0.
 * @throws InputError 'grid-mismatch' unless the two grids' voxel centres coincide
 */
export function labelsOnGrid(labelmap: Labelmap, grid: Grid): Labelmap {
  const toLabels = multiply(invert(labelmap.indexToLps), grid.indexToLps);
  for (const at of [0, 1, 2, 4, 5, 6, 8, 9, 10]) requireWhole(toLabels[at], labelmap, grid);
  const corners = [...Array(8).keys()].map(c => [0, 1, 2].map(axis => ((c >> axis) & 1) * (grid.dims[axis] - 1)));
  for (const [i, j, k] of corners) applyAffine(toLabels, [i, j, k]).forEach(n => requireWhole(n, labelmap, grid));
  const labels = new (labelmap.labels instanceof Uint8Array ? Uint8Array : Uint16Array)(
    grid.dims[0] * grid.dims[1] * grid.dims[2]
  );
  const { dims } = labelmap;
  const map = toLabels.map(Math.round);
  for (let k = 0, at = 0; k < grid.dims[2]; k++) {
    for (let j = 0; j < grid.dims[1]; j++) {
      for (let i = 0; i < grid.dims[0]; i++, at++) {
        const [x, y, z] = applyAffine(map, [i, j, k]);
        const inside = x >= 0 && y >= 0 && z >= 0 && x < dims[0] && y < dims[1] && z < dims[2];
        if (inside) labels[at] = labelmap.labels[x + dims[0] * (y + dims[1] * z)];
      }
    }
  }
  return { labels, dims: grid.dims, indexToLps: grid.indexToLps };
}

function requireWhole(value: number, labelmap: Labelmap, grid: Grid): void {
  if (Math.abs(value - Math.round(value)) <= SAME_VOXEL) return;
  throw new InputError('grid-mismatch', { masks: labelmap.dims, ct: grid.dims });
}
