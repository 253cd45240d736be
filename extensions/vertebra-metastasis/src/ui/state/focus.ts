/** What the user has selected: a vertebra, a lesion, and the region of one slice. */
import type { CandidateKey } from '../../core/review';
import type { CandidateRow } from './candidates';
import type { LesionOrder } from './lesionOrder';

/** From head to pelvis, or the most suspicious first. */
export type VertebraOrder = 'level' | 'suspicion';

export interface Focus {
  /** Of the vertebra's mask. */
  readonly label?: number;
  /** Id of a lesion. */
  readonly lesion?: string;
  /** The region that Why shows. */
  readonly key?: CandidateKey;
  /** Ids of the lesions that the next decision is about, instead of the one in focus. */
  readonly selected: readonly string[];
}

export const initialFocus: Focus = { selected: [] };

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
  /** Shows a lesion in all viewports and in the panel. @param id of a `LesionRow` */
  goToLesion(id: string): void;
  setLesionOrder(order: LesionOrder): void;
  /** Selects a lesion, or deselects it. */
  toggleSelected(id: string): void;
  /** Selects all lesions from the one in focus to this one. */
  selectRange(id: string): void;
  /** The next (1) or previous (-1) lesion of the list; wraps around. */
  nextLesion(step: 1 | -1): void;
  /** The next lesion that nobody has decided about. */
  nextUndecided(): void;
  /** The next vertebra that nobody has finished with. */
  nextUnreviewed(): void;
  /** The next (1) or previous (-1) vertebra in the order of the list; wraps around. */
  nextVertebra(step: 1 | -1): void;
  /** The next (1) or previous (-1) candidate of the list, on into the neighbouring vertebra. */
  nextCandidate(step: 1 | -1): void;
}
