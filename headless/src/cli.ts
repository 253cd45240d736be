import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { InputError } from '@spine/core';

/** Exit codes that a script can rely on. */
export const EXIT = { ok: 0, unexpected: 1, usage: 2, input: 3 } as const;

/** Thrown for wrong command lines; ends the program with the usage text and exit code 2. */
export class UsageError extends Error {}

/** `parseArgs` of Node with its complaints turned into {@link UsageError}. */
export function parseOptions<T extends NonNullable<ParseArgsConfig['options']>>(options: T) {
  try {
    return parseArgs({ options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws UsageError naming the option when it is missing */
export function required(value: string | undefined, option: string): string {
  if (!value) throw new UsageError(`--${option} is missing`);
  return value;
}

/** A whole number of at least `minimum`. @throws UsageError */
export function wholeNumber(value: string, option: string, minimum = 1): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < minimum)
    throw new UsageError(`--${option} ${value}: a whole number from ${minimum} up`);
  return number;
}

/**
 * Runs a command: messages go to stderr as `<name>: <code>: <message>`, and the exit code tells usage (2) and bad input (3)
 * from the unexpected (1, with the stack).
 */
export async function runCommand(name: string, usage: string, command: () => Promise<void>): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  try {
    await command();
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${name}: usage: ${error.message}\n\n${usage}\n`);
      process.exitCode = EXIT.usage;
    } else if (error instanceof InputError) {
      process.stderr.write(`${name}: ${error.code}: ${error.message}\n`);
      process.exitCode = EXIT.input;
    } else {
      process.stderr.write(`${name}: unexpected: ${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = EXIT.unexpected;
    }
  }
}
