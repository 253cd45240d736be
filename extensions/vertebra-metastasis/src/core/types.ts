/** Shared types of the pure method and geometry. Nothing here knows a browser, a viewer, a model file or DICOM. */

/** Side of the square network input, in pixels. */
export const PATCH_SIZE = 64;
/** Pixels in one patch (64 x 64). */
export const PATCH_PIXELS = PATCH_SIZE * PATCH_SIZE;

/**
 * One sagittal image of 64 x 64 pixels, row-major. Rows run anterior -> posterior, columns superior -> inferior.
 * Intensities are percentile-scaled to about [0, 1.2], never [-1, 1] (see core/method/normalise).
 */
export type Patch = Float32Array;

/** 64 x 64 binary mask on the pixel grid of a {@link Patch}: 1 inside, 0 outside. */
export type PatchMask = Uint8Array;

/** Timesteps whose conditioning of the network is averaged; the weights sum to 1. */
export interface TimeBlend {
  readonly timesteps: readonly number[];
  readonly weights: readonly number[];
}

/** The time at which U is asked. */
export type NoiseTime = number | TimeBlend;

/** Latent of the semantic encoder, one per patch (512 values for the published model). */
export type SemanticCode = Float32Array;

/**
 * The two networks of the diffusion autoencoder, as the method sees them. Batches are concatenated row-major.
 * The samplers know nothing of the file, the provider or the worker behind it.
 */
export interface DiffusionAutoencoder {
  /** Length of the semantic code. */
  readonly codeSize: number;
  /** The largest batch that pays off on this provider (1 on WASM, larger on a GPU). */
  readonly preferredBatch: number;
  /** E: [batch, 1, 64, 64] -> [batch, codeSize]. */
  encode(patches: Float32Array, batch: number): Promise<Float32Array>;
  /**
   * U: noise prediction eps(x_t, t, z).
   * @param noisy x_t, [batch, 1, 64, 64]
   * @param time in the original 0..999, the same for the whole batch; fractional values are allowed
   * @param codes z, [batch, codeSize]
   * @returns eps, [batch, 1, 64, 64]
   */
  predictNoise(noisy: Float32Array, time: NoiseTime, codes: Float32Array, batch: number): Promise<Float32Array>;
  /** Computes at once what depends on these timesteps alone. Optional: predictNoise does it as it goes. */
  prepareTimesteps?(timesteps: readonly number[]): Promise<void>;
  /**
   * Steps of the reference's recurrence in a row, each a noise prediction at the image that the step before left; optional, for devices
   * on which images stay between them. At most `stepsAtOnce` in a call.
   * @param images [batch, 1, 64, 64] @returns those after the last step
   */
  advance?(images: Float32Array, steps: readonly DdimStep[], codes: Float32Array, batch: number): Promise<Float32Array>;
  /** About a tenth of a second, so that an analysis can be cancelled; absent where there is no `advance`. */
  readonly stepsAtOnce?: number;
}

/** A step of the reference's recurrence: the noise is predicted at `timestep`, the image moved from `alphaBar` to `target`. */
export interface DdimStep {
  readonly timestep: number;
  readonly alphaBar: number;
  readonly target: number;
}

/** A small network that looks at a slice with its neighbours and says whether the slice shows a lesion. Part of some models only. */
export interface ScreeningNetwork {
  /**
   * @param stacks [batch, 6, 64, 64]: five normalised slices, of which the middle one is asked about, and its body mask
   * @returns [batch, 2]: log odds of a lytic and of a blastic lesion
   */
  kindLogits(stacks: Float32Array, batch: number): Promise<Float32Array>;
}

/** The networks of a model. */
export interface ModelNetworks extends DiffusionAutoencoder {
  readonly screening?: ScreeningNetwork;
}

/** Latent logistic regression with its standardisation: p = sigmoid(coef . ((z - mean) / scale) + intercept). */
export interface LatentClassifierWeights {
  readonly mean: ArrayLike<number>;
  readonly scale: ArrayLike<number>;
  readonly coef: ArrayLike<number>;
  readonly intercept: number;
}

export type LesionKind = 'lytic' | 'blastic';

/** Of a whole lesion. `mixed`: parts of both kinds that a person joined. */
export type Lesion3dKind = LesionKind | 'mixed';

