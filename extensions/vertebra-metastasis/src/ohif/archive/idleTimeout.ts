import { InputError } from '../../core';

/** How long a transfer may stand still before it is given up, ms. A slow transfer that moves goes on. */
export interface IdleTimeout {
  readonly idleMs: number;
}

/** Thrown when a transfer stood still for too long. */
export class IdleTimeoutError extends InputError<'archive-timeout'> {
  constructor(idleMs: number) {
    super('archive-timeout', { seconds: Math.round(idleMs / 1000) });
  }
}

/**
 * Waits for a transfer as long as it moves.
 * @param start begins it; is given a function to call at every sign of life
 * @param stop called when it stood still
 * @throws IdleTimeoutError, and whatever the transfer throws
 */
export async function withIdleTimeout<T>(
  { idleMs }: IdleTimeout,
  start: (alive: () => void) => Promise<T>,
  stop: () => void = () => undefined
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let giveUp: () => void = () => undefined;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => giveUp(), idleMs);
  };
  const silent = new Promise<never>((_, reject) => {
    giveUp = () => {
      reject(new IdleTimeoutError(idleMs));
      stop();
    };
  });
  alive();
  try {
    return await Promise.race([start(alive), silent]);
  } finally {
    giveUp = () => undefined;
    clearTimeout(timer);
  }
}
