import { InputError, type Volume } from '../types';

/** The largest value of any CT that shows bone is above this. */
const LEAST_BONE_HU = 100;

/**
 * The values that a CT reaches.
 * @throws InputError 'hu-range' for an image that was windowed or normalised: its values are no Hounsfield units
 */
export function hounsfieldRange({ hu }: Volume): { readonly lowest: number; readonly highest: number } {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of hu) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  if (highest < LEAST_BONE_HU) throw new InputError('hu-range', { lowest, highest });
  return { lowest, highest };
}