/** One connected component of the thresholded difference map, proposed as a lesion. */
export interface Candidate {
  /** Order of scoring within the slice, from 0; blastic first, as in the reference. */
  readonly id: number;
  readonly kind: LesionKind;
  readonly mask: PatchMask;
  readonly pixelCount: number;
}

/**
 * Why a candidate that scored does not count: the outline refinement refused it, the healthy edit hardly changes it, the screening network sees no sign of its kind, or
 * too few neighbouring slices show it.
 */
export type LeftOut = 'contradicted' | 'covered' | 'faint' | 'unsupported' | 'isolated';

/** A candidate after hide-and-seek. `kept` when the score exceeds the threshold in force. */
export interface ScoredCandidate extends Candidate {
  /** p_k of the harmonised composite; of the composite itself where the candidate was not scored. */
  readonly probability: number;
  /** (p_k - p_healthy) / (p_malignant - p_healthy + 1e-8); not clamped. */
  readonly attributionScore: number;
  readonly kept: boolean;
  /** Not scored: the first estimate lay far below the threshold, and `attributionScore` is that estimate. Never kept. */
  readonly skipped?: boolean;
  /** Not scored: the first estimate lay far above the threshold, or it cannot count (`leftOut`); `attributionScore` is that estimate. */
  readonly estimated?: boolean;
  /** Not scored itself: `attributionScore` follows from the scores of the same structure in neighbouring slices. */
  readonly inferred?: boolean;
  /**
   * Never kept. Set by the outline refinement: the CT inside contradicts the kind, or its pixels belong to the outline of a
   * candidate with a higher score; `mask` is then the outline that was scored. Or the screening network sees no lesion of this kind
   * here (`MethodOptions.leastKindLogit`), or the slices beside do not show it (`MethodOptions.leastSlices`).
   */
  readonly leftOut?: LeftOut;
}

/** Everything the method computes on one slice. */
export interface SliceAttribution {
  readonly patch: Patch;
  readonly bodyMask: PatchMask;
  readonly semanticCode: SemanticCode;
  readonly stochasticCode: Float32Array;
  readonly reconstruction: Patch;
  readonly healthyCode: SemanticCode;
  readonly healthyEdit: Patch;
  /** healthyEdit - reconstruction; positive inside the body is lytic, negative blastic. */
  readonly differenceMap: Float32Array;
  /** Pixels above the median threshold, before the size filter. */
  readonly lyticCandidates: PatchMask;
  readonly blasticCandidates: PatchMask;
  readonly candidates: readonly ScoredCandidate[];
  /** What the classifier saw of each candidate: revealed alone, before and (where scored) after its pass through the autoencoder. */
  readonly composites: readonly Patch[];
  readonly harmonised: readonly (Patch | undefined)[];
  readonly lyticMask: PatchMask;
  readonly blasticMask: PatchMask;
  readonly malignancyProbability: number;
  readonly healthyProbability: number;
  /** Network evaluations spent: noise predictor (counted per image in a batch) and encoder. */
  readonly evaluations: { readonly noise: number; readonly encoder: number };
}

/** 4 x 4 affine, row-major (16 numbers): (i, j, k, 1) -> (x, y, z, 1) in mm, LPS, at voxel centres. */
export type Affine = Float64Array;

/**
 * A CT volume. `hu[i + dims[0] * (j + dims[1] * k)]`; i runs along DICOM columns (a row of pixels), j along rows, k along slices.
 * `indexToLps` maps index (i, j, k) to the LPS position of the voxel centre in mm.
 */
export interface Volume {
  readonly hu: Float32Array | Int16Array;
  readonly dims: readonly [number, number, number];
  readonly indexToLps: Affine;
}

/** Integer labels on the grid of a {@link Volume}; 0 is background. */
export interface Labelmap {
  readonly labels: Uint8Array | Uint16Array;
  readonly dims: readonly [number, number, number];
  readonly indexToLps: Affine;
}

/** A vertebra level name: C1-C7, T1-T13, L1-L6, S1. */
export type VertebraLevel = string;

/** Thrown when a running analysis was cancelled by its AbortSignal. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/** The part of AbortSignal that core needs (core has no DOM types). */
export interface CancelSignal {
  readonly aborted: boolean;
}

export { InputError } from './errors';
