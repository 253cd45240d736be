import type { Patch, PatchMask } from '../types';

/** A normalised slice and its vertebral body on the same grid. */
export interface SliceInput {
  readonly patch: Patch;
  readonly bodyMask: PatchMask;
  /** Along the left-right axis, mm; what the slices of one vertebra have in common depends on it. */
  readonly offsetMm?: number;
}
