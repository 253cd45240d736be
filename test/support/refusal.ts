import { InputError } from '@spine/core';

/** The refusal of what must not be accepted. @throws what else was thrown, or when nothing was */
export function refusalOf(parse: () => unknown): InputError {
  try {
    parse();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}
