/** Vertebra masks as an analysis takes them, wherever they come from. */
import type { Labelmap, LocatedVertebrae, VertebraMaskRegion, VertebraTarget } from '@spine/core';

export type VertebraChoice = VertebraTarget & VertebraMaskRegion;

export interface VertebraSource {
  /** On the CT's grid. */
  readonly labelmap: Labelmap;
  /** From head to pelvis. */
  readonly vertebrae: readonly VertebraChoice[];
  /** Masks that are left out, in words. */
  readonly unused: readonly string[];
  /** What else there is to say of them, in words: masks that overlap. */
  readonly notes?: readonly string[];
  /** What lies beside the masks and was not read, and why, in words. */
  readonly passedOver?: readonly string[];
  /** Labels whose meaning depends on a scheme that was not named. */
  readonly undecided?: readonly number[];
  /** Of masks found in the CT itself: places along the spine without one. */
  readonly notFound?: LocatedVertebrae['leftOut'];
}
