/** What a page shows a moment later: no check may depend on whether React or the viewer has already drawn. */
import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 100;
/** Software rendering on a busy machine. */
const TIMEOUT_MS = 60_000;

type Checks<T> = ReturnType<typeof expect<T>>;
type Waiting<C> = {
  [K in keyof C]: C[K] extends (...parameters: infer P) => unknown
    ? (...parameters: P) => Promise<void>
    : Waiting<C[K]>;
};

/**
 * `expect` for what may still be on its way: reads again until the check holds.
 * @param read asked every 100 ms
 * @throws what the check says of the value read last, after a minute
 */
export function soon<T>(read: () => T | Promise<T>): Waiting<Checks<T>> {
  const checked =
    (name: string, negated: boolean) =>
    async (...parameters: unknown[]) => {
      const deadline = Date.now() + TIMEOUT_MS;
      for (;;) {
        const value = await read();
        try {
          const checks = negated ? expect(value).not : expect(value);
          (checks as unknown as Record<string, (...values: unknown[]) => void>)[name](...parameters);
          return;
        } catch (error) {
          if (Date.now() > deadline) throw error;
        }
        await pause(PAUSE_MS);
      }
    };
  const checks = (negated: boolean): object =>
    new Proxy({}, { get: (_, name: string) => (name === 'not' ? checks(true) : checked(name, negated)) });
  return checks(false) as Waiting<Checks<T>>;
}
