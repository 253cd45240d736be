import type { StripFrame } from '../../../core';

export interface OverviewSlice {
  /** Absent without masks. */
  readonly frame?: StripFrame;
  /** See `stripImage`; absent until the whole CT is there. */
  readonly grey?: Uint8Array;
}

export const initialOverview: OverviewSlice = {};
