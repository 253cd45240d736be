/** Two studies of one patient, and what became of each lesion. Plain numbers, millilitres. */
import type { LabelExtent, Vec3 } from '../geometry';
import type { Affine, Labelmap, LesionKind, VertebraLevel } from '../types';

export interface TimedLesion {
  /** Value in the labelmap. */
  readonly index: number;
  readonly level: VertebraLevel;
  readonly kind: LesionKind;
  readonly trackingUid?: string;
}

/** What one of the two studies brings to the comparison. */
export interface StudyLesions {
  /** On the CT grid of that study. */
  readonly labelmap: Labelmap;
  readonly positionsMm?: ArrayLike<number>;
  readonly segments: readonly TimedLesion[];
  /** Vertebral bodies on the same grid, for the alignment. */
  readonly bodies?: Labelmap;
  /** Of `bodies`, where they are known already. */
  readonly extents?: ReadonlyMap<number, LabelExtent>;
  readonly vertebrae: readonly { readonly label: number; readonly level: VertebraLevel }[];
  /** Levels that were analysed; undefined when the study does not say. */
  readonly analysedLevels?: readonly VertebraLevel[];
}

/** With the voxels of each lesion. */
export interface PlacedLesions extends StudyLesions {
  readonly offsets: ReadonlyMap<number, readonly number[]>;
}

/** `not-comparable`: on one side only, at a level that the other study did not analyse. */
export type Change = 'new' | 'gone' | 'grown' | 'shrunk' | 'stable' | 'not-comparable';

export interface LesionChange {
  readonly change: Change;
  readonly level: VertebraLevel;
  /** As it is now; as it was before where it is gone. */
  readonly kind: LesionKind;
  /** Its kind before, where that was another. */
  readonly priorKind?: LesionKind;
  readonly currentIndex?: number;
  readonly priorIndex?: number;
  readonly currentMillilitres: number;
  readonly priorMillilitres: number;
  /** Current minus prior. */
  readonly differenceMillilitres: number;
  /** Of the prior volume; undefined where there was none. */
  readonly percent?: number;
  /** How the two were found to be one: same TrackingUID, overlap after alignment, or by level and kind alone. */
  readonly matchedBy?: 'tracking' | 'overlap' | 'level';
  /** Separate parts without counterpart in the other study; known after an alignment only. */
  readonly newFoci?: number;
  readonly goneFoci?: number;
}

/** How well a level was laid onto its counterpart. */
export interface LevelAlignment {
  readonly level: VertebraLevel;
  /** Centroid of the current body, LPS mm. */
  readonly centreLps: Vec3;
  /** LPS of the current scan -> LPS of the prior scan. */
  readonly transform: Affine;
  readonly meanDistanceMm: number;
}

export interface Comparison {
  /** From head to pelvis, lytic before blastic. */
  readonly changes: readonly LesionChange[];
  readonly alignments: readonly LevelAlignment[];
  /** Levels with a lesion where no alignment was possible; matched by name alone. */
  readonly unaligned: readonly VertebraLevel[];
}
