/** Results that were computed without a reader, and whether a person has reviewed them since. */
import type { LesionRules, VertebraAnalysis } from '../study';
import type { VertebraLevel } from '../types';
import { levelOrder } from '../vertebrae/levels';
import { findingsOf } from './findings';
import { emptyReview, levelOf, type ReviewState } from './state';

/**
 * The review of an unattended analysis: nothing is decided.
 * @param rules in force @param modelRules those that the model comes with
 */
export function unattendedReview(
  analyses: readonly VertebraAnalysis[],
  rules: LesionRules,
  modelRules: LesionRules
): ReviewState {
  const findings = analyses.map(analysis => ({ ...findingsOf(analysis, modelRules), unattended: true as const }));
  return { ...emptyReview, rules, findings: findings.sort((a, b) => a.label - b.label) };
}

/** Levels computed unattended whose review no person has completed, from head to pelvis. */
export function unreviewedLevels(state: Pick<ReviewState, 'findings' | 'reviewed' | 'levels'>): VertebraLevel[] {
  return state.findings
    .filter(({ label, unattended }) => unattended && !state.reviewed.includes(label))
    .map(({ label, level }) => levelOf(state, label, level))
    .sort((a, b) => levelOrder(a) - levelOrder(b));
}
