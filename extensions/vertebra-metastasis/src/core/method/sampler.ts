import type { CancelSignal, DiffusionAutoencoder, NoiseTime } from '../types';
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
  /** Noise predictions of a slice's healthy edit: one way up, two ways down. */
  readonly editEvaluations: number;
  /** How many images of a slice it sends there and back one by one, before batches can follow. */
  readonly guideImages: 0 | 1;
  /** Noise predictions to send `count` images of one slice there and back. */
  roundTripEvaluations(count: number): number;
  /** Noise predictions to send `count` of them once more, more finely; undefined where the sampler has nothing finer. */
  readonly refinedEvaluations?: (count: number) => number;
  /** Begins a slice. */
  walks(): SliceWalks;
}

/** The ways of the images of one slice; later ones may use what earlier ones have shown. Nothing modifies its inputs. */
export interface SliceWalks {
  /** Patch -> stochastic code, and from there back with the patch's own and with the healthy semantic code. */
  readonly edit: (
    network: DiffusionAutoencoder,
    patch: Float32Array,
    code: Float32Array,
    editedCode: Float32Array,
    hooks?: Hooks
  ) => Promise<HealthyEdit>;
  /** Images -> stochastic codes -> images. */
  readonly roundTrip: RoundTrip;
  /** The same, more finely. */
  readonly refine?: RoundTrip;
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

/** `thorough` is `fast` but for the candidates that `fast` does not send through the network (see `skipMargin`). */
export type SamplerId = 'reference' | 'fast' | 'thorough' | 'ode';

/** The ways of a sampler that treats every image alike. */
export function plainWalks({
  invert,
  render,
  inversionEvaluations,
  renderEvaluations,
}: Pick<Sampler, 'invert' | 'render' | 'inversionEvaluations' | 'renderEvaluations'>): Pick<
  Sampler,
  'editEvaluations' | 'guideImages' | 'roundTripEvaluations' | 'walks'
> {
  const walks: SliceWalks = {
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
    guideImages: 0,
    roundTripEvaluations: count => count * (inversionEvaluations + renderEvaluations),
    walks: () => walks,
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
