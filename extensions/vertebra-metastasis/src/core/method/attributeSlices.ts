import type { DiffusionAutoencoder, LatentClassifierWeights, SliceAttribution } from '../types';
import { attributeSlice } from './attributeSlice';
import type { AttributionHooks } from './attributionSteps';
import { batchedSlices } from './batchedSlices';
import { defaultMethodOptions, type MethodOptions } from './methodOptions';
import type { SliceInput } from './sliceInput';
import { attributeVertebra } from './vertebra/attributeVertebra';

/**
 * {@link attributeSlice} of several slices side by side: their evaluations share batches, so that on a graphics card they take
 * little more time than one. A failure of one ends all. Where scores may be inferred, the slices are those of one vertebra and go
 * through {@link attributeVertebra}.
 * @param hooks `onPlan` gives the evaluations of all slices together
 */
export function attributeSlices(
  network: DiffusionAutoencoder,
  classifier: LatentClassifierWeights,
  slices: readonly SliceInput[],
  options: MethodOptions = defaultMethodOptions(),
  hooks: AttributionHooks = {}
): Promise<SliceAttribution[]> {
  if (options.inferScores) return attributeVertebra(network, classifier, slices, options, options.inferScores, hooks);
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
