/** State and actions of the tabs that read the result: burden, prior, report. */
import type { Burden } from '../core/burden';
import type { Loadable } from './state';

/** With what the lesions were found, as it is written into the files. */
export interface ResultProvenance {
  readonly model: { readonly id: string; readonly name: string; readonly version: string; readonly sha256: string };
  /** In words, with its steps. */
  readonly sampler: string;
  readonly threshold: number;
  readonly provider: string;
}

export interface BurdenResult {
  readonly burden: Burden;
  /** Undefined when the stored result does not say. */
  readonly provenance?: ResultProvenance;
}

export interface Findings {
  readonly burden: Loadable<BurdenResult>;
}

export const initialFindings: Findings = {
  burden: { status: 'idle' },
};
