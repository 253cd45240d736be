/** An isotropic copy of a piece of CT in patient axes: what shape is fitted to, whatever the stack's orientation. */
import { applyAffine, invert, type Vec3, voxelSpacingMm } from '../../geometry';
import type { Volume } from '../../types';

/** Cell (x, y, z) is at origin + spacingMm * (x, y, z) in LPS mm; x fastest. */
export interface Block {
  readonly dims: readonly [number, number, number];
  readonly origin: Vec3;
  readonly spacingMm: number;
  readonly data: Float32Array;
  /** LPS box of the part inside the CT, mm. */
  readonly known: { readonly min: Vec3; readonly max: Vec3 };
}

/** Outside the CT nothing is known: cells there are NaN-free but flagged by this value. */
export const UNKNOWN_HU = -32768;

/** Resamples the cube of half width `halfMm` around a point (see {@link resampleTo}). */
export function resample(
  volume: Volume,
  centre: Vec3,
  halfMm: Vec3,
  spacingMm: number,
  window: readonly [number, number]
): Block {
  const dims = halfMm.map(half => 2 * Math.ceil(half / spacingMm) + 1) as [number, number, number];
  return resampleTo(volume, centre, dims, spacingMm, window);
}

/**
 * Resamples a grid of `dims` cells around a point, trilinearly; cells outside the CT are {@link UNKNOWN_HU}.
 * Values are clamped to `window` first: metal, dense nodules and air say no more than bone and fat do.
 */
export function resampleTo(
  volume: Volume,
  centre: Vec3,
  dims: readonly [number, number, number],
  spacingMm: number,
  window: readonly [number, number]
): Block {
  const { hu, dims: size, indexToLps } = volume;
  const origin = centre.map((value, axis) => value - ((dims[axis] - 1) / 2) * spacingMm) as unknown as Vec3;
  const toIndex = invert(indexToLps);
  const first = applyAffine(toIndex, origin);
  const step = (axis: number) => [0, 4, 8].map(row => toIndex[row + axis] * spacingMm);
  const [sx, sy, sz] = [step(0), step(1), step(2)];
  const data = new Float32Array(dims[0] * dims[1] * dims[2]);
  const known = { min: [Infinity, Infinity, Infinity], max: [-Infinity, -Infinity, -Infinity] };
  const [low, high] = window;
  const strideK = size[0] * size[1];
  for (let z = 0, at = 0; z < dims[2]; z++) {
    for (let y = 0; y < dims[1]; y++) {
      for (let x = 0; x < dims[0]; x++, at++) {
        const i = first[0] + sx[0] * x + sy[0] * y + sz[0] * z;
        const j = first[1] + sx[1] * x + sy[1] * y + sz[1] * z;
        const k = first[2] + sx[2] * x + sy[2] * y + sz[2] * z;
        if (i < -0.5 || j < -0.5 || k < -0.5 || i > size[0] - 0.5 || j > size[1] - 0.5 || k > size[2] - 0.5) {
          data[at] = UNKNOWN_HU;
          continue;
        }
        [x, y, z].forEach((cell, axis) => {
          if (cell < known.min[axis]) known.min[axis] = cell;
          if (cell > known.max[axis]) known.max[axis] = cell;
        });
        const [u, v, w] = [clamp(i, size[0] - 1), clamp(j, size[1] - 1), clamp(k, size[2] - 1)];
        const [i0, j0, k0] = [u | 0, v | 0, w | 0];
        const [fi, fj, fk] = [u - i0, v - j0, w - k0];
        const di = i0 + 1 < size[0] ? 1 : 0;
        const dj = j0 + 1 < size[1] ? size[0] : 0;
        const dk = k0 + 1 < size[2] ? strideK : 0;
        let sum = 0;
        for (let corner = 0, base = i0 + size[0] * j0 + strideK * k0; corner < 8; corner++) {
          const weight = (corner & 1 ? fi : 1 - fi) * (corner & 2 ? fj : 1 - fj) * (corner & 4 ? fk : 1 - fk);
          if (weight === 0) continue;
          const value = hu[base + (corner & 1 ? di : 0) + (corner & 2 ? dj : 0) + (corner & 4 ? dk : 0)];
          sum += weight * (value < low ? low : value > high ? high : value);
        }
        data[at] = sum;
      }
    }
  }
  const lps = (cell: readonly number[]) => cell.map((n, axis) => origin[axis] + n * spacingMm) as unknown as Vec3;
  return { dims, origin, spacingMm, data, known: { min: lps(known.min), max: lps(known.max) } };
}

