/** A lesion in three dimensions: what a radiologist reads, decides on and follows up. Lengths in mm, frame LPS. */
import type { LabelExtent } from '../geometry';
import type { LesionGrid } from '../review/compose';
import type { CandidateKey, VertebraFindings } from '../review/findings';
import type { Projection } from '../review/projection';
import type { RejectReason, ReviewState } from '../review/state';
import type { Labelmap, Lesion3dKind, VertebraLevel, Volume } from '../types';

export type { Lesion3dKind };

/** Where the middle of a lesion lies in its body, by thirds. */
export interface LesionPlace {
  readonly side: 'left' | 'central' | 'right';
  readonly depth: 'anterior' | 'middle' | 'posterior';
  readonly height: 'upper' | 'middle' | 'lower';
}

/** What speaks against a lesion, or against its measured size. */
export const LESION_FLAGS = ['single-slice', 'hu-unlike-kind', 'hugs-cortex', 'at-search-edge'] as const;
export type LesionFlag = (typeof LESION_FLAGS)[number];

/** One sagittal slice of a lesion. */
export interface LesionSlice {
  /** Position in the findings' searched slices. */
  readonly slice: number;
  /** Along +x (towards the patient's left) from the body's centroid, mm. */
  readonly offsetMm: number;
  /** The largest attribution score in this slice, as computed. */
  readonly score: number;
  readonly candidates: readonly CandidateKey[];
}

export interface LesionDiameters {
  /** Longest in any axial slice, edge to edge. */
  readonly longestAxialMm: number;
  /** Across the longest one, in the same slice. */
  readonly perpendicularAxialMm: number;
  /** Longest in three dimensions. */
  readonly longestMm: number;
}

export interface Lesion3d extends LesionDiameters {
  /** Stays the same while the candidates it is made of do: names its first candidate, or its first drawn voxel. */
  readonly id: string;
  /** "T11 blastic 1": numbered by size within its level and kind. */
  readonly name: string;
  /** Value in the labelmap of all lesions, from 1; 0 for a rejected lesion, which is not in it. */
  readonly index: number;
  readonly vertebraLabel?: number;
  readonly level: VertebraLevel;
  readonly kind: Lesion3dKind;
  /** Into the CT grid, ascending. */
  readonly offsets: readonly number[];
  readonly voxels: number;
  readonly millilitres: number;
  /** Undefined where neither the CT nor its candidates tell. */
  readonly huMean?: number;
  /** Undefined without a body mask. */
  readonly place?: LesionPlace;
  /** Largest attribution score of its candidates between 0 and 1; undefined when all of it is drawn. */
  readonly score?: number;
  /** As computed: estimates may lie a little outside 0 to 1. */
  readonly rawScore?: number;
  readonly slices: readonly LesionSlice[];
  readonly flags: readonly LesionFlag[];
  /** What a person decided about all of it, rejected slices of a kept lesion aside; undefined while any part is undecided. */
  readonly verdict?: 'accepted' | 'rejected';
  readonly reason?: RejectReason;
  /** A person changed rules, decisions or voxels that bear on this lesion. */
  readonly touched: boolean;
}

export interface Lesions3d {
  /** From head to pelvis, the largest first within a level; rejected ones last within theirs. */
  readonly lesions: readonly Lesion3d[];
  /** On the CT grid; the values are the lesions' indices. */
  readonly labelmap: Labelmap;
}

export interface LesionInput {
  readonly grid: LesionGrid;
  readonly state: ReviewState;
  readonly projectionOf: (findings: VertebraFindings) => Projection | undefined;
  /** On the CT grid; without them neither place nor cortex nor attenuation of healthy bone are known. */
  readonly bodies?: Labelmap;
  /** Of `bodies`, where they are known already. */
  readonly extents?: ReadonlyMap<number, LabelExtent>;
  /** Without it the attenuation is that of the candidates' pixels. */
  readonly volume?: Pick<Volume, 'hu'>;
  /** Found before in the same CT: what did not change is not measured again. */
  readonly before?: Pick<Lesions3d, 'lesions'>;
}

/** What the lesions of one call have in common. */
export interface SharedInput extends LesionInput {
  /** By offset. */
  readonly isLesion: (offset: number) => boolean;
  /** Attenuation of the rest of each body, HU, once it was asked for. */
  readonly healthy: Map<number, number | undefined>;
  /** Voxels that a person drew or erased, by the name of the lesion they were taken from or given to. */
  readonly drawn: ReadonlyMap<string, ReadonlySet<number>>;
  readonly known: ReadonlyMap<string, Lesion3d>;
}
