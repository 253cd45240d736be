/** Cuts whole-vertebra masks down to the vertebral body: the method is blind to posterior elements. */
import { applyAffine, type LabelExtent, labelExtents } from '../geometry';
import { type Fault, faultOf } from '../errors';
import { InputError, type Labelmap } from '../types';
import { distanceTo } from './distance';
import { cellsAt, GRID_MM, nearestCell, type ShapeGrid, shapeGrid } from './grid';
import { behindWall, posteriorWall, type PosteriorWall } from './posteriorWall';

/** The cut runs this far behind the measured wall: the wall is concave, its corners lie further back. mm */
const WALL_MARGIN_MM = 1.5;
/** The body's core is what a ball of this share of the largest inscribed ball can reach: no process, no pedicle. */
const CORE_SHARE = 0.5;
/** Cells at least this deep, as a share of the largest inscribed ball, show where the middle of the body is. */
const DEEP_SHARE = 0.8;
/** Beyond the core's ball, this share of its radius still belongs to the body: its corners. */
const CORNER_SHARE = 0.7;
/** A mask that loses less than this is a body already: real posterior elements make up a third of a vertebra or more. */
const MIN_POSTERIOR_SHARE = 0.1;
/** Fewer voxels cannot be a vertebra. */
const MIN_VOXELS = 30;

export interface BodyCutFailure {
  readonly label: number;
  readonly reason: Fault;
}

/**
 * The voxels of the vertebral body within one vertebra's mask.
 * @param labelmap not modified
 * @returns linear offsets into the labelmap, ascending; all of the mask when it has no posterior elements
 * @throws InputError 'empty-mask', 'no-body-found'
 */
export function bodyFromVertebra(
  labelmap: Labelmap,
  label: number,
  extent: LabelExtent | undefined = labelExtents(labelmap).get(label)
): Uint32Array {
  if (!extent || extent.voxels < MIN_VOXELS) {
    throw new InputError('empty-mask', { mask: String(label) });
  }
  const grid = shapeGrid(labelmap, extent);
  const depth = distanceTo(inverted(grid.mask), grid.dims);
  const { centre, radius } = middleOfBody(grid, depth);
  const wall = posteriorWall(grid, coordinates(grid, centre));
  const away = distanceTo(core(grid, depth, CORE_SHARE * radius, centre, wall), grid.dims);
  const reach = CORE_SHARE * (1 + CORNER_SHARE) * radius;
  return voxelsInBody(labelmap, extent, grid, wall, away, reach);
}

/** A mask to be analysed: of a whole vertebra, to be cut, or of a body already. */
export interface VertebraMaskRegion {
  readonly label: number;
  readonly region: 'vertebra' | 'body';
}

/**
 * A labelmap of bodies with the same labels; whole vertebrae are cut. A vertebra that cannot be cut is excluded and
 * listed.
 * @param labelmap not modified
 */
export function vertebralBodies(
  labelmap: Labelmap,
  masks: readonly VertebraMaskRegion[]
): { readonly bodies: Labelmap; readonly failures: readonly BodyCutFailure[] } {
  const extents = labelExtents(labelmap);
  const ready = new Set(masks.filter(({ region }) => region === 'body').map(({ label }) => label));
  const labels = labelmap.labels.map(label => (ready.has(label) ? label : 0));
  const failures: BodyCutFailure[] = [];
  for (const { label, region } of masks) {
    if (region === 'body') continue;
    try {
      for (const offset of bodyFromVertebra(labelmap, label, extents.get(label))) labels[offset] = label;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failures.push({ label, reason: faultOf(error) });
    }
  }
  return { bodies: { ...labelmap, labels }, failures };
}

function inverted(mask: Uint8Array): Uint8Array {
  return mask.map(value => 1 - value);
}

/** The middle of the deep cells: the deepest cell alone may lie anywhere along a body wider than high. */
function middleOfBody(grid: ShapeGrid, depth: Float32Array): { centre: number; radius: number } {
  const radius = depth.reduce((a, b) => Math.max(a, b), 0);
  const sum = [0, 0, 0];
  let count = 0;
  for (let at = 0; at < depth.length; at++) {
    if (depth[at] < DEEP_SHARE * radius) continue;
    coordinates(grid, at).forEach((n, axis) => (sum[axis] += n));
    count++;
  }
  const [x, y, z] = sum.map(total => Math.round(total / count));
  return { centre: x + grid.dims[0] * (y + grid.dims[1] * z), radius };
}

function coordinates({ dims }: ShapeGrid, at: number): [number, number, number] {
  return [at % dims[0], Math.floor(at / dims[0]) % dims[1], Math.floor(at / (dims[0] * dims[1]))];
}

/** Cells in front of the wall and deeper than `minDepth` that connect to the centre (6-connected). */
function core(grid: ShapeGrid, depth: Float32Array, minDepth: number, centre: number, wall: PosteriorWall): Uint8Array {
  const [width, height] = grid.dims;
  const strides = [1, width, width * height];
  const found = new Uint8Array(depth.length);
  const queue = [centre];
  found[centre] = 1;
  while (queue.length > 0) {
    const at = queue.pop()!;
    for (const stride of strides) {
      for (const next of [at - stride, at + stride]) {
        // The empty margin of the grid has depth 0, so no step can leave it or wrap around.
        if (found[next] || !(depth[next] > minDepth) || behindWall(wall, ...coordinates(grid, next)) > 0) continue;
        found[next] = 1;
        queue.push(next);
      }
    }
  }
  return found;
}

function voxelsInBody(
  { labels, dims, indexToLps }: Labelmap,
  { label, min, max, voxels }: LabelExtent,
  grid: ShapeGrid,
  wall: PosteriorWall,
  away: Float32Array,
  reach: number
): Uint32Array {
  const all: number[] = [];
  const body: number[] = [];
  for (let k = min[2]; k <= max[2]; k++) {
    for (let j = min[1]; j <= max[1]; j++) {
      for (let i = min[0]; i <= max[0]; i++) {
        const offset = i + dims[0] * (j + dims[1] * k);
        if (labels[offset] !== label) continue;
        all.push(offset);
        const cells = cellsAt(grid, applyAffine(indexToLps, [i, j, k]));
        if (away[nearestCell(grid, cells)] > reach) continue;
        if (behindWall(wall, ...cells) <= WALL_MARGIN_MM / GRID_MM) body.push(offset);
      }
    }
  }
  return Uint32Array.from(body.length > (1 - MIN_POSTERIOR_SHARE) * voxels ? all : body);
}
