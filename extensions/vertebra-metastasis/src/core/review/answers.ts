/** Giving, suggesting and listing the answers to "metastasis?". */
import type { VertebraLevel } from '../types';
import { levelOrder } from '../vertebrae/levels';
import type { Answer, VertebraAnswer } from './answerTypes';
import { decidedCandidates } from './decide';
import { drawnLesions, levelOf, type ReviewState } from './state';

/** With the level that the vertebra goes by. */
export interface LevelAnswer extends VertebraAnswer {
  readonly level: VertebraLevel;
}

/** An answer takes effect at once; undefined takes it back. */
export function setAnswer(state: ReviewState, label: number, answer: VertebraAnswer | undefined): ReviewState {
  const others = { ...state.answers };
  delete others[label];
  return { ...state, answers: answer ? { ...others, [label]: answer } : others };
}

/** What follows from the regions that count now: where to begin, not an answer. */
export function suggestedAnswer(state: ReviewState, label: number): Answer {
  const findings = state.findings.find(one => one.label === label);
  const counts = findings !== undefined && decidedCandidates(findings, state).some(({ kept }) => kept);
  const drawn = drawnLesions(state).some(({ vertebraLabel }) => vertebraLabel === label);
  return counts || drawn ? 'metastasis' : 'no metastasis';
}

/** Of reviewed vertebrae, from head to pelvis. */
export function levelAnswers(state: ReviewState): LevelAnswer[] {
  return state.findings
    .flatMap(({ label, level }) => {
      const answer = state.reviewed.includes(label) ? state.answers[label] : undefined;
      return answer ? [{ level: levelOf(state, label, level), ...answer }] : [];
    })
    .sort((a, b) => levelOrder(a.level) - levelOrder(b.level));
}
