/** What a pickle can hold once read: plain data, arrays, and names that stay names. Nothing here can be called. */
import type { NumpyArray, NumpyDtype } from './numpyTypes';

/** A Python tuple; lists are JavaScript arrays. */
export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** A class or function that the file names. It is never looked up. */
export class PickleName {
  constructor(readonly full: string) {}
}

/** An instance of a named class: its attributes, as far as the file states them. */
export class PickleObject {
  readonly state = new Map<PickleValue, PickleValue>();
  constructor(readonly className: string) {}
}

/** Stands for an object whose content does not matter (a trainer's callback, a set): takes any state and keeps nothing. */
export class Inert {
  constructor(readonly what: string) {}
}

/** A tensor of a checkpoint: where its numbers lie, not the numbers. Offset and strides count elements of the storage. */
export class TensorReference {
  constructor(
    readonly storage: StorageReference,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[]
  ) {}
}

/** A storage of a checkpoint: the entry `data/<key>` of the archive, `length` numbers of one kind. */
export class StorageReference {
  constructor(
    readonly typeName: string,
    readonly key: string,
    readonly length: number
  ) {}
}

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleTuple
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleName
  | PickleObject
  | Inert
  | NumpyArray
  | NumpyDtype
  | TensorReference
  | StorageReference;

/** How an error message calls a value. */
export function describe(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value instanceof PickleName) return value.full;
  if (value instanceof PickleObject) return value.className;
  if (value instanceof Inert) return value.what;
  if (value === null || typeof value !== 'object') return `${value === null ? 'None' : typeof value}`;
  return Array.isArray(value) ? 'list' : value.constructor.name;
}
