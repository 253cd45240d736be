import type { Labelmap, Lesion3dKind, LesionDiameters, VertebraLevel } from '../core';
import type { ObjectContext } from './context';

/** Decimals of an attribution score wherever it is written, so that what is read back is what was reported. */
export const SCORE_DECIMALS = 4;

export type AlgorithmType = 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';

/** One segment to be written: one lesion, or in files of former versions all of one kind in a vertebra. */
export interface LesionToWrite {
  /** Value in the labelmap; contiguous from 1. */
  readonly index: number;
  readonly level: VertebraLevel;
  readonly kind: Lesion3dKind;
  /** Largest attribution score in it; undefined when drawn by a person. */
  readonly score?: number;
  /** "T10 blastic 1"; default: "T10 blastic lesion". */
  readonly label?: string;
  /** AUTOMATIC untouched, SEMIAUTOMATIC after a person's edit or threshold change, MANUAL when drawn. */
  readonly algorithmType: AlgorithmType;
  /** Keep both across edits and follow-up studies; made when absent. */
  readonly trackingId?: string;
  readonly trackingUid?: string;
  /** A person confirmed it as a metastasis. */
  readonly confirmed?: boolean;
  /** In the structured report and the table; omitted where they were not measured. */
  readonly diameters?: LesionDiameters;
  /** It borders on a part that was not searched: volume and diameters are lower bounds. */
  readonly atLeast?: boolean;
}

export interface LesionSegInput extends ObjectContext {
  /** On the grid of the series. */
  readonly labelmap: Labelmap;
  readonly segments: readonly LesionToWrite[];
  /** BINARY (default) is read everywhere; LABELMAP is smaller and new. */
  readonly encoding?: 'BINARY' | 'LABELMAP';
  /** Anything JSON can hold, given back by `readLesionSeg`: candidates, reviews, rejected ones, the previous save... */
  readonly state?: unknown;
}

/** "T10 blastic lesion" */
export const lesionLabel = ({ label, level, kind }: Pick<LesionToWrite, 'label' | 'level' | 'kind'>): string =>
  label ?? `${level} ${kind} lesion`;
