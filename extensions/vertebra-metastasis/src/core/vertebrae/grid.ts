/** A small isotropic copy of one vertebra in patient axes, on which shape is measured whatever the CT's orientation. */
import { applyAffine, invert, type LabelExtent, type Vec3 } from '../geometry';
import type { Affine, Labelmap } from '../types';

/** Fine enough for pedicles and canal, coarse enough to measure a vertebra in milliseconds. */
export const GRID_MM = 1.5;
/**
 * Share of a cell by which the grid is shifted against the voxel lattice. Where the spacing and {@link GRID_MM} have a common
 * measure (3, 1, 0.75 mm ...), whole planes of cells would lie half-way between two voxels, and rounding noise of the affine
 * would choose. The shift keeps at least 1/120 of a cell from any such plane for all spacings in steps of 0.05 mm and more.
 */
const SHIFT = 38.5 / 60;
/** Positions are compared after rounding to this share of a cell, so that noise of 1e-5 mm changes no comparison. */
const SNAP = 1 / 1024;
/** Empty cells around the mask, so that distances to the outside are right. */
const MARGIN = 2;

/** Cell (x, y, z) is at origin + GRID_MM * (x, y, z) in LPS mm: x towards left, y posterior, z superior. */
export interface ShapeGrid {
  readonly dims: readonly [number, number, number];
  readonly origin: Vec3;
  /** 1 inside the vertebra; x fastest. */
  readonly mask: Uint8Array;
}

/** Nearest-neighbour copy of one label. */
export function shapeGrid(labelmap: Labelmap, extent: LabelExtent): ShapeGrid {
  const { labels, dims: source, indexToLps } = labelmap;
  const { low, high } = lpsBox(indexToLps, extent);
  const origin = low.map(value => value - (MARGIN + SHIFT) * GRID_MM) as unknown as Vec3;
  const dims = low.map((value, axis) => Math.ceil(snapped((high[axis] - value) / GRID_MM + SHIFT)) + 1 + 2 * MARGIN);
  const mask = new Uint8Array(dims[0] * dims[1] * dims[2]);
  const lpsToIndex = invert(indexToLps);
  const first = applyAffine(lpsToIndex, origin);
  const nearest = (axis: number, x: number, y: number, z: number) => {
    const along = lpsToIndex[4 * axis] * x + lpsToIndex[4 * axis + 1] * y + lpsToIndex[4 * axis + 2] * z;
    const index = Math.round(first[axis] + GRID_MM * along);
    return index >= extent.min[axis] && index <= extent.max[axis] ? index : -1;
  };
  for (let z = 0, at = 0; z < dims[2]; z++) {
    for (let y = 0; y < dims[1]; y++) {
      for (let x = 0; x < dims[0]; x++, at++) {
        const [i, j, k] = [nearest(0, x, y, z), nearest(1, x, y, z), nearest(2, x, y, z)];
        if (i >= 0 && j >= 0 && k >= 0 && labels[i + source[0] * (j + source[1] * k)] === extent.label) mask[at] = 1;
      }
    }
  }
  return { dims: [dims[0], dims[1], dims[2]], origin, mask };
}

/** An LPS position in cells, rounded to where the noise of an affine ends. */
export function cellsAt({ origin }: ShapeGrid, position: Vec3): Vec3 {
  const along = (axis: number) => snapped((position[axis] - origin[axis]) / GRID_MM);
  return [along(0), along(1), along(2)];
}

/** The nearest cell, as a linear offset, to a position in cells; it must lie in the vertebra's box. */
export function nearestCell({ dims }: ShapeGrid, cells: Vec3): number {
  const [x, y, z] = cells.map((value, axis) => Math.min(dims[axis] - 1, Math.max(0, Math.round(value))));
  return x + dims[0] * (y + dims[1] * z);
}

const snapped = (cells: number): number => Math.round(cells / SNAP) * SNAP;

function lpsBox(indexToLps: Affine, { min, max }: LabelExtent): { low: number[]; high: number[] } {
  const corners = Array.from({ length: 8 }, (_, corner) => {
    const at = (axis: number) => (((corner >> axis) & 1) === 1 ? max[axis] : min[axis]);
    return applyAffine(indexToLps, [at(0), at(1), at(2)]);
  });
  const along = (axis: number) => corners.map(corner => corner[axis]);
  return {
    low: [0, 1, 2].map(axis => Math.min(...along(axis))),
    high: [0, 1, 2].map(axis => Math.max(...along(axis))),
  };
}
