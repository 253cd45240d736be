import { blurField, boxTaps, convolveAxis, gaussianTaps, sampleField, type Field } from '../math/grid';
import { NoiseTile } from '../math/noise';
import type { Random } from '../math/random';

// Local names: inside a test runner's sandbox the look-up of Math per voxel would cost more than the arithmetic.
const { floor, max, min, round, sqrt } = Math;

/** A CT protocol, as far as it shapes the image of a vertebra. */
export interface Scanner {
  /** Standard deviation of the in-plane point spread, mm. */
  readonly sigmaMm: number;
  /** Edge enhancement of a bone kernel: 0 none .. 1 strong. */
  readonly sharpening: number;
  /** Slice thickness and the distance of slices, mm. */
  readonly sliceThicknessMm: number;
  readonly sliceSpacingMm: number;
  /** Standard deviation of the noise, HU. */
  readonly noiseHu: number;
  /** Grain of the noise. */
  readonly grain: 'soft' | 'medium' | 'sharp';
}

/** Draws a protocol: kernels soft to bone, slices 0.8 to 5 mm; thin and sharp means noisy. */
export function drawScanner(random: Random): Scanner {
  const kernel = random.range(0, 1);
  const sliceThicknessMm = random.pick([0.8, 1, 1, 1, 1.25, 1.5, 1.5, 2, 2, 2.5, 3, 3, 4, 5]);
  const noise = (6 + 30 * kernel * kernel) * sqrt(1.5 / (0.5 + sliceThicknessMm)) * random.range(0.6, 1.9);
  return {
    sigmaMm: 0.72 - 0.42 * kernel + random.range(-0.05, 0.05),
    sharpening: kernel > 0.55 ? (kernel - 0.55) * random.range(0.8, 2) : 0,
    sliceThicknessMm,
    sliceSpacingMm:
      sliceThicknessMm > 1.25 && random.chance(0.35) ? sliceThicknessMm * random.range(0.5, 0.85) : sliceThicknessMm,
    noiseHu: min(noise, 60),
    grain: kernel < 0.4 ? 'soft' : kernel < 0.75 ? 'medium' : 'sharp',
  };
}

/** Spacing of the noise tiles, mm. */
const GRAIN_SPACING_MM = 0.6;
/** Radius of the unsharp mask of a bone kernel, mm. */
const UNSHARP_SIGMA_MM = 1.1;
let tiles: Record<Scanner['grain'], NoiseTile> | undefined;

function noiseTile(grain: Scanner['grain']): NoiseTile {
  tiles ??= {
    soft: new NoiseTile('grain-soft', GRAIN_SPACING_MM, [0.65, 0.65, 0]),
    medium: new NoiseTile('grain-medium', GRAIN_SPACING_MM, [0.42, 0.42, 0]),
    sharp: new NoiseTile('grain-sharp', GRAIN_SPACING_MM, [0.2, 0.2, 0]),
  };
  return tiles[grain];
}

/** Point spread in the axial plane and the slice profile, without noise and on the field's own grid. Does not change its input. */
export function blurLikeScanner(field: Field, scanner: Scanner): Field {
  const inPlane = blurField(field, [scanner.sigmaMm, scanner.sigmaMm, 0]);
  const width = scanner.sliceThicknessMm / field.spacing[2];
  const data = new Float32Array(field.data.length);
  const taps = width > 1 ? boxTaps(width) : gaussianTaps(0.3 * width);
  convolveAxis(inPlane.data, data, field.dims, 2, taps);
  return { ...field, data };
}

/** Keeps the slices a scanner would give: linear samples along z at the slice distance, starting at a random phase. */
export function sliceField(field: Field, spacingMm: number, phase: number): Field {
  const [nx, ny, nz] = field.dims;
  const lengthMm = (nz - 1) * field.spacing[2];
  const start = phase * min(spacingMm, lengthMm);
  const count = max(1, floor((lengthMm - start) / spacingMm) + 1);
  const plane = nx * ny;
  const data = new Float32Array(plane * count);
  for (let k = 0; k < count; k++) {
    const at = (start + k * spacingMm) / field.spacing[2];
    const low = min(floor(at), nz - 1);
    const high = min(low + 1, nz - 1);
    const share = at - low;
    for (let n = 0; n < plane; n++)
      data[k * plane + n] = field.data[low * plane + n] * (1 - share) + field.data[high * plane + n] * share;
  }
  const origin = [field.origin[0], field.origin[1], field.origin[2] + start] as const;
  return { data, dims: [nx, ny, count], origin, spacing: [field.spacing[0], field.spacing[1], spacingMm] };
}

/** Adds correlated noise per slice and rounds to whole HU in the range of CT, in place. */
export function addNoise(random: Random, slices: Field, scanner: Pick<Scanner, 'noiseHu' | 'grain'>): void {
  const tile = noiseTile(scanner.grain);
  const [nx, ny, nz] = slices.dims;
  const { data, spacing } = slices;
  for (let k = 0; k < nz; k++) {
    const [ox, oy] = [random.range(0, 38), random.range(0, 38)];
    const layer = (random.integer(0, 63) + 0.5) * GRAIN_SPACING_MM;
    let index = k * nx * ny;
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, index++) {
        const value = round(data[index] + scanner.noiseHu * tile.at(i * spacing[0] + ox, j * spacing[1] + oy, layer));
        data[index] = value < -1024 ? -1024 : value > 3071 ? 3071 : value;
      }
  }
}

/** The CT image of a scene: point spread, kernel, slices, noise. Does not change its input. */
export function scan(random: Random, scene: Field, scanner: Scanner): Field {
  const blurred = blurLikeScanner(scene, scanner);
  if (scanner.sharpening > 0) {
    const smooth = blurField(blurred, [UNSHARP_SIGMA_MM, UNSHARP_SIGMA_MM, 0]).data;
    const data = blurred.data;
    for (let n = 0; n < data.length; n++) data[n] += scanner.sharpening * (data[n] - smooth[n]);
  }
  const slices = sliceField(blurred, scanner.sliceSpacingMm, random.next());
  addNoise(random, slices, scanner);
  return slices;
}

/** Share of a structure per image point, as imaged: used to draw the truth where a reader can see it. */
export function imagedShare(share: Field, scanner: Scanner): (x: number, y: number, z: number) => number {
  const blurred = blurLikeScanner(share, scanner);
  return (x, y, z) => sampleField(blurred, x, y, z);
}
