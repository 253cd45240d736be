import { InputError, normalisePatch, PATCH_PIXELS, PATCH_SIZE } from '@spine/core';
import type { Patch, PatchMask } from '@spine/core';
import { readNiftiLabelmap, readNiftiVolume } from '@spine/headless/nifti';
import type { VertebraCase } from './manifest';

/** A vertebra crop: 64 x 64 x n, axis 0 anterior -> posterior (fastest), axis 1 superior -> inferior, axis 2 left-right. */
interface Crop {
  readonly data: ArrayLike<number>;
  readonly sliceCount: number;
}

/** One sagittal slice of a benchmark vertebra with its truth. */
export interface BenchmarkSlice {
  readonly vertebra: VertebraCase;
  readonly index: number;
  readonly raw: Float32Array;
  readonly patch: Patch;
  readonly bodyMask: PatchMask;
  readonly truth: { readonly lytic: PatchMask; readonly blastic: PatchMask };
  /** Neither lesion nor mistake, whatever is shown there. */
  readonly ignored: PatchMask;
}

/** Crops are arrays on the model's spacing, as Python takes them; headers of public ones place them wrongly. */
const ON_MODEL_GRID = { placed: false };
const TRUTH_VALUE = { lytic: 1, blastic: 2, ignored: 3 } as const;
/** @throws InputError 'crop' when the file is no vertebra crop */
function checkedCrop(path: string, data: ArrayLike<number>, dims: readonly [number, number, number]): Crop {
  const [width, height, sliceCount] = dims;
  if (width !== PATCH_SIZE || height !== PATCH_SIZE) {
    throw new InputError('crop-size', { dims: [width, height, sliceCount] }, { file: path });
  }
  return { data, sliceCount };
}

async function readImage(path: string): Promise<Crop> {
  const { hu, dims } = await readNiftiVolume(path, ON_MODEL_GRID);
  return checkedCrop(path, hu, dims);
}

async function readMask(path: string): Promise<Crop> {
  const { labels, dims } = await readNiftiLabelmap(path, ON_MODEL_GRID);
  return checkedCrop(path, labels, dims);
}

/** Sagittal slice k with rows anterior -> posterior, columns superior -> inferior, row-major. */
function sagittal(crop: Crop, k: number): Float32Array {
  const out = new Float32Array(PATCH_PIXELS);
  const size = PATCH_SIZE;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      out[row * size + column] = crop.data[row + size * (column + size * k)];
    }
  }
  return out;
}

/** `count` slices around the centre of a crop, `step` apart; the authors analyse the central one only. */
export function centralIndices(sliceCount: number, count: number, step = 2): number[] {
  const centre = Math.floor(sliceCount / 2);
  return Array.from({ length: count }, (_, i) => centre + step * (i - Math.floor(count / 2))).filter(
    k => k >= 0 && k < sliceCount
  );
}

/** Indices of the slices of a vertebra that are chosen. */
export async function chosenSlices({ image }: VertebraCase, count: number | 'all'): Promise<number[]> {
  return chosenIndices((await readImage(image)).sliceCount, count);
}

function chosenIndices(sliceCount: number, count: number | 'all'): number[] {
  return count === 'all' ? Array.from({ length: sliceCount }, (_, k) => k) : centralIndices(sliceCount, count);
}

/** Reads the slices of one vertebra; slices whose body mask is empty are left out. Without truth the truth masks are empty. */
export async function readSlices(vertebra: VertebraCase, count: number | 'all'): Promise<BenchmarkSlice[]> {
  const image = await readImage(vertebra.image);
  const body = await readMask(vertebra.bodyMask);
  const truth = vertebra.truth === undefined ? undefined : await readMask(vertebra.truth);
  const indices = chosenIndices(image.sliceCount, count);
  return indices.flatMap(index => {
    const bodyMask = where(sagittal(body, index), value => value > 0);
    if (!bodyMask.includes(1)) return [];
    const raw = sagittal(image, index);
    const labels = truth && sagittal(truth, index);
    const ofKind = (kind: keyof typeof TRUTH_VALUE) =>
      labels
        ? where(labels, (value, i) => value === TRUTH_VALUE[kind] && bodyMask[i] > 0)
        : new Uint8Array(PATCH_PIXELS);
    return [
      {
        vertebra,
        index,
        raw,
        patch: normalisePatch(raw),
        bodyMask,
        truth: { lytic: ofKind('lytic'), blastic: ofKind('blastic') },
        ignored: ofKind('ignored'),
      },
    ];
  });
}

/** 1 where it holds, 0 elsewhere. A loop, as `Uint8Array.from` with a function takes ten times as long. */
function where(values: ArrayLike<number>, holds: (value: number, i: number) => boolean): Uint8Array {
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < mask.length; i++) if (holds(values[i], i)) mask[i] = 1;
  return mask;
}
