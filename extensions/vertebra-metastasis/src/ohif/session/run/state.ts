/** The analysis of a session. */
import type { Run } from '../../../ui';
import type { RunClock } from './clock';

export interface RunSlice {
  readonly shown: Run;
  /** The analysis at work. */
  readonly job?: {
    readonly abort: AbortController;
    readonly clock: RunClock;
    /** Labels of vertebrae whose masks were changed since it began. */
    readonly edited: Set<number>;
  };
}

export const initialRun: RunSlice = { shown: { status: 'idle' } };
