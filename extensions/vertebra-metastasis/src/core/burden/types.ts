/** How much of the analysed bodies is lesion: plain numbers, millilitres and Hounsfield units. */
import type { Fault } from '../errors';
import type { ReportedRegion } from '../study';
import type { Labelmap, Lesion3dKind, VertebraLevel, Volume } from '../types';
import type { Coverage } from './coverage';

export interface BurdenInput {
  /** The CT; for its grid and its Hounsfield units. */
  readonly volume: Volume;
  /** Real slice positions along the normal, mm (CtSeries.slicePositionsMm); default: even. */
  readonly positionsMm?: ArrayLike<number>;
  /** The lesions as they are now, edits included; values are the segments' indices. */
  readonly lesions: Labelmap;
  readonly segments: readonly {
    readonly index: number;
    readonly level: VertebraLevel;
    readonly kind: Lesion3dKind;
    /** It borders on a part that was not searched. */
    readonly atLeast?: boolean;
  }[];
  /** Vertebral bodies on the CT grid, with their levels; absent when no masks are open. */
  readonly bodies?: Labelmap;
  readonly vertebrae: readonly BurdenVertebra[];
}

/** A vertebra of the study and whether it was analysed. */
export interface BurdenVertebra {
  readonly label: number;
  readonly level: VertebraLevel;
  /** Undefined: not analysed, or a stored result that does not say. */
  readonly coverage?: Coverage;
  /** Why it was not analysed, if that is known. */
  readonly reason?: Fault;
  /** Voxels of the body without an analysed slice, into the CT grid; absent where the result does not say which they are. */
  readonly notAnalysed?: ReadonlySet<number>;
}

/** All lesions of one kind in one vertebra, or in all of them. */
export interface KindBurden extends Omit<ReportedRegion, 'centroidLps'> {
  /** The volume is a lower bound: one of the lesions borders on a part that was not searched. */
  readonly atLeast?: true;
}

/** Lesion volume of all kinds, ml. */
export const lesionMillilitres = ({ lytic, blastic, mixed }: Omit<LevelBurden, 'level'>): number =>
  (lytic?.millilitres ?? 0) + (blastic?.millilitres ?? 0) + (mixed?.millilitres ?? 0);

/** Whether the volume of all kinds is a lower bound. */
export const isLowerBound = ({ lytic, blastic, mixed }: Omit<LevelBurden, 'level'>): boolean =>
  Boolean(lytic?.atLeast || blastic?.atLeast || mixed?.atLeast);

export const hasLesion = ({ lytic, blastic, mixed }: Omit<LevelBurden, 'level'>): boolean =>
  Boolean(lytic || blastic || mixed);

export interface LevelBurden {
  readonly level: VertebraLevel;
  readonly lytic?: KindBurden;
  readonly blastic?: KindBurden;
  /** Lesions of both kinds that a person joined. */
  readonly mixed?: KindBurden;
  /** Of the body, the part that was analysed. Undefined when not analysed or not known. */
  readonly analysedMillilitres?: number;
  /** Lesion volume inside the analysed part of the body, in percent of that part; unknown where nobody knows how much lies inside. */
  readonly percent?: number;
}

/** Something the numbers say nothing about. */
export type NotAssessed =
  | { readonly part: 'posterior-elements' }
  /** The stored result does not say which bodies were analysed. */
  | { readonly part: 'unknown-coverage' }
  | { readonly part: 'vertebra'; readonly level: VertebraLevel; readonly reason?: Fault }
  /** P(malignant) was measured, and no slice was searched for lesions; from head to pelvis. */
  | { readonly part: 'screened-vertebrae'; readonly levels: readonly VertebraLevel[] }
  /** Of a body that was searched, slices that were only screened. @param of searched and screened slices */
  | { readonly part: 'screened-slices'; readonly level: VertebraLevel; readonly count: number; readonly of: number }
  | { readonly part: 'slices'; readonly level: VertebraLevel; readonly count: number }
  | { readonly part: 'body-part'; readonly level: VertebraLevel; readonly millilitres: number };

export interface Burden {
  /** From head to pelvis: every analysed vertebra, and every one with a lesion. */
  readonly levels: readonly LevelBurden[];
  readonly total: Omit<LevelBurden, 'level'>;
  readonly affectedLevels: number;
  /** Undefined when the stored result does not say. */
  readonly analysedLevels?: number;
  /** Of these, screened and not searched for lesions; from head to pelvis. */
  readonly screenedLevels: readonly VertebraLevel[];
  /** Lesion volume outside the analysed part of the bodies (drawn by hand); in the volumes, not in the percentages. */
  readonly outsideMillilitres: number;
  readonly notAssessed: readonly NotAssessed[];
}
