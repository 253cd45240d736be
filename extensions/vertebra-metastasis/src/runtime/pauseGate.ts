/** Holds work back while it is closed; what is cancelled passes, so that it can end. */
export interface PauseGate {
  close(): void;
  open(): void;
  /** Resolves once the gate is open or the signal aborted. */
  pass(cancel: AbortSignal): Promise<void>;
}

export function createPauseGate(): PauseGate {
  let closed = false;
  let waiting: (() => void)[] = [];
  return {
    close() {
      closed = true;
    },
    open() {
      closed = false;
      const all = waiting;
      waiting = [];
      for (const resume of all) resume();
    },
    async pass(cancel) {
      while (closed && !cancel.aborted) {
        await new Promise<void>(resume => {
          waiting.push(resume);
          cancel.addEventListener('abort', () => resume(), { once: true });
        });
      }
    },
  };
}
