/** Slices of a crop with P(malignant) as the product screens them. */
import {
  type KindLogits,
  localEngine,
  MIN_BODY_PIXELS,
  type ModelNetworks,
  type PatchSpec,
  screenTogether,
  type SlicesToScreen,
} from '@spine/core';
import type { BenchmarkSlice } from './crops';
import type { ModelUnderTest } from './modelUnderTest';

/** Slices of a crop lie this far apart, mm. */
export const SLICE_MM = 0.8;

/** What screening needs of a model. */
export type ScreeningModel = Pick<ModelUnderTest, 'classifier' | 'spec'> & { readonly network: ModelNetworks };

export interface ScreenedBenchmarkSlice {
  readonly slice: BenchmarkSlice;
  readonly probability: number;
  /** See core's SliceScreening. */
  readonly kindLogits?: KindLogits;
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
  const usable = new Set(insideTrainedWidth(all, spec).map(offsetOf));
  const slices: SlicesToScreen = {
    body: all.map(({ patch, bodyMask, index }) => ({ patch, bodyMask, offsetMm: offsetOf({ index }) })),
    sliceMm: SLICE_MM,
    known: ({ offsetMm }) => usable.has(offsetMm),
    chosenMm: chosen.map(offsetOf),
  };
  const found = await screenTogether(localEngine(network, classifier), slices, spec.screening);
  return chosen.map((slice, n) => ({
    slice,
    probability: found[n].malignancyProbability,
    kindLogits: found[n].kindLogits,
  }));
}

const offsetOf = ({ index }: Pick<BenchmarkSlice, 'index'>): number => index * SLICE_MM;

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
