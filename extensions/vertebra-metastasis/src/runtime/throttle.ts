/** A report that is made at most every `intervalMs`, however often it is asked for. */
export interface Throttled {
  /** Reports unless it did so within the interval. */
  soon(): void;
  /** Reports in any case. */
  now(): void;
}

export function throttle(
  report: () => void,
  intervalMs: number,
  clock: () => number = () => performance.now()
): Throttled {
  let last = -Infinity;
  const now = () => {
    last = clock();
    report();
  };
  return {
    now,
    soon: () => {
      if (clock() - last >= intervalMs) now();
    },
  };
}
