import { InputError } from '../types';
import { referenceSampler } from './ddim';
import { odeSampler } from './multistep';
import type { Sampler } from './sampler';
import type { SamplerId, SamplerSpec } from './samplerSpec';
import { fastSampler } from './fast/fastSampler';

export const SAMPLER_IDS: readonly SamplerId[] = ['fast', 'thorough', 'guided', 'reference', 'ode'];

/** The sampler with its default steps. @throws InputError 'unknown-sampler' */
export function samplerById(id: string): Sampler {
  if (id === 'reference') return referenceSampler();
  if (id === 'fast' || id === 'thorough' || id === 'guided') return fastSampler({ id });
  if (id === 'ode') return odeSampler();
  throw new InputError('unknown-sampler', { id, known: SAMPLER_IDS });
}

/** The sampler that a specification describes; the inverse of `Sampler.spec`. */
export function samplerFromSpec(spec: SamplerSpec): Sampler {
  if ('nodes' in spec) return fastSampler(spec);
  return spec.id === 'ode' ? odeSampler(spec) : referenceSampler(spec);
}
