import { InputError } from '../types';
import { referenceSampler } from './ddim';
import { odeSampler } from './multistep';
import type { Sampler, SamplerId } from './sampler';
import { fastSampler } from './fast/fastSampler';

export const SAMPLER_IDS: readonly SamplerId[] = ['fast', 'thorough', 'reference', 'ode'];

/** The sampler with its default steps. @throws InputError 'unknown-sampler' */
export function samplerById(id: string): Sampler {
  if (id === 'reference') return referenceSampler();
  if (id === 'fast' || id === 'thorough') return fastSampler({ id });
  if (id === 'ode') return odeSampler();
  throw new InputError('unknown-sampler', { id, known: SAMPLER_IDS });
}
