import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { type ErrorCode, InputError } from '@spine/core';
import { fileError } from './fileErrors';

/** Exit codes that a script can rely on. */
export const EXIT = { ok: 0, unexpected: 1, usage: 2, input: 3 } as const;

/** Thrown for wrong command lines; ends the program with the usage text and exit code 2. */
export class UsageError extends Error {}

/**
 * Thrown by commands for input that no page of the viewer reads (checkpoints, downloads, training tables), so that its texts
 * need no translation. Its message names the file, what is wrong with it and what to do.
 */
export class CommandError extends Error {
  constructor(
    /** Stable identifier for scripts and tests. */
    readonly code: string,
    message: string
  ) {
    super(message);
  }
}

/** `parseArgs` of Node with its complaints turned into {@link UsageError}; by default of this process's arguments. */
export function parseOptions<T extends NonNullable<ParseArgsConfig['options']>>(
  options: T,
  args: readonly string[] = process.argv.slice(2)
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
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

/** Where a command writes to: the process's own streams, or what a test listens to. */
export interface Terminal {
  readonly stdout: Pick<NodeJS.WriteStream, 'write'>;
  readonly stderr: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;
}

/** A command over its arguments; resolves with its exit code, or nothing when all went well. */
export type Command = (argv: readonly string[], terminal: Terminal) => Promise<number | void>;

/**
 * Runs a command: messages go to stderr as `<name>: <code>: <message>`, and the exit code tells usage (2) and bad input (3)
 * from the unexpected (1, with the stack).
 */
export async function exitCodeOf(
  name: string,
  usage: string,
  command: Command,
  argv: readonly string[],
  terminal: Terminal
): Promise<number> {
  if (argv.includes('--help')) {
    terminal.stdout.write(`${usage}\n`);
    return EXIT.ok;
  }
  try {
    return (await command(argv, terminal)) ?? EXIT.ok;
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.stderr.write(`${name}: usage: ${error.message}\n\n${usage}\n`);
      return EXIT.usage;
    }
    if (error instanceof InputError || error instanceof CommandError) {
      terminal.stderr.write(`${name}: ${error.code}: ${formatError(error)}\n`);
      return EXIT.input;
    }
    const file = fileError(error);
    if (file) {
      terminal.stderr.write(`${name}: file: ${[file.path, file.reason].filter(Boolean).join(': ')}\n`);
      return EXIT.input;
    }
    terminal.stderr.write(`${name}: unexpected: ${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT.unexpected;
  }
}

/** What a command line offers where the message itself speaks of choosing, in a panel or here. */
const REMEDIES: Readonly<Partial<Record<ErrorCode, string>>> = {
  'several-series': 'Name it with --series <SeriesInstanceUID>.',
  'no-series': 'Name one of these with --series.',
  'mixed-series': 'Name one with --series <SeriesInstanceUID>.',
  'duplicate-positions':
    'Name it with --acquisition <AcquisitionNumber>, or --where <Keyword>=<value> for what they differ in.',
  'ambiguous-labels': 'Use --label-scheme.',
  'unexplained-labels': 'Use --label-scheme.',
  'unknown-label': 'Use --label-scheme.',
  'one-label': 'Use --label-scheme.',
  'seg-spacing': 'Name it with --series <SeriesInstanceUID>.',
  'seg-grid': 'Name it with --series <SeriesInstanceUID>.',
};
/** Where a panel asks for a click, a command line has nothing to click into. */
const INSTEAD: Readonly<Partial<Record<ErrorCode, string>>> = {
  'no-spine': 'No whole vertebral body was found in this CT. Give masks of the vertebrae with --vertebrae.',
};

function formatError(error: InputError | CommandError): string {
  if (error instanceof CommandError) return error.message;
  const { code, message } = error;
  return INSTEAD[code] ?? [message, REMEDIES[code]].filter(Boolean).join(' ');
}

/** {@link exitCodeOf} of this process. */
export async function runCommand(name: string, usage: string, command: Command): Promise<void> {
  process.exitCode = await exitCodeOf(name, usage, command, process.argv.slice(2), process);
}
