/** What the study needs of whoever runs the networks: this thread, or a worker behind the same interface. */
import { attributeSlice, type AttributionHooks, type Hooks, type MethodOptions, screenSlices } from '../method';
import type { DiffusionAutoencoder, LatentClassifierWeights, Patch, PatchMask, SliceAttribution } from '../types';

export interface SliceEngine {
  /** Hide-and-Seek Attribution of one normalised slice, see core/method `attributeSlice`. */
  attributeSlice(
    patch: Patch,
    bodyMask: PatchMask,
    options: MethodOptions,
    hooks: AttributionHooks
  ): Promise<SliceAttribution>;
  /** P(malignant) of [count, 64, 64] normalised slices, see core/method `screenSlices`. */
  screenSlices(patches: Float32Array, count: number, hooks: Hooks): Promise<Float64Array>;
}

/** The engine that calls the networks directly. */
export function localEngine(network: DiffusionAutoencoder, classifier: LatentClassifierWeights): SliceEngine {
  return {
    attributeSlice: (patch, bodyMask, options, hooks) =>
      attributeSlice(network, classifier, patch, bodyMask, options, hooks),
    screenSlices: (patches, count, hooks) => screenSlices(network, classifier, patches, count, hooks),
  };
}
