import type { ModelNetworks, LatentClassifierWeights, PatchSpec } from '@spine/core';

/** The autoencoder under test, and the encoder's spatial code map where the model file offers it (Grad-CAM needs it). */
export interface ModelUnderTest {
  readonly network: ModelNetworks & { codeMap(patch: Float32Array): Promise<Float32Array | undefined> };
  readonly classifier: LatentClassifierWeights;
  /** Which slices the model knows and how they are screened. */
  readonly spec: Pick<PatchSpec, 'trainedWidthFraction' | 'screening'>;
}
