import type { CancelSignal, DiffusionAutoencoder } from '../types';
import { CancelledError } from '../types';

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
  /** How many images of a slice it sends there and back one by one, before batches can follow. */
  readonly guideImages: 0 | 1;
  /** Noise predictions to send `count` images of one slice there and back. */
  roundTripEvaluations(count: number): number;
  /** Begins a series of images of one slice that go to their stochastic codes and back. */
  roundTrips(): RoundTrip;
}

/** Images -> stochastic codes -> images; those after the first may use what the first one's way has shown. */
export type RoundTrip = (
  network: DiffusionAutoencoder,
  images: Float32Array,
  codes: Float32Array,
  batch: number,
  hooks?: Hooks
) => Promise<Float32Array>;

export type SamplerId = 'reference' | 'fast' | 'ode';

/** Round trips of a sampler that treats every image alike. */
export function plainRoundTrips(
  { invert, render }: Pick<Sampler, 'invert' | 'render'>,
  evaluations: number
): Pick<Sampler, 'guideImages' | 'roundTripEvaluations' | 'roundTrips'> {
  return {
    guideImages: 0,
    roundTripEvaluations: count => count * evaluations,
    roundTrips: () => async (network, images, codes, batch, hooks) =>
      render(network, await invert(network, images, codes, batch, hooks), codes, batch, hooks),
  };
}

/** One noise prediction, with cancellation before it and the count reported after it. */
export async function evaluateNoise(
  network: DiffusionAutoencoder,
  noisy: Float32Array,
  timestep: number,
  codes: Float32Array,
  batch: number,
  hooks: Hooks
): Promise<Float32Array> {
  throwIfCancelled(hooks.cancel);
  const noise = await network.predictNoise(noisy, timestep, codes, batch);
  hooks.onEvaluations?.(batch);
  return noise;
}

/** @throws CancelledError when the signal is aborted */
export function throwIfCancelled(cancel?: CancelSignal): void {
  if (cancel?.aborted) throw new CancelledError('The analysis was cancelled.');
}
