import type { BurdenResult, Loadable } from '../../../ui';

export interface BurdenSlice {
  readonly result: Loadable<BurdenResult>;
  /** Grows when the burden is to be measured again although nothing changed: after a failure. */
  readonly attempt: number;
}

export const initialBurden: BurdenSlice = { result: { status: 'idle' }, attempt: 0 };
