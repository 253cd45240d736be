import { CancelledError, InputError } from '../core';
import type { Problem } from '../ui';

/** Any thrown value in words for the panel. Unforeseen errors also go to the console, with their stack. */
export function toProblem(error: unknown): Problem {
  if (error instanceof InputError) return { code: error.code, message: error.message };
  console.error(error);
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'unexpected', message: `Something unforeseen went wrong: ${message}` };
}

export function isCancelled(error: unknown): boolean {
  return error instanceof CancelledError;
}
