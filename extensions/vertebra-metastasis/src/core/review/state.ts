/** Everything a person decided about the findings of a study. Immutable; the labelmap follows from it alone. */
import { ATTRIBUTION_THRESHOLD, MIN_PIXELS } from '../method';
import type { LesionRules } from '../study';
import type { Lesion3dKind, LesionKind, VertebraLevel } from '../types';
import type { VertebraAnswer } from './answerTypes';
import type { CandidateKey, VertebraFindings } from './findings';

/** Why a region is not a metastasis. */
export const REJECT_REASONS = ['degenerative', 'schmorl', 'haemangioma', 'fracture', 'artefact', 'other'] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** Absent fields leave the candidate as the method found it. */
export interface Decision {
  readonly verdict?: 'accepted' | 'rejected';
  /** Of a rejected candidate. */
  readonly reason?: RejectReason;
  /** Kind a person gave it. */
  readonly kind?: LesionKind;
  /** Candidates with the same group are one lesion and are decided together; the key of its first member. */
  readonly group?: CandidateKey;
  /** Candidates with the same mark are a lesion of their own although they touch others; the key of the first of them. */
  readonly apart?: CandidateKey;
}

/** A lesion by its vertebra and kind: by the vertebra's mask, or by name where no mask is known. */
export interface LesionName {
  readonly vertebraLabel?: number;
  readonly level: VertebraLevel;
  readonly kind: Lesion3dKind;
}

/** Voxels changed by hand; they win over what the candidates say. */
export interface Stroke {
  /** Into the CT grid. */
  readonly offsets: Uint32Array;
  /** Per offset: 0 no lesion, n the lesion `lesions[n - 1]`. */
  readonly values: Uint8Array;
  readonly lesions: readonly LesionName[];
  /** Lesions that gained or lost voxels. */
  readonly touched: readonly LesionName[];
}

export interface ReviewState {
  /** One entry per analysed vertebra. */
  readonly findings: readonly VertebraFindings[];
  readonly rules: LesionRules;
  readonly decisions: Readonly<Record<CandidateKey, Decision>>;
  /** Labels of vertebrae whose review a person has completed. */
  readonly reviewed: readonly number[];
  /** Level by mask label where a person named it otherwise than the SEG did. */
  readonly levels: Readonly<Record<number, VertebraLevel>>;
  /** By mask label, what a person said of the whole vertebra; only of reviewed ones. */
  readonly answers: Readonly<Record<number, VertebraAnswer>>;
  readonly strokes: readonly Stroke[];
}

/** The rules the method was published with; in force until a model brings its own. */
export const PUBLISHED_RULES: LesionRules = { threshold: ATTRIBUTION_THRESHOLD, minPixels: MIN_PIXELS };

export const emptyReview: ReviewState = {
  findings: [],
  rules: PUBLISHED_RULES,
  decisions: {},
  reviewed: [],
  levels: {},
  answers: {},
  strokes: [],
};

export function sameRules(a: LesionRules, b: LesionRules): boolean {
  return a.threshold === b.threshold && a.minPixels === b.minPixels;
}

/** Whether nobody moved the rules away from those the findings' models came with. */
export function rulesUntouched({ rules, findings }: Pick<ReviewState, 'rules' | 'findings'>): boolean {
  return findings.every(({ modelRules }) => sameRules(rules, modelRules));
}

/** Lesions whose voxels were changed by hand, each once. */
export function drawnLesions({ strokes }: Pick<ReviewState, 'strokes'>): LesionName[] {
  const names = strokes.flatMap(({ touched }) => touched);
  return [...new Map(names.map(name => [lesionNameKey(name), name])).values()];
}

export function lesionNameKey({ vertebraLabel, level, kind }: LesionName): string {
  return `${vertebraLabel === undefined ? level : `#${vertebraLabel}`} ${kind}`;
}

/** The level a vertebra goes by. */
export function levelOf({ levels }: Pick<ReviewState, 'levels'>, label: number, given: VertebraLevel): VertebraLevel {
  return levels[label] ?? given;
}
