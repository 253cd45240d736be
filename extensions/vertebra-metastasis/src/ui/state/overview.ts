import type { StripFrame } from '../../core/overview';

/** The straightened spine: see core/overview. */
export interface SpineOverview extends Pick<StripFrame, 'rows' | 'columns' | 'pixelMm' | 'bodies'> {
  /** 0 to 255, rows * columns; absent until the CT is there. */
  readonly grey?: Uint8Array;
  /** Per pixel 0, or 1 + the place of a kind in LESION_3D_KINDS; absent without a result. */
  readonly marks?: Uint8Array;
}
