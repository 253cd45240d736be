/** The comparison with an earlier study. */
import type { Labelmap, LevelAlignment, StudyLesions } from '../../../core';
import {
  type Choice,
  initialFindings,
  type Loadable,
  type Prior,
  type PriorComparison,
  type Problem,
} from '../../../ui';
import type { PriorStudy } from './search';
import type { OpenedPrior } from './study';

export interface PriorSlice {
  readonly search: Loadable<undefined>;
  /** Earlier studies with a result, the newest first. */
  readonly studies: readonly PriorStudy[];
  readonly selected?: string;
  readonly opened?: OpenedPrior;
  readonly comparison: Loadable<PriorComparison>;
  /** Of the last comparison. */
  readonly alignments?: AlignmentCache;
  readonly shown: boolean;
  readonly viewProblem?: Problem;
}

/** Alignments depend on the bodies alone, so decisions and strokes need no new ones. */
export interface AlignmentCache {
  readonly bodies: Labelmap;
  readonly prior: StudyLesions;
  /** Level by label: a corrected name belongs to another body of the earlier study. */
  readonly names: string;
  readonly alignments: readonly LevelAlignment[];
}

export const initialPrior: PriorSlice = {
  search: initialFindings.prior.search,
  studies: [],
  comparison: { status: 'idle' },
  shown: false,
};

export function priorView({ search, studies, selected, comparison, shown, viewProblem }: PriorSlice): Prior {
  return { search, choices: studies.map(choice), selected, comparison, shown, viewProblem };
}

function choice({ seg, date, description }: PriorStudy): Choice {
  return { id: String(seg.SOPInstanceUID), label: `${dashed(date)} ${description}`.trim() };
}

/** 20250310 -> 2025-03-10 */
export function dashed(date: string): string {
  return date.replace(/^(\d{4})(\d\d)(\d\d).*$/, '$1-$2-$3');
}
