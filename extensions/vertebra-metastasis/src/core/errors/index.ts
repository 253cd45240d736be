export { describeError, wordedWith } from './catalogue';
export type { ErrorCode, ErrorParams, ErrorWords, Fault, Reason } from './catalogue';
export { faultOf, InputError, inputError } from './inputError';
export type { StoredObject } from './results';
