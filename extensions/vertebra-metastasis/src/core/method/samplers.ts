import { InputError } from '../types';
import { referenceSampler } from './ddim';
import { fastSampler } from './multistep';
import type { Sampler, SamplerId } from './sampler';

export const SAMPLER_IDS: readonly SamplerId[] = ['fast', 'reference'];

/** The sampler with its default steps. @throws InputError 'unknown-sampler' */
export function samplerById(id: string): Sampler {
  if (id === 'reference') return referenceSampler();
  if (id === 'fast') return fastSampler();
  throw new InputError('unknown-sampler', `There is no sampler "${id}"; choose one of: ${SAMPLER_IDS.join(', ')}.`);
}
