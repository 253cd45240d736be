/** Scalar fields on regular LPS grids, and the separable filters the scanner model is built from. */

// Local names: inside a test runner's sandbox the look-up of Math per voxel would cost more than the arithmetic.
const { ceil, exp, floor, max, min } = Math;

/**
 * A scalar field. `data[i + dims[0] * (j + dims[1] * k)]` lies at `origin + (i, j, k) * spacing` in LPS mm:
 * i runs to the patient's left, j to posterior, k to superior.
 */
export interface Field {
  readonly data: Float32Array;
  readonly dims: readonly [number, number, number];
  /** LPS mm of voxel (0, 0, 0). */
  readonly origin: readonly [number, number, number];
  /** mm along i, j, k. */
  readonly spacing: readonly [number, number, number];
}

/** A field of zeros on the same grid. */
export function likeField(field: Field, fill = 0): Field {
  const data = new Float32Array(field.data.length);
  if (fill !== 0) data.fill(fill);
  return { ...field, data };
}

/** Odd, normalised Gaussian taps, cut at 3 standard deviations (in voxels). */
export function gaussianTaps(sigma: number): Float32Array {
  const radius = max(0, ceil(3 * sigma));
  const taps = new Float32Array(2 * radius + 1);
  let sum = 0;
  for (let t = -radius; t <= radius; t++) {
    const value = sigma > 0 ? exp((-t * t) / (2 * sigma * sigma)) : 1;
    taps[t + radius] = value;
    sum += value;
  }
  return taps.map(value => value / sum);
}

/** Odd, normalised taps of a box of `width` voxels, fractional ends included. */
export function boxTaps(width: number): Float32Array {
  const radius = max(0, ceil((width - 1) / 2));
  const taps = new Float32Array(2 * radius + 1).fill(1 / width);
  if (radius > 0) {
    const end = (width - (2 * radius - 1)) / 2 / width;
    taps[0] = end;
    taps[2 * radius] = end;
  } else {
    taps[0] = 1;
  }
  return taps;
}

/** Convolves along one axis into `target`; `wrap` for periodic fields, else the border is repeated. */
export function convolveAxis(
  source: Float32Array,
  target: Float32Array,
  dims: readonly number[],
  axis: 0 | 1 | 2,
  taps: Float32Array,
  wrap = false
): void {
  if (axis === 0) convolveRows(source, target, dims, taps, wrap);
  else convolveAcross(source, target, dims, axis, taps, wrap);
}

/** Index beyond an end: wrapped round or held at the border. */
function beyond(at: number, length: number, wrap: boolean): number {
  return wrap ? ((at % length) + length) % length : at < 0 ? 0 : at >= length ? length - 1 : at;
}

function convolveRows(
  source: Float32Array,
  target: Float32Array,
  dims: readonly number[],
  taps: Float32Array,
  wrap: boolean
): void {
  const length = dims[0];
  const radius = (taps.length - 1) / 2;
  const padded = new Float32Array(length + 2 * radius);
  for (let base = 0; base < source.length; base += length) {
    for (let n = 0; n < length; n++) padded[n + radius] = source[base + n];
    for (let n = 0; n < radius; n++) {
      padded[n] = source[base + beyond(n - radius, length, wrap)];
      padded[length + radius + n] = source[base + beyond(length + n, length, wrap)];
    }
    for (let n = 0; n < length; n++) {
      let sum = 0;
      for (let t = 0; t < taps.length; t++) sum += taps[t] * padded[n + t];
      target[base + n] = sum;
    }
  }
}

/** Along j or k: whole rows are added up, so that memory is read in order. */
function convolveAcross(
  source: Float32Array,
  target: Float32Array,
  dims: readonly number[],
  axis: 1 | 2,
  taps: Float32Array,
  wrap: boolean
): void {
  const [nx, ny, nz] = dims;
  const radius = (taps.length - 1) / 2;
  const sums = new Float64Array(nx);
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      sums.fill(0);
      for (let t = -radius; t <= radius; t++) {
        const row = axis === 1 ? beyond(j + t, ny, wrap) + ny * k : j + ny * beyond(k + t, nz, wrap);
        const tap = taps[t + radius];
        for (let i = 0, at = row * nx; i < nx; i++, at++) sums[i] += tap * source[at];
      }
      const out = nx * (j + ny * k);
      for (let i = 0; i < nx; i++) target[out + i] = sums[i];
    }
}

/** Gaussian blur with a standard deviation in mm per axis (0 leaves an axis alone). Does not change its input. */
export function blurField(field: Field, sigmaMm: readonly [number, number, number]): Field {
  let current = field.data;
  for (const axis of [0, 1, 2] as const) {
    if (sigmaMm[axis] <= 0) continue;
    const target = new Float32Array(current.length);
    convolveAxis(current, target, field.dims, axis, gaussianTaps(sigmaMm[axis] / field.spacing[axis]));
    current = target;
  }
  return { ...field, data: current === field.data ? current.slice() : current };
}

function clampIndex(value: number, size: number): number {
  return value < 0 ? 0 : value > size - 1 ? size - 1 : value;
}

/** Trilinear value at an LPS position; outside the grid the border value. */
export function sampleField(field: Field, x: number, y: number, z: number): number {
  const { data, dims, origin, spacing } = field;
  const fx = clampIndex((x - origin[0]) / spacing[0], dims[0]);
  const fy = clampIndex((y - origin[1]) / spacing[1], dims[1]);
  const fz = clampIndex((z - origin[2]) / spacing[2], dims[2]);
  const i = min(floor(fx), max(dims[0] - 2, 0));
  const j = min(floor(fy), max(dims[1] - 2, 0));
  const k = min(floor(fz), max(dims[2] - 2, 0));
  const u = fx - i;
  const v = fy - j;
  const w = fz - k;
  const di = dims[0] > 1 ? 1 : 0;
  const dj = dims[1] > 1 ? dims[0] : 0;
  const dk = dims[2] > 1 ? dims[0] * dims[1] : 0;
  const at = i + dims[0] * (j + dims[1] * k);
  const low =
    (data[at] * (1 - u) + data[at + di] * u) * (1 - v) + (data[at + dj] * (1 - u) + data[at + dj + di] * u) * v;
  const up = at + dk;
  const high =
    (data[up] * (1 - u) + data[up + di] * u) * (1 - v) + (data[up + dj] * (1 - u) + data[up + dj + di] * u) * v;
  return low * (1 - w) + high * w;
}
