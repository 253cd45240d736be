/**
 * `thorough` is `fast` with nearly twice the nodes, and scores the candidates that `fast` does not (see `skipBelowThresholdBy`,
 * `trustAboveThresholdBy`). `guided` has fewer nodes still, and takes scores from neighbouring slices where these are clear (`inferScores`).
 */
export type SamplerId = 'reference' | 'fast' | 'thorough' | 'guided' | 'ode';

/** Timesteps at which the network is evaluated, ascending in inversion and descending in render. */
export interface NodeTimesteps {
  readonly inversion: readonly number[];
  readonly render: readonly number[];
}

/** Timesteps at which the fast sampler evaluates the network for each image of one slice. */
export interface SliceNodes {
  /** The slice itself, inverted and rendered with its own code. */
  readonly slice: NodeTimesteps;
  /** Render with the healthy code. */
  readonly edit: readonly number[];
  /** The first composite. */
  readonly firstComposite: NodeTimesteps;
  /** The composites whose reference trajectory is that of the first one. */
  readonly otherComposites: NodeTimesteps;
  /** Composites whose score comes out near the threshold, a second time. */
  readonly rescored: NodeTimesteps;
  /** The slice and its edit a second time, where the first misses the reference by much. */
  readonly repeated?: RepeatedEdit;
}

/** A second, closer walk. */
export interface RepeatedEdit {
  /**
   * Deviation of the first walk above which there is a second: how far corrected states are from predicted ones, RMS over the pixels in
   * units of the clean image, added up over all nodes of the inversion and both renders.
   */
  readonly above: number;
  readonly slice: NodeTimesteps;
  readonly edit: readonly number[];
}

/** Samplers that evaluate the network at nodes of the reference's schedule. */
export type NodeSamplerId = Extract<SamplerId, 'fast' | 'thorough' | 'guided'>;

/** A sampler as plain data, to be sent to a worker or written to a file; `samplerFromSpec` makes the same sampler again. */
export type SamplerSpec =
  | { readonly id: 'reference' | 'ode'; readonly inversionSteps: number; readonly renderSteps: number }
  | { readonly id: NodeSamplerId; readonly nodes: SliceNodes };
