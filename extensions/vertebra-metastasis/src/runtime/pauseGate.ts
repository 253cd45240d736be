import type { CancelSignal } from '../core';

/** Holds work back while it is closed; what was cancelled passes, so that it can end. */
export interface PauseGate {
  close(): void;
  open(): void;
  /** Resolves once the gate is open or the signal aborted. */
  pass(cancel: CancelSignal): Promise<void>;
  /** A signal was aborted: whoever waits looks again. */
  cancelled(): void;
}

export function createPauseGate(): PauseGate {
  let closed = false;
  let waiting: (() => void)[] = [];
  const wake = () => {
    const all = waiting;
    waiting = [];
    for (const resume of all) resume();
  };
  return {
    close() {
      closed = true;
    },
    open() {
      closed = false;
      wake();
    },
    cancelled: wake,
    async pass(cancel) {
      while (closed && !cancel.aborted) await new Promise<void>(resume => waiting.push(resume));
    },
  };
}