/**
 * Gaussian smoothing; unknown cells count as the nearest known one on their line. `sigmaMm` per axis: a CT with thick
 * slices is smooth along them already.
 */
export function smooth(block: Block, sigmaMm: Vec3): Block {
  const { dims, spacingMm } = block;
  let data = fillUnknown(block);
  for (let axis = 0; axis < 3; axis++) {
    const sigma = sigmaMm[axis] / spacingMm;
    if (sigma < 0.3) continue;
    data = smoothAxis(data, dims, axis, kernel(sigma));
  }
  return { ...block, data };
}

/** Smoothing that brings every axis to about the same blur, given the CT's own voxels. */
export function levelledSigmaMm({ indexToLps }: Volume, wantedMm: Vec3): Vec3 {
  const spacing = voxelSpacingMm(indexToLps);
  // Blur of linear interpolation over a voxel of width w: about 0.4 w.
  const own = [0, 1, 2].map(row =>
    Math.max(...[0, 1, 2].map(axis => (Math.abs(indexToLps[4 * row + axis]) / spacing[axis] > 0.7 ? spacing[axis] : 0)))
  );
  return own.map((width, axis) => Math.sqrt(Math.max(0, wantedMm[axis] ** 2 - (0.4 * width) ** 2))) as unknown as Vec3;
}

/** Trilinear value at an LPS position; beyond the block, that of its nearest cell. */
export function valueAt({ data, dims, origin, spacingMm }: Block, x: number, y: number, z: number): number {
  const u = clamp((x - origin[0]) / spacingMm, dims[0] - 1.001);
  const v = clamp((y - origin[1]) / spacingMm, dims[1] - 1.001);
  const w = clamp((z - origin[2]) / spacingMm, dims[2] - 1.001);
  const [i, j, k] = [u | 0, v | 0, w | 0];
  const [a, b, c] = [u - i, v - j, w - k];
  const row = dims[0];
  const slice = row * dims[1];
  const n = i + row * j + slice * k;
  const near = (data[n] * (1 - a) + data[n + 1] * a) * (1 - b) + (data[n + row] * (1 - a) + data[n + row + 1] * a) * b;
  const m = n + slice;
  const far = (data[m] * (1 - a) + data[m + 1] * a) * (1 - b) + (data[m + row] * (1 - a) + data[m + row + 1] * a) * b;
  return near * (1 - c) + far * c;
}

function clamp(value: number, last: number): number {
  return value < 0 ? 0 : value > last ? last : value;
}

function kernel(sigma: number): Float32Array {
  const reach = Math.ceil(2.5 * sigma);
  const weights = Float32Array.from({ length: 2 * reach + 1 }, (_, n) =>
    Math.exp(-((n - reach) ** 2) / (2 * sigma ** 2))
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map(weight => weight / sum);
}

function smoothAxis(data: Float32Array, dims: Block['dims'], axis: number, weights: Float32Array): Float32Array {
  const stride = axis === 0 ? 1 : axis === 1 ? dims[0] : dims[0] * dims[1];
  const length = dims[axis];
  const reach = (weights.length - 1) / 2;
  const result = new Float32Array(data.length);
  const line = new Float32Array(length + 2 * reach);
  for (let block = 0; block < data.length; block += stride * length) {
    for (let start = block; start < block + stride; start++) {
      for (let at = 0; at < length; at++) line[at + reach] = data[start + at * stride];
      line.fill(line[reach], 0, reach);
      line.fill(line[length + reach - 1], length + reach);
      for (let at = 0; at < length; at++) {
        let sum = 0;
        for (let d = 0; d < weights.length; d++) sum += weights[d] * line[at + d];
        result[start + at * stride] = sum;
      }
    }
  }
  return result;
}

/** Unknown cells take the nearest known value along x, then y, then z. */
export function fillUnknown({ data: source, dims }: Block): Float32Array {
  const data = source.slice();
  const strides = [1, dims[0], dims[0] * dims[1]];
  for (let axis = 0; axis < 3; axis++) {
    const stride = strides[axis];
    for (const step of [stride, -stride]) {
      for (let m = 0; m < data.length; m++) {
        const n = step > 0 ? m : data.length - 1 - m;
        if (data[n] !== UNKNOWN_HU) continue;
        const at = Math.floor(n / stride) % dims[axis];
        if (step > 0 ? at > 0 : at < dims[axis] - 1) data[n] = data[n - step];
      }
    }
  }
  return data;
}
