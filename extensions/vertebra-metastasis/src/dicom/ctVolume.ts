import { InputError } from '../core';
import type { Volume } from '../core';
import type { CtSeries } from './ctSeries';
import { describe, number } from './dataset';
import type { NaturalizedInstance } from './dataset';

/** Pixels of one slice, row by row. */
export type SlicePixels = Int16Array | Uint16Array | Uint8Array | Int32Array | Float32Array;

export interface CtVolumeOptions {
  /** The pixels are Hounsfield units already (viewers apply the modality transform on loading). Default false. */
  readonly rescaled?: boolean;
}

/**
 * The volume in Hounsfield units: RescaleSlope and RescaleIntercept of each slice applied (PS3.3 C.11.1.1.2). Integer
 * rescaling gives Int16 (values outside +-32767 HU, which only padding has, saturate), anything else Float32.
 * @param pixelsOf pixels of instance `index` (= slice k)
 * @throws InputError pixel-data-length when a slice has the wrong number of pixels
 */
export function ctVolume(
  series: CtSeries,
  pixelsOf: (instance: NaturalizedInstance, index: number) => SlicePixels,
  options: CtVolumeOptions = {}
): Volume {
  const { volume, fill } = emptyVolume(series, pixelsOf, options);
  for (let k = 0; k < series.dims[2]; k++) fill(k);
  return volume;
}

/** Slices after which {@link ctVolumeInPieces} pauses: some 10 ms of work. */
const PIECE = 16;

/** As {@link ctVolume}, with pauses in which a page can draw and answer. */
export async function ctVolumeInPieces(
  series: CtSeries,
  pixelsOf: (instance: NaturalizedInstance, index: number) => SlicePixels,
  options: CtVolumeOptions,
  pause: () => Promise<void>
): Promise<Volume> {
  const { volume, fill } = emptyVolume(series, pixelsOf, options);
  for (let k = 0; k < series.dims[2]; k++) {
    if (k % PIECE === PIECE - 1) await pause();
    fill(k);
  }
  return volume;
}

function emptyVolume(
  series: CtSeries,
  pixelsOf: (instance: NaturalizedInstance, index: number) => SlicePixels,
  options: CtVolumeOptions
): { readonly volume: Volume; readonly fill: (k: number) => void } {
  const [columns, rows, slices] = series.dims;
  const size = columns * rows;
  // `ctSeries` has checked that every slice has both.
  const stored = series.instances.map(instance => ({
    slope: number(instance, 'RescaleSlope') ?? 1,
    intercept: number(instance, 'RescaleIntercept') ?? 0,
  }));
  const rescales = options.rescaled ? stored.map(() => ({ slope: 1, intercept: 0 })) : stored;
  const wholeNumbers = rescales.every(({ slope, intercept }) => Number.isInteger(slope) && Number.isInteger(intercept));
  const hu = wholeNumbers ? new Int16Array(size * slices) : new Float32Array(size * slices);
  const fill = (k: number) => {
    const instance = series.instances[k];
    const pixels = pixelsOf(instance, k);
    if (pixels.length !== size) {
      throw new InputError('pixel-data-length', { object: describe(instance), found: pixels.length, expected: size });
    }
    const slice = hu.subarray(k * size, (k + 1) * size);
    rescale(pixels, rescales[k], slice);
    clearPadding(slice, paddingHu(instance, stored[k]));
  };
  return { volume: { hu, dims: series.dims, indexToLps: series.indexToLps }, fill };
}

/** Saturates to the range of an Int16 target; rounds what a viewer hands over as floats. */
function rescale(
  pixels: SlicePixels,
  { slope, intercept }: { slope: number; intercept: number },
  target: Int16Array | Float32Array
): void {
  if (target instanceof Float32Array) {
    for (let n = 0; n < target.length; n++) target[n] = pixels[n] * slope + intercept;
    return;
  }
  for (let n = 0; n < target.length; n++) {
    const value = pixels[n] * slope + intercept;
    // Int16Array truncates, so halves away from zero are added first: this loop sees every voxel of a CT.
    const rounded = value < 0 ? value - 0.5 : value + 0.5;
    target[n] = rounded < -32768 ? -32768 : rounded > 32767 ? 32767 : rounded;
  }
}

/** What padding that is denser than bone becomes. */
const AIR_HU = -1024;
/**
 * Padding below this is left as it is: some files name a value that tissue has as well (0 in signed pixels), and clearing it would put
 * holes into the patient.
 */
const DENSER_THAN_BONE_HU = 3000;

/**
 * Lowest and highest HU of padding (PS3.3 C.7.5.1.1.2); undefined without, or where padding is no denser than bone.
 * Unsigned padding such as 63536 would be bone of 62512 HU otherwise.
 */
function paddingHu(
  instance: NaturalizedInstance,
  { slope, intercept }: { slope: number; intercept: number }
): readonly [number, number] | undefined {
  const value = number(instance, 'PixelPaddingValue');
  if (value === undefined) return undefined;
  const signed = number(instance, 'PixelRepresentation') === 1;
  const asStored = (padding: number) =>
    signed && padding > 32767 ? padding - 65536 : !signed && padding < 0 ? padding + 65536 : padding;
  const limits = [value, number(instance, 'PixelPaddingRangeLimit') ?? value].map(asStored).sort((a, b) => a - b);
  const [low, high] = limits.map(padding => padding * slope + intercept);
  return low < DENSER_THAN_BONE_HU ? undefined : [low, high];
}

function clearPadding(hu: Int16Array | Float32Array, range: readonly [number, number] | undefined): void {
  if (!range) return;
  // The volume may saturate at the ends of 16 bits, and so do the limits.
  const [low, high] = hu instanceof Int16Array ? range.map(value => Math.min(32767, Math.max(-32768, value))) : range;
  for (let n = 0; n < hu.length; n++) if (hu[n] >= low && hu[n] <= high) hu[n] = AIR_HU;
}
