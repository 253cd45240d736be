/** The voxels of a CT inside a fitted surface. */
import { applyAffine, invert, type Vec3 } from '../../geometry';
import type { Volume } from '../../types';
import { radiusAlong } from './shape';
import { RAYS, type BodySurface } from './surface';

/** Mask of one body within a box of the CT's voxel grid. */
export interface BodyMask {
  /** First index (i, j, k) of the box, and its size in voxels. */
  readonly min: Vec3;
  readonly dims: readonly [number, number, number];
  /** 1 inside; i fastest. */
  readonly labels: Uint8Array;
  readonly voxels: number;
}

/** Rows and columns of the table of radii over polar angle and azimuth. */
const ROWS = 48;
const COLUMNS = 96;
/** Spread of the interpolation between rays, as 1 - cosine: rays are about 0.14 rad apart. */
const SPREAD = 0.008;

export function rasterise({ dims, indexToLps }: Volume, surface: BodySurface): BodyMask {
  const { fit, axes } = surface;
  const table = radiusTable(surface);
  const reach = Math.max(...table) + 1;
  const toIndex = invert(indexToLps);
  const { min, size } = box(toIndex, dims, [fit.x, fit.y, fit.z], reach);
  const labels = new Uint8Array(size[0] * size[1] * size[2]);
  let voxels = 0;
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) {
        const [px, py, pz] = applyAffine(indexToLps, [min[0] + i, min[1] + j, min[2] + k]);
        const [dx, dy, dz] = [px - fit.x, py - fit.y, pz - fit.z];
        const x = axes[0] * dx + axes[3] * dy + axes[6] * dz;
        const y = axes[1] * dx + axes[4] * dy + axes[7] * dz;
        const z = axes[2] * dx + axes[5] * dy + axes[8] * dz;
        const distance = Math.sqrt(x * x + y * y + z * z);
        if (distance > reach || distance > lookUp(table, x, y, z, distance)) continue;
        labels[at] = 1;
        voxels++;
      }
    }
  }
  return { min, dims: size, labels, voxels };
}

function radiusTable({ fit, offsetsMm }: BodySurface): Float32Array {
  const { directions, count } = RAYS;
  const table = new Float32Array((ROWS + 1) * COLUMNS);
  for (let row = 0; row <= ROWS; row++) {
    const polar = (Math.PI * row) / ROWS;
    for (let column = 0; column < COLUMNS; column++) {
      const azimuth = (2 * Math.PI * column) / COLUMNS;
      const d = [Math.sin(polar) * Math.cos(azimuth), Math.sin(polar) * Math.sin(azimuth), Math.cos(polar)];
      let [sum, total] = [0, 0];
      for (let n = 0; n < count; n++) {
        const away = 1 - d[0] * directions[3 * n] - d[1] * directions[3 * n + 1] - d[2] * directions[3 * n + 2];
        if (away > 0.04) continue;
        const weight = Math.exp(-away / SPREAD);
        sum += weight * offsetsMm[n];
        total += weight;
      }
      table[row * COLUMNS + column] = radiusAlong(d[0], d[1], d[2], fit) + sum / total;
    }
  }
  return table;
}

function lookUp(table: Float32Array, x: number, y: number, z: number, distance: number): number {
  if (distance < 1e-6) return 1;
  const row = (Math.acos(Math.max(-1, Math.min(1, z / distance))) / Math.PI) * ROWS;
  const turn = Math.atan2(y, x) / (2 * Math.PI);
  const column = (turn < 0 ? turn + 1 : turn) * COLUMNS;
  const r = Math.min(ROWS - 1, Math.floor(row));
  const c = Math.floor(column) % COLUMNS;
  const next = (c + 1) % COLUMNS;
  const [f, g] = [row - r, column - Math.floor(column)];
  const upper = table[r * COLUMNS + c] * (1 - g) + table[r * COLUMNS + next] * g;
  const lower = table[(r + 1) * COLUMNS + c] * (1 - g) + table[(r + 1) * COLUMNS + next] * g;
  return upper * (1 - f) + lower * f;
}

function box(toIndex: Float64Array, dims: readonly [number, number, number], centre: Vec3, reach: number) {
  const middle = applyAffine(toIndex, centre);
  const range = [0, 1, 2].map(axis => {
    const half = reach * Math.hypot(toIndex[4 * axis], toIndex[4 * axis + 1], toIndex[4 * axis + 2]);
    const low = Math.max(0, Math.ceil(middle[axis] - half));
    return [low, Math.max(low, Math.min(dims[axis] - 1, Math.floor(middle[axis] + half)))];
  });
  const min: Vec3 = [range[0][0], range[1][0], range[2][0]];
  const size: [number, number, number] = [
    range[0][1] - range[0][0] + 1,
    range[1][1] - range[1][0] + 1,
    range[2][1] - range[2][0] + 1,
  ];
  return { min, size };
}
