/** The analysis of a session. */
import type { VertebraTarget } from '../../../core';
import type { Run } from '../../../ui';
import type { RunClock } from './clock';

export interface RunSlice {
  readonly shown: Run;
  /** Labels that were to be analysed although a person worked there: it waits for the answer. */
  readonly asked?: readonly number[];
  /** The analysis at work. */
  readonly job?: {
    readonly abort: AbortController;
    readonly clock: RunClock;
    /** The vertebrae to analyse. */
    readonly targets: readonly VertebraTarget[];
    /** Labels of vertebrae whose masks were changed since it began. */
    readonly edited: Set<number>;
    /** Labels of vertebrae that it is done with; grows as it goes on. */
    readonly finished: Set<number>;
  };
}

export const initialRun: RunSlice = { shown: { status: 'idle' } };
