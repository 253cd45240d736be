/** What becomes of analysed slices: which candidates are lesions, and what the labelmap of an analysis says. */
import { applyThreshold, type KeptRegions } from '../method';
import type { Labelmap, LesionKind, VertebraLevel } from '../types';
import type { LesionSegment, SliceAnalysis } from './types';

export interface LesionRules {
  /** A candidate is a lesion when its attribution score exceeds this. */
  readonly threshold: number;
  readonly minPixels: number;
}

/** Which candidates of a slice are lesions under the rules; no inference. */
export function keptRegions({ attribution }: SliceAnalysis, { threshold, minPixels }: LesionRules): KeptRegions {
  return applyThreshold(attribution.candidates, threshold, minPixels);
}

/** Body voxels without an analysed slice; nothing is known of them. */
export interface UnanalysedPart {
  readonly level: VertebraLevel;
  readonly vertebraLabel: number;
  readonly voxels: number;
  readonly millilitres: number;
}

/** Lesions found in slices that no voxel centre of the CT falls into. */
export interface LostLesions {
  readonly level: VertebraLevel;
  readonly vertebraLabel: number;
  readonly kind: LesionKind;
  readonly reason: string;
}

export interface LesionLabelmap {
  /** On the CT grid; values are the segments' indices. */
  readonly labelmap: Labelmap;
  /** From head to pelvis, lytic before blastic; contiguous from 1, none empty. */
  readonly segments: readonly LesionSegment[];
  readonly notAnalysed: readonly UnanalysedPart[];
  readonly lost: readonly LostLesions[];
}
