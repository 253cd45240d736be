/** What the study needs of whoever runs the networks: this thread, or a worker behind the same interface. */
import {
  attributeSlice,
  attributeSlices,
  type AttributionHooks,
  type Hooks,
  type MethodOptions,
  screenKinds,
  screenSlices,
  type SliceInput,
} from '../method';
import type {
  DiffusionAutoencoder,
  LatentClassifierWeights,
  ModelNetworks,
  Patch,
  PatchMask,
  SliceAttribution,
} from '../types';

export interface SliceEngine {
  /** Hide-and-Seek Attribution of one normalised slice, see core/method `attributeSlice`. */
  attributeSlice(
    patch: Patch,
    bodyMask: PatchMask,
    options: MethodOptions,
    hooks: AttributionHooks
  ): Promise<SliceAttribution>;
  /** Several slices side by side, see core/method `attributeSlices`; undefined where that is no faster than one by one. */
  readonly together?: {
    /** At a time. */
    readonly slices: number;
    attribute(
      slices: readonly SliceInput[],
      options: MethodOptions,
      hooks: AttributionHooks
    ): Promise<SliceAttribution[]>;
  };
  /** All slices of one vertebra, for methods that take scores from one to the other; see core/method `attributeVertebra`. */
  attributeVertebra?(
    slices: readonly SliceInput[],
    options: MethodOptions,
    hooks: AttributionHooks
  ): Promise<SliceAttribution[]>;
  /** P(malignant) of [count, 64, 64] normalised slices, see core/method `screenSlices`. */
  screenSlices(patches: Float32Array, count: number, hooks: Hooks): Promise<Float64Array>;
  /** Log odds of a lytic and a blastic lesion, [count, 2], by the screening network; needed for models that have one. */
  screenKinds?(stacks: Float32Array, count: number, hooks: Hooks): Promise<Float32Array>;
}

/** As many as a vertebra has, or more; what they keep grows with them. */
const MOST_TOGETHER = 8;

/** How many slices are worth analysing side by side where batches of this size pay off. */
export function slicesTogether({ preferredBatch }: Pick<DiffusionAutoencoder, 'preferredBatch'>): number {
  return Math.min(preferredBatch, MOST_TOGETHER);
}

/** The engine that calls the networks directly. */
export function localEngine(network: ModelNetworks, classifier: LatentClassifierWeights): SliceEngine {
  const slices = slicesTogether(network);
  const { screening } = network;
  return {
    attributeSlice: (patch, bodyMask, options, hooks) =>
      attributeSlice(network, classifier, patch, bodyMask, options, hooks),
    ...(slices > 1
      ? {
          together: {
            slices,
            attribute: (inputs, options, hooks) => attributeSlices(network, classifier, inputs, options, hooks),
          },
        }
      : {}),
    attributeVertebra: (inputs, options, hooks) => attributeSlices(network, classifier, inputs, options, hooks),
    screenSlices: (patches, count, hooks) => screenSlices(network, classifier, patches, count, hooks),
    ...(screening
      ? {
          screenKinds: (stacks: Float32Array, count: number, hooks: Hooks) =>
            screenKinds(screening, stacks, count, hooks),
        }
      : {}),
  };
}
