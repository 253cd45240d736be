/** State and actions of the tabs that read the result: burden, prior, report. */
import type { Burden } from '../../core/burden';
import type { Comparison } from '../../core/prior';
import type { Provenance } from '../../core/provenance';
import type { ReviewSummary } from '../../core/review';
import { initialPlanning, type Planning, type PlanningActions } from './planning';
import type { Choice, Loadable, Problem } from './values';

export interface BurdenResult {
  readonly burden: Burden;
  /** Undefined when the stored result does not say. */
  readonly provenance?: Provenance;
  /** Name and version of this software. */
  readonly software: string;
  /** How many segments a person left, corrected, drew, and confirmed as metastasis. */
  readonly review: {
    readonly automatic: number;
    readonly edited: number;
    readonly drawn: number;
    readonly confirmed: number;
    /** What was decided about the candidate regions, and the rules in force. */
    readonly decisions: ReviewSummary;
  };
}

export interface PriorComparison {
  readonly comparison: Comparison;
  /** 2025-03-10 */
  readonly priorDate: string;
  readonly currentDate: string;
  /** Same model and threshold in both studies. */
  readonly sameMethod: boolean;
  /** The prior study has vertebra masks, so that places could be compared. */
  readonly hasMasks: boolean;
}

export interface Prior {
  /** Search for earlier studies of the patient with a result of ours. */
  readonly search: Loadable<undefined>;
  readonly choices: readonly Choice[];
  readonly selected?: string;
  readonly comparison: Loadable<PriorComparison>;
  /** The earlier CT stands beside the current one in the viewports. */
  readonly shown: boolean;
  readonly viewProblem?: Problem;
}

export interface Findings {
  readonly planning: Planning;
  readonly prior: Prior;
  readonly burden: Loadable<BurdenResult>;
}

export const initialFindings: Findings = {
  burden: { status: 'idle' },
  planning: initialPlanning,
  prior: { search: { status: 'idle' }, choices: [], comparison: { status: 'idle' }, shown: false },
};

/** What the user can do with them. */
export interface FindingsActions extends PlanningActions {
  /** Measures the burden again after a failure. */
  measureBurden(): void;
  /** Looks for earlier studies again. */
  searchPriors(): void;
  selectPrior(id: string): void;
  /** Shows both studies side by side, or the current one alone. */
  showPrior(shown: boolean): void;
  /** Gives matched lesions the tracking identity they had in the earlier study. */
  keepIdentities(): void;
  /** @param index of a change of the comparison */
  goToChange(index: number): void;
}
