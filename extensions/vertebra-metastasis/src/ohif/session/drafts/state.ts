/** Work that no archive has yet, as it is kept in the browser: what a save would write, and the bodies of the session. */
import type { VertebraLevel } from '../../../core';
import type { SavedState } from '../../../dicom';
import type { PanelState, Worksheets } from '../../../ui';
import type { LesionEntry } from '../../segmentation/lesionMap';
import type { BodyMap } from '../../segmentation/sessionBodies';

/** Patient data. Plain values and typed arrays, so that it can be kept as it is. */
export interface Draft {
  /** Study and series of the CT. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** As in the private block of a saved SEG. */
  readonly state?: SavedState;
  readonly lesions?: { readonly voxels: Voxels; readonly segments: readonly LesionEntry[] };
  readonly worksheets: Worksheets;
  readonly bodies?: { readonly voxels: Voxels; readonly segments: BodyMap['segments']; readonly lastIndex: number };
  /** Levels that an analysis at work had not finished. */
  readonly unfinished: readonly VertebraLevel[];
}

/** The labelled voxels of a labelmap; most of a CT has none. */
export interface Voxels {
  readonly offsets: Uint32Array;
  readonly values: Uint8Array;
}

export function draftView(offer: Draft | undefined): PanelState['draft'] {
  if (!offer) return undefined;
  const { at, state, unfinished } = offer;
  return { at, vertebrae: state?.review?.findings.length ?? 0, unfinished };
}
