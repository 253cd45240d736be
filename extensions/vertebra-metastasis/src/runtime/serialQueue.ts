/** Runs jobs one after the other. */
export interface SerialQueue {
  /** Settles as the job does. A job that throws does not stop those behind it. */
  run<T>(job: () => Promise<T>): Promise<T>;
}

/** One queue per accelerator: sessions are not re-entrant, and two slices at once would only slow each other down. */
export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run<T>(job: () => Promise<T>): Promise<T> {
      const result = last.then(job);
      // The chain waits for the end of the job, whichever way it ends; the caller gets the failure itself.
      last = result.then(
        () => undefined,
        () => undefined
      );
      return result;
    },
  };
}
