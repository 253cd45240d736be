/** Messages between a worker and the process that computes for it. Typed arrays travel as they are. */
import type { VertebraAnalysis } from '@spine/core';

export interface AnalysisRequest {
  /** Of the job; the UIDs of its objects follow from it. */
  readonly key: string;
  readonly ct: string;
  readonly series: string;
  /** Folders of SEG objects that may hold vertebra masks. */
  readonly masks: readonly string[];
  readonly out: string;
  readonly model: string;
  readonly threads: number;
  readonly provider: string;
  /** Further arguments of `npm run analyse`. */
  readonly options: readonly string[];
  readonly finished: readonly VertebraAnalysis[];
}

export type AnalysisMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'targets'; readonly count: number }
  | { readonly type: 'vertebra'; readonly analysis: VertebraAnalysis }
  | { readonly type: 'done'; readonly exitCode: number; readonly files: readonly string[]; readonly said: string }
  | { readonly type: 'refused'; readonly code: string; readonly reason: string }
  | { readonly type: 'crashed'; readonly reason: string };
