/** What a person changed, counted for reports and files. */
import { LESION_3D_KINDS, LESION_KINDS } from '../kinds';
import type { LesionRules } from '../study';
import type { Lesion3dKind, LesionKind, VertebraLevel } from '../types';
import { levelOrder } from '../vertebrae/levels';
import { type LevelAnswer, levelAnswers } from './answers';
import { decidedCandidates, type DecidedCandidate } from './decide';
import { drawnLesions, levelOf, REJECT_REASONS, type RejectReason, type ReviewState, rulesUntouched } from './state';

/** What was decided at one level; regions are candidates of single sagittal slices. */
export interface LevelReview {
  readonly level: VertebraLevel;
  /** A person marked the vertebra as finished. */
  readonly reviewed: boolean;
  /** Regions confirmed as metastasis. */
  readonly accepted: number;
  /** Regions rejected, by reason, in the order of `REJECT_REASONS`. */
  readonly rejected: readonly { readonly reason: RejectReason; readonly regions: number }[];
  /** Regions called another kind than the method did. */
  readonly kindChanged: readonly { readonly to: LesionKind; readonly regions: number }[];
  /** Lesions made of several regions by a person. */
  readonly merged: number;
  /** Kinds whose voxels were changed by hand. */
  readonly drawn: readonly Lesion3dKind[];
}

export interface ReviewSummary {
  readonly rules: LesionRules;
  /** Of the models of the findings, without repetition; empty when nothing was analysed. */
  readonly modelRules: readonly LesionRules[];
  /** A person moved threshold or smallest size. */
  readonly rulesMoved: boolean;
  /** Candidates, and how many of them count as lesions. */
  readonly candidates: number;
  readonly kept: number;
  /** Levels at which something was decided or drawn, and reviewed ones; from head to pelvis. */
  readonly levels: readonly LevelReview[];
  /** What a person said of whole vertebrae, from head to pelvis; absent when nothing was. */
  readonly answers?: readonly LevelAnswer[];
}

export function reviewSummary(state: ReviewState): ReviewSummary {
  const vertebrae = state.findings.map(findings => ({
    label: findings.label,
    level: levelOf(state, findings.label, findings.level),
    decided: decidedCandidates(findings, state),
  }));
  const drawn = drawnLesions(state).map(({ vertebraLabel, level, kind }) => ({
    level: vertebraLabel === undefined ? level : levelOf(state, vertebraLabel, level),
    kind,
  }));
  const levels = [...new Set([...vertebrae, ...drawn].map(({ level }) => level))].map((level): LevelReview => {
    const own = vertebrae.filter(one => one.level === level);
    const kinds = new Set(drawn.filter(one => one.level === level).map(({ kind }) => kind));
    return {
      level,
      reviewed: own.some(({ label }) => state.reviewed.includes(label)),
      ...decisions(own.flatMap(({ decided }) => decided)),
      drawn: LESION_3D_KINDS.filter(kind => kinds.has(kind)),
    };
  });
  const all = vertebrae.flatMap(({ decided }) => decided);
  const answers = levelAnswers(state);
  const rules = new Map(state.findings.map(({ modelRules }) => [JSON.stringify(modelRules), modelRules]));
  return {
    rules: state.rules,
    modelRules: [...rules.values()],
    rulesMoved: !rulesUntouched(state),
    candidates: all.length,
    kept: all.filter(({ kept }) => kept).length,
    levels: levels.filter(hasContent).sort((a, b) => levelOrder(a.level) - levelOrder(b.level)),
    ...(answers.length > 0 ? { answers } : {}),
  };
}

function decisions(decided: readonly DecidedCandidate[]) {
  const count = (matches: (one: DecidedCandidate) => boolean) => decided.filter(matches).length;
  const rejected = REJECT_REASONS.map(reason => ({
    reason,
    regions: count(({ decision }) => decision.verdict === 'rejected' && (decision.reason ?? 'other') === reason),
  }));
  const kindChanged = LESION_KINDS.map(to => ({
    to,
    regions: count(({ kind, candidate }) => kind === to && candidate.kind !== to),
  }));
  return {
    accepted: count(({ decision }) => decision.verdict === 'accepted'),
    rejected: rejected.filter(({ regions }) => regions > 0),
    kindChanged: kindChanged.filter(({ regions }) => regions > 0),
    merged: new Set(decided.flatMap(({ decision }) => decision.group ?? [])).size,
  };
}

function hasContent({ reviewed, accepted, rejected, kindChanged, merged, drawn }: LevelReview): boolean {
  return reviewed || accepted + rejected.length + kindChanged.length + merged + drawn.length > 0;
}
