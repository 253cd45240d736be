import type { SeriesSummary } from './summaryOf';

/** One CT series of a cohort. */
export interface CohortRow {
  readonly study: string;
  readonly series: string;
  readonly state: string;
  readonly code: string | null;
  readonly reason: string | null;
  readonly seconds: number | null;
  readonly summary: SeriesSummary | null;
}
