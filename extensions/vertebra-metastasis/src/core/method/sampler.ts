import type { CancelSignal, DiffusionAutoencoder, NoiseTime } from '../types';
import { CancelledError } from '../types';
import type { SamplerId, SamplerSpec } from './samplerSpec';

/** What a caller may listen to and stop while the networks run. */
export interface Hooks {
  /** Called after each network call with the number of noise predictions it made (one per image of the batch). */
  readonly onEvaluations?: (count: number) => void;
  readonly cancel?: CancelSignal;
}

/**
 * A pair of maps between image and stochastic code along the probability-flow ODE of the diffusion autoencoder.
 * A sampler knows no model, file or screen. Arrays hold `batch` images of 64 x 64, codes [batch, codeSize].
 */
export interface Sampler {
  readonly id: SamplerId;
  /** Itself as plain data, with which `samplerFromSpec` makes it again. */
  readonly spec: SamplerSpec;
  readonly inversionEvaluations: number;
  readonly renderEvaluations: number;
  /** Every timestep at which it evaluates the network, so that a network can prepare them. */
  readonly timesteps: readonly number[];
  /** Image -> stochastic code x_T. Does not modify its inputs. */
  invert(
    network: DiffusionAutoencoder,
    patches: Float32Array,
    codes: Float32Array,
    batch: number,
    hooks?: Hooks
  ): Promise<Float32Array>;
  /** Stochastic code x_T -> image. Does not modify its inputs. */
  render(
    network: DiffusionAutoencoder,
    stochasticCodes: Float32Array,
    codes: Float32Array,
    batch: number,
    hooks?: Hooks
  ): Promise<Float32Array>;
  /** Noise predictions of a slice's healthy edit: one inversion, two renders; where it is repeated, there are more. */
  readonly editEvaluations: number;
  /** How many composites of a slice are inverted and rendered one by one, as reference for the batches that follow. */
  readonly referenceImages: 0 | 1;
  /** Noise predictions to invert and render `count` composites of one slice. */
  roundTripEvaluations(count: number): number;
  /** Noise predictions to do so again with more steps for `count` of them; undefined where the sampler has no finer steps. */
  readonly rescoringEvaluations?: (count: number) => number;
  /** Begins a slice. */
  trajectories(): SliceTrajectories;
}

/** Inversions and renders of the images of one slice; later ones may use what earlier ones recorded. Nothing modifies its inputs. */
export interface SliceTrajectories {
  /**
   * Patch -> stochastic code, rendered with the patch's own and with the healthy semantic code.
   * @param onRepeated told of further noise predictions, before they begin
   */
  readonly edit: (
    network: DiffusionAutoencoder,
    patch: Float32Array,
    code: Float32Array,
    editedCode: Float32Array,
    hooks?: Hooks,
    onRepeated?: (evaluations: number) => void
  ) => Promise<HealthyEdit>;
  /** Images -> stochastic codes -> images. */
  readonly roundTrip: RoundTrip;
  /** The same with more steps. */
  readonly rescore?: RoundTrip;
}

export interface HealthyEdit {
  readonly stochasticCode: Float32Array;
  readonly reconstruction: Float32Array;
  readonly healthyEdit: Float32Array;
}

export type RoundTrip = (
  network: DiffusionAutoencoder,
  images: Float32Array,
  codes: Float32Array,
  batch: number,
  hooks?: Hooks
) => Promise<Float32Array>;

/** The trajectories of a sampler that treats every image alone. */
export function independentTrajectories({
  invert,
  render,
  inversionEvaluations,
  renderEvaluations,
}: Pick<Sampler, 'invert' | 'render' | 'inversionEvaluations' | 'renderEvaluations'>): Pick<
  Sampler,
  'editEvaluations' | 'referenceImages' | 'roundTripEvaluations' | 'trajectories'
> {
  const trajectories: SliceTrajectories = {
    edit: async (network, patch, code, editedCode, hooks) => {
      const stochasticCode = await invert(network, patch, code, 1, hooks);
      if (network.preferredBatch < 2) {
        const reconstruction = await render(network, stochasticCode, code, 1, hooks);
        return {
          stochasticCode,
          reconstruction,
          healthyEdit: await render(network, stochasticCode, editedCode, 1, hooks),
        };
      }
      const twice = concatenate([stochasticCode, stochasticCode]);
      const both = await render(network, twice, concatenate([code, editedCode]), 2, hooks);
      return { stochasticCode, reconstruction: both.slice(0, patch.length), healthyEdit: both.slice(patch.length) };
    },
    roundTrip: async (network, images, codes, batch, hooks) =>
      render(network, await invert(network, images, codes, batch, hooks), codes, batch, hooks),
  };
  return {
    editEvaluations: inversionEvaluations + 2 * renderEvaluations,
    referenceImages: 0,
    roundTripEvaluations: count => count * (inversionEvaluations + renderEvaluations),
    trajectories: () => trajectories,
  };
}

/** Row-major concatenation of equally sized arrays. */
export function concatenate(parts: readonly Float32Array[]): Float32Array {
  const size = parts[0]?.length ?? 0;
  const all = new Float32Array(size * parts.length);
  parts.forEach((part, i) => all.set(part, i * size));
  return all;
}

/** One noise prediction, with cancellation before it and the count reported after it. */
export async function evaluateNoise(
  network: DiffusionAutoencoder,
  noisy: Float32Array,
  time: NoiseTime,
  codes: Float32Array,
  batch: number,
  hooks: Hooks
): Promise<Float32Array> {
  throwIfCancelled(hooks.cancel);
  const noise = await network.predictNoise(noisy, time, codes, batch);
  hooks.onEvaluations?.(batch);
  return noise;
}

/** @throws CancelledError when the signal is aborted */
export function throwIfCancelled(cancel?: CancelSignal): void {
  if (cancel?.aborted) throw new CancelledError('The analysis was cancelled.');
}
