/** What the screening network is given: a slice between its neighbours, and the body in it. */
import { STACK_CHANNELS } from '../method';
import { type Patch, PATCH_PIXELS, type PatchMask } from '../types';
import { MIN_BODY_PIXELS } from './slices';

/** A slice of a vertebral body, normalised. */
export interface ScreenableSlice {
  /** Along +x (towards the patient's left), mm. */
  readonly offsetMm: number;
  readonly patch: Patch;
  readonly bodyMask: PatchMask;
}

/**
 * Stacks [asked.length, 6, 64, 64]: the patches `sliceSteps` slices away, and the body mask of the slice asked about, 0 or 1. Where
 * there is no such slice, beyond the body or with too little of it, the slice's own patch stands in.
 * @param body all slices of the body, whatever the width that slices are judged in
 */
export function stacksOf(
  asked: readonly ScreenableSlice[],
  body: readonly ScreenableSlice[],
  { sliceSteps, sliceMm }: { readonly sliceSteps: readonly number[]; readonly sliceMm: number }
): Float32Array {
  const place = ({ offsetMm }: ScreenableSlice) => Math.round(offsetMm / sliceMm);
  const byPlace = new Map(body.filter(hasEnoughBody).map(slice => [place(slice), slice]));
  const stacks = new Float32Array(asked.length * STACK_CHANNELS * PATCH_PIXELS);
  asked.forEach((slice, n) => {
    const images = sliceSteps.map(step => (byPlace.get(place(slice) + step) ?? slice).patch);
    [...images, slice.bodyMask].forEach((channel, c) => stacks.set(channel, (n * STACK_CHANNELS + c) * PATCH_PIXELS));
  });
  return stacks;
}

const hasEnoughBody = ({ bodyMask }: ScreenableSlice): boolean =>
  bodyMask.reduce<number>((sum, inside) => sum + inside, 0) >= MIN_BODY_PIXELS;
