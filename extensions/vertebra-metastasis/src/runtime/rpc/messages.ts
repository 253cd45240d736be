/** What crosses between the page and a worker: calls with an id and events without one. */
import { CancelledError, type Fault, faultOf, InputError, inputError } from '../../core';

/** The calls a worker answers, by name. */
export type Calls<Names extends string = string> = Record<
  Names,
  { readonly params: unknown; readonly result: unknown; readonly progress?: unknown }
>;

/** Page -> worker. `cancel` and `event` overtake the calls that wait. */
export type Request =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly params: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'event'; readonly event: unknown };

/** Worker -> page. */
export type Reply =
  | { readonly kind: 'done'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorData }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: unknown }
  | { readonly kind: 'event'; readonly event: unknown };

/** An error as data: a copy made by postMessage loses its class and its own fields. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  /** Of an InputError. */
  readonly fault?: Fault;
}

export function errorData(error: unknown): ErrorData {
  if (error instanceof InputError) return { name: error.name, message: error.message, fault: faultOf(error) };
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: 'Error', message: String(error) };
}

export function errorFromData({ name, message, fault }: ErrorData): Error {
  if (fault) return inputError(fault);
  if (name === 'CancelledError') return new CancelledError(message);
  return Object.assign(new Error(message), { name });
}
