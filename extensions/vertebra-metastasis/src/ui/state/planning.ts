/** State and actions of the worksheets: what is proposed, and what a person has set. */
import type { LevelPlan, Sector, SinsAnswer, SinsAnswers, SinsField } from '../../core/planning';
import type { VertebraLevel } from '../../core/types';

/** What a person has set for one vertebra. Proposals are never in it. */
export interface Worksheet {
  readonly answers: SinsAnswers;
  /** Confirmed sectors; absent until someone confirms them. */
  readonly sectors?: readonly Sector[];
}

export type Worksheets = Readonly<Record<VertebraLevel, Worksheet | undefined>>;

export interface Planning {
  /** One per affected level; undefined until measured. */
  readonly plans?: readonly LevelPlan[];
  readonly worksheets: Worksheets;
  /** The level at work; the first affected one when undefined or gone. */
  readonly level?: VertebraLevel;
}

export interface PlanningActions {
  showWorksheet(level: VertebraLevel): void;
  /** @param answer undefined opens the field again */
  setSins(level: VertebraLevel, field: SinsField, answer: SinsAnswer | undefined): void;
  /** Confirms sectors; undefined takes the confirmation back. */
  setSectors(level: VertebraLevel, sectors: readonly Sector[] | undefined): void;
}

export const initialPlanning: Planning = { worksheets: {} };

export const NO_WORKSHEET: Worksheet = { answers: {} };
