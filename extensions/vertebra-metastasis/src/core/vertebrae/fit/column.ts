/** The course of the vertebral column through a CT: in each axial plane where a body most likely is. */
import { applyAffine, type Vec3 } from '../../geometry';
import type { Volume } from '../../types';
import { type Block, resample, UNKNOWN_HU } from './block';

/** Cells of the coarse copy, mm. */
const CELL_MM = 3;
/** Bone-likeness is 0 at this attenuation and +-1 at the given distance from it. HU */
const MIDDLE_HU = 140;
const RANGE_HU = 120;
/** Sizes of body looked for, relative to half axes of 16 mm (left-right) and 13 mm (anterior-posterior). */
const SCALES = [0.65, 0.9, 1.2];
/** Weights: body is bone, arch behind the canal is bone, canal is not, tissue beside the body is not. */
const WEIGHTS = { body: 1, arch: 0.8, canal: 0.7, beside: 0.4 } as const;
/** The arches of neighbouring vertebrae overlap downwards: bone behind the canal is looked for over this height, mm. */
const ARCH_REACH_MM = 12;
const SMOOTH_MM = 6;
/** Cost of a step sideways between neighbouring planes, per cell squared. */
const BEND = 0.04;

/** Points of the column's axis, LPS mm, from head to pelvis, every {@link CELL_MM}; `support` is the template's agreement. */
export interface ColumnPoint {
  readonly lps: Vec3;
  readonly support: number;
}

export function spinalColumn(volume: Volume): ColumnPoint[] {
  const block = coarse(volume);
  const [nx, ny, nz] = block.dims;
  const plane = nx * ny;
  const bone = block.data.map(hu => (hu === UNKNOWN_HU ? -1 : Math.max(-1, Math.min(1, (hu - MIDDLE_HU) / RANGE_HU))));
  const arch = overSlices(positive(bone), plane, nz, Math.round(ARCH_REACH_MM / CELL_MM));
  const support = new Float32Array(bone.length);
  for (let k = 0; k < nz; k++) planeSupport(bone, arch, support, k, nx, ny);
  return trace(block, overSlices(support, plane, nz, Math.round(SMOOTH_MM / CELL_MM)));
}

function coarse(volume: Volume): Block {
  const { dims, indexToLps } = volume;
  const corners = Array.from({ length: 8 }, (_, c) =>
    applyAffine(indexToLps, [c & 1 ? dims[0] - 1 : 0, c & 2 ? dims[1] - 1 : 0, c & 4 ? dims[2] - 1 : 0])
  );
  const range = [0, 1, 2].map(axis => [
    Math.min(...corners.map(corner => corner[axis])),
    Math.max(...corners.map(corner => corner[axis])),
  ]);
  const centre = range.map(([low, high]) => (low + high) / 2) as unknown as Vec3;
  const half = range.map(([low, high]) => (high - low) / 2) as unknown as Vec3;
  return resample(volume, centre, half, CELL_MM, [-400, 500]);
}

function positive(values: Float32Array): Float32Array {
  return values.map(value => (value > 0 ? value : 0));
}

/** Mean over neighbouring slices. */
function overSlices(values: Float32Array, plane: number, slices: number, reach: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let n = 0; n < plane; n++) {
    for (let k = 0; k < slices; k++) {
      let [sum, count] = [0, 0];
      for (let m = Math.max(0, k - reach); m <= Math.min(slices - 1, k + reach); m++, count++)
        sum += values[n + m * plane];
      result[n + k * plane] = sum / count;
    }
  }
  return result;
}

