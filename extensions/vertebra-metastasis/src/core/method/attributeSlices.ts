import type { DiffusionAutoencoder, LatentClassifierWeights, Patch, PatchMask, SliceAttribution } from '../types';
import { attributeSlice } from './attributeSlice';
import type { AttributionHooks } from './attributionSteps';
import { batchedSlices } from './batchedSlices';
import { defaultMethodOptions, type MethodOptions } from './methodOptions';

/** A normalised slice and its vertebral body on the same grid. */
export interface SliceInput {
  readonly patch: Patch;
  readonly bodyMask: PatchMask;
}

/**
 * {@link attributeSlice} of several slices side by side: their evaluations share batches, so that on a graphics card they take
 * little more time than one. A failure of one ends all.
 * @param hooks `onPlan` gives the evaluations of all slices together
 */
export function attributeSlices(
  network: DiffusionAutoencoder,
  classifier: LatentClassifierWeights,
  slices: readonly SliceInput[],
  options: MethodOptions = defaultMethodOptions(),
  hooks: AttributionHooks = {}
): Promise<SliceAttribution[]> {
  const plans = slices.map(() => 0);
  return batchedSlices(
    network,
    slices.map(({ patch, bodyMask }, n) => batched => {
      const onPlan = (evaluations: number) => {
        plans[n] = evaluations;
        hooks.onPlan?.(plans.reduce((sum, plan) => sum + plan, 0));
      };
      return attributeSlice(batched, classifier, patch, bodyMask, options, { ...hooks, onPlan });
    })
  );
}
