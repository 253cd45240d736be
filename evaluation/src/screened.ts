/** Slices of a crop with P(malignant) as the product screens them. */
import {
  type DiffusionAutoencoder,
  MIN_BODY_PIXELS,
  type PatchSpec,
  PATCH_PIXELS,
  type Screening,
  screenSlices,
  withNeighbours,
} from '@spine/core';
import type { BenchmarkSlice } from './crops';
import type { ModelUnderTest } from './modelUnderTest';

/** Slices of a crop lie this far apart, mm. */
export const SLICE_MM = 0.8;

/** What screening needs of a model. */
export type ScreeningModel = Pick<ModelUnderTest, 'classifier' | 'spec'> & { readonly network: DiffusionAutoencoder };

export interface ScreenedBenchmarkSlice {
  readonly slice: BenchmarkSlice;
  readonly probability: number;
}

/**
 * @param all every slice of a vertebra, ascending
 * @param wanted indices of those asked about; the others are neighbours only
 */
export async function screened(
  { network, classifier, spec }: ScreeningModel,
  all: readonly BenchmarkSlice[],
  wanted: readonly number[]
): Promise<ScreenedBenchmarkSlice[]> {
  const chosen = all.filter(({ index }) => wanted.includes(index));
  const { screening } = spec;
  const around = screening ? neighboursOf(chosen, all, spec, screening) : chosen;
  if (around.length === 0) return [];
  const patches = new Float32Array(around.length * PATCH_PIXELS);
  around.forEach(({ patch }, n) => patches.set(patch, n * PATCH_PIXELS));
  const own = await screenSlices(network, classifier, patches, around.length);
  const places = chosen.map(slice => around.indexOf(slice));
  const offsets = around.map(({ index }) => index * SLICE_MM);
  const probabilities = screening ? withNeighbours(own, offsets, places, screening) : Array.from(own);
  return chosen.map((slice, n) => ({ slice, probability: probabilities[n] }));
}

/** Slices that the product would prepare: enough of the body, within the width that the model knows. */
export function insideTrainedWidth(
  all: readonly BenchmarkSlice[],
  { trainedWidthFraction }: Pick<PatchSpec, 'trainedWidthFraction'>
): BenchmarkSlice[] {
  const [first, last] = [all[0].index, all[all.length - 1].index];
  const reach = ((trainedWidthFraction ?? 1) * (last - first)) / 2;
  return all.filter(
    ({ bodyMask, index }) =>
      bodyMask.reduce((sum, inside) => sum + inside, 0) >= MIN_BODY_PIXELS &&
      Math.abs(index - (first + last) / 2) <= reach
  );
}

/** The chosen slices and what the product would prepare to judge them by. */
function neighboursOf(
  chosen: readonly BenchmarkSlice[],
  all: readonly BenchmarkSlice[],
  spec: Pick<PatchSpec, 'trainedWidthFraction'>,
  { withinMm, suspiciousVertebraShift }: Screening
): BenchmarkSlice[] {
  const usable = new Set(insideTrainedWidth(all, spec));
  const near = ({ index }: BenchmarkSlice) =>
    suspiciousVertebraShift !== undefined ||
    chosen.some(one => Math.abs(one.index - index) * SLICE_MM <= withinMm + 1e-6);
  return all.filter(slice => chosen.includes(slice) || (near(slice) && usable.has(slice)));
}