function planeSupport(
  bone: Float32Array,
  arch: Float32Array,
  support: Float32Array,
  k: number,
  nx: number,
  ny: number
): void {
  const boneMean = boxMean(bone, k, nx, ny);
  const archMean = boxMean(arch, k, nx, ny);
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      let best = -Infinity;
      for (const scale of SCALES) {
        const a = (16 * scale) / CELL_MM;
        const b = (13 * scale) / CELL_MM;
        const canal = y + b + 8 / CELL_MM;
        const body = boneMean(x - 0.75 * a, x + 0.75 * a, y - 0.75 * b, y + 0.75 * b);
        const hole = boneMean(x - 1.3, x + 1.3, canal - 1.3, canal + 1.3);
        const behind = archMean(x - 2, x + 2, canal + 3, canal + 8);
        const side = boneMean(x - a - 4, x - a - 2, y - b, y) + boneMean(x + a + 2, x + a + 4, y - b, y);
        const value = WEIGHTS.body * body + WEIGHTS.arch * behind - WEIGHTS.canal * hole - (WEIGHTS.beside * side) / 2;
        if (value > best) best = value;
      }
      support[x + nx * (y + ny * k)] = best;
    }
  }
}

type BoxMean = (x0: number, x1: number, y0: number, y1: number) => number;

/** Mean over boxes of one slice by a summed-area table; beyond the slice there is nothing (-1). */
function boxMean(values: Float32Array, k: number, nx: number, ny: number): BoxMean {
  const width = nx + 1;
  const table = new Float64Array(width * (ny + 1));
  for (let y = 0; y < ny; y++) {
    let row = 0;
    for (let x = 0; x < nx; x++) {
      row += values[x + nx * (y + ny * k)];
      table[x + 1 + width * (y + 1)] = table[x + 1 + width * y] + row;
    }
  }
  return (x0, x1, y0, y1) => {
    const [a, b, c, d] = [Math.round(x0), Math.round(x1) + 1, Math.round(y0), Math.round(y1) + 1];
    const [left, right] = [Math.max(0, a), Math.min(nx, b)];
    const [front, back] = [Math.max(0, c), Math.min(ny, d)];
    if (left >= right || front >= back) return -1;
    const sum =
      table[right + width * back] -
      table[left + width * back] -
      table[right + width * front] +
      table[left + width * front];
    const missing = (b - a) * (d - c) - (right - left) * (back - front);
    return (sum - missing) / ((b - a) * (d - c));
  };
}

/** The path of largest support through all slices (Viterbi). */
function trace({ dims: [nx, ny, nz], origin, spacingMm }: Block, support: Float32Array): ColumnPoint[] {
  const plane = nx * ny;
  const from = new Int32Array(plane * nz);
  let score = support.slice(0, plane);
  for (let k = 1; k < nz; k++) {
    const next = new Float32Array(plane).fill(-Infinity);
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        const n = x + nx * y;
        let [best, source] = [-Infinity, n];
        for (let dy = -2; dy <= 2; dy++) {
          if (y + dy < 0 || y + dy >= ny) continue;
          for (let dx = -1; dx <= 1; dx++) {
            if (x + dx < 0 || x + dx >= nx) continue;
            const value = score[n + dx + nx * dy] - BEND * (dx * dx + dy * dy);
            if (value > best) [best, source] = [value, n + dx + nx * dy];
          }
        }
        next[n] = best + support[n + k * plane];
        from[n + k * plane] = source;
      }
    }
    score = next;
  }
  let at = score.reduce((best, value, n) => (value > score[best] ? n : best), 0);
  const path: ColumnPoint[] = [];
  for (let k = nz - 1; k >= 0; k--) {
    const lps: Vec3 = [
      origin[0] + (at % nx) * spacingMm,
      origin[1] + Math.floor(at / nx) * spacingMm,
      origin[2] + k * spacingMm,
    ];
    path.push({ lps, support: support[at + k * plane] });
    if (k > 0) at = from[at + k * plane];
  }
  return smoothed(path);
}

function smoothed(path: readonly ColumnPoint[]): ColumnPoint[] {
  const reach = Math.round(12 / CELL_MM);
  return path.map(({ lps, support }, n) => {
    const near = path.slice(Math.max(0, n - reach), n + reach + 1);
    const mean = (axis: number) => near.reduce((sum, point) => sum + point.lps[axis], 0) / near.length;
    const clipped = n < reach || n >= path.length - reach;
    return { lps: clipped ? lps : [mean(0), mean(1), lps[2]], support };
  });
}
