/** What the user has selected: a vertebra of the list and one of its candidates. */
import type { CandidateKey } from '../../core/review';
import type { CandidateRow } from './candidates';

/** From head to pelvis, or the most suspicious first. */
export type VertebraOrder = 'level' | 'suspicion';

export interface Focus {
  /** Of the vertebra's mask. */
  readonly label?: number;
  readonly key?: CandidateKey;
  /** Candidates of the vertebra that the next decision is about, instead of the one in focus. */
  readonly selected: readonly CandidateKey[];
}

export const initialFocus: Focus = { selected: [] };

/** What a decision is about: the selected candidates, else the one in focus. */
export function chosenKeys({ key, selected }: Focus): readonly CandidateKey[] {
  if (selected.length > 0) return selected;
  return key === undefined ? [] : [key];
}

export interface FocusActions {
  setOrder(order: VertebraOrder): void;
  /** Outlines candidates in the viewports, or not. */
  setOutlines(shown: boolean): void;
  /** Shows a vertebra in all viewports and in the panel. */
  goToVertebra(label: number): void;
  /** Back to the overview of all vertebrae. */
  closeVertebra(): void;
  /** Shows a candidate in all viewports and in the panel. */
  goToCandidate(row: Pick<CandidateRow, 'key' | 'pointLps'>): void;
  /** Selects a candidate of the vertebra, or deselects it. */
  toggleSelected(key: CandidateKey): void;
  /** The next (1) or previous (-1) vertebra in the order of the list; wraps around. */
  nextVertebra(step: 1 | -1): void;
  /** The next (1) or previous (-1) candidate of the list, on into the neighbouring vertebra. */
  nextCandidate(step: 1 | -1): void;
}
