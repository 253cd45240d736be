/**
 * Every error a person can meet, by its code: the parameters that say what happened, and the English message. Other languages word the
 * same codes with the same parameters (ui/strings). To add one: an entry here, one in each language.
 */
import { commandErrors } from './commands';
import { ctErrors } from './ct';
import { dicomErrors } from './dicom';
import { modelErrors } from './model';
import { readingErrors } from './reading';
import { resultErrors } from './results';
import { vertebraErrors } from './vertebrae';

const generalErrors = {
  unexpected: ({ message }: { readonly message: string }) => `Something unforeseen went wrong: ${message}`,
  cancelled: () => 'The analysis was cancelled before this vertebra was finished.',
} as const;

export const englishErrors = {
  ...generalErrors,
  ...ctErrors,
  ...dicomErrors,
  ...readingErrors,
  ...vertebraErrors,
  ...modelErrors,
  ...resultErrors,
  ...commandErrors,
} as const;

type English = typeof englishErrors;

/** Stable identifier for scripts, tests and translations, e.g. 'uneven-slices'. */
export type ErrorCode = keyof English;

/** What an error of this code says beyond its code: plain values, lengths in mm. */
export type ErrorParams<C extends ErrorCode> =
  Parameters<English[C]> extends [infer P, ...unknown[]] ? P : Readonly<Record<string, never>>;

/** An error as plain data: kept in states, sent between threads, worded where it is shown. */
export type Fault = {
  readonly [C in ErrorCode]: {
    readonly code: C;
    readonly params: ErrorParams<C>;
    /** The file it is about, where there is one. */
    readonly file?: string;
  };
}[ErrorCode];

/** The messages of one language. A reason that is an error itself is worded by the second argument. */
export type ErrorWords = {
  readonly [C in ErrorCode]: (params: ErrorParams<C>, words: (reason: Reason) => string) => string;
};

/** An error inside the parameters of another. */
export type Reason = Pick<Fault, 'code' | 'params'> | { readonly code: string; readonly params: object };

/** Words an error in a language. */
export function wordedWith(language: ErrorWords): (fault: Reason & { readonly file?: string }) => string {
  const words = (fault: Reason & { readonly file?: string }): string => {
    const say = language[fault.code as ErrorCode] as (params: object, words: (reason: Reason) => string) => string;
    const text = say(fault.params, words);
    return fault.file === undefined ? text : `${fault.file}: ${text}`;
  };
  return words;
}

/** The English message: of the command line, of files, of logs. */
export const describeError = wordedWith(englishErrors as ErrorWords);
