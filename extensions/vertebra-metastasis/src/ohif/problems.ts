import { CancelledError, faultOf, InputError } from '../core';
import type { Problem } from '../ui';

/** Any thrown value as the panel shows it. Unforeseen errors also go to the console, with their stack. */
export function toProblem(error: unknown): Problem {
  if (!(error instanceof InputError)) console.error(error);
  return faultOf(error);
}

export function isCancelled(error: unknown): boolean {
  return error instanceof CancelledError;
}
