/** Two studies of one patient, and what became of each lesion. Plain numbers, millilitres. */
import type { LabelExtent, Vec3 } from '../geometry';
import type { Affine, Labelmap, Lesion3dKind, VertebraLevel } from '../types';

export interface TimedLesion {
  /** Value in the labelmap. */
  readonly index: number;
  readonly level: VertebraLevel;
  readonly kind: Lesion3dKind;
  readonly trackingUid?: string;
  /** The segment is one lesion, whatever parts it has; else it may hold all of its kind in the vertebra. */
  readonly whole?: boolean;
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
  /** Levels that were analysed; undefined when the study does not say: then nothing is called new or resolved against it. */
  readonly analysedLevels?: readonly VertebraLevel[];
  /** Distance of the slices that were analysed, mm: parts of a lesion lie so far apart. Default: side by side. */
  readonly sliceMm?: number;
  /** Voxels of the analysed bodies that no analysed slice covers, into the CT grid; levels of which the study does not say are not in it. */
  readonly unsearched?: ReadonlyMap<VertebraLevel, ReadonlySet<number>>;
  /** Voxels in slices that were called healthy and so were not searched for lesions, likewise. */
  readonly screened?: ReadonlyMap<VertebraLevel, ReadonlySet<number>>;
  /** Levels of which no slice was searched: all of their bodies was screened, wherever. */
  readonly onlyScreened?: ReadonlySet<VertebraLevel>;
}

/** What of its bodies a study searched, as far as it says. */
export type SearchedParts = Required<Pick<StudyLesions, 'unsearched' | 'screened' | 'onlyScreened'>>;

/** One lesion: a connected part of what a study marked of one kind in one vertebra. */
export interface PriorLesion extends TimedLesion {
  /** Into the CT grid, ascending. */
  readonly offsets: readonly number[];
  /** Of its voxel nearest to its centroid, mm. */
  readonly lps: Vec3;
}

/**
 * `marked-now`, `marked-before`: on one side only, and the other study screened its place as not suspicious without searching it for lesions:
 * neither new nor resolved follows.
 * `not-comparable`: on one side only, at a level that the other study did not analyse; or the lesion reaches beyond what both studies
 * searched, and within that it is not the same: what became of the whole lesion cannot be told.
 */
export type Change =
  | 'new'
  | 'resolved'
  | 'increased'
  | 'decreased'
  | 'stable'
  | 'marked-now'
  | 'marked-before'
  | 'not-comparable';

/** Whether both studies searched the place, so that the two volumes can be held against each other. */
export const isCompared = ({ change }: { readonly change: Change }): boolean =>
  change !== 'not-comparable' && change !== 'marked-now' && change !== 'marked-before';

export interface LesionChange {
  readonly change: Change;
  readonly level: VertebraLevel;
  /** As it is now; as it was before where it is resolved. */
  readonly kind: Lesion3dKind;
  /** Its kind before, where that was another. */
  readonly priorKind?: Lesion3dKind;
  /** What its vertebra is called in the prior study, where that is another name. */
  readonly priorLevel?: VertebraLevel;
  readonly currentIndex?: number;
  readonly priorIndex?: number;
  /** Middle of the lesion in each scan, LPS mm. */
  readonly currentLps?: Vec3;
  readonly priorLps?: Vec3;
  /** Within what both studies searched; of `marked-now` and `marked-before`, within what its own study searched. */
  readonly currentMillilitres: number;
  readonly priorMillilitres: number;
  /** Volume of the lesion that only its own study searched for lesions; absent without any. */
  readonly currentBeyondMillilitres?: number;
  readonly priorBeyondMillilitres?: number;
  /** The lesion borders on a part that was not searched: the volumes are lower bounds. */
  readonly atLeast?: boolean;
  /** Current minus prior. */
  readonly differenceMillilitres: number;
  /** Of the prior volume; undefined where there was none. */
  readonly percent?: number;
  /** How the two were found to be one: same TrackingUID, overlap after alignment, or by level and kind alone. */
  readonly matchedBy?: 'tracking' | 'overlap' | 'level';
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
