import { describeError, type ErrorCode, type ErrorParams, type Fault } from './catalogue';

type NoParams = Readonly<Record<string, never>>;
type Args<C extends ErrorCode> =
  ErrorParams<C> extends NoParams ? [params?: NoParams, about?: About] : [params: ErrorParams<C>, about?: About];
interface About {
  /** Path of the file it is about. */
  readonly file?: string;
}

/** Thrown at a boundary for input that cannot be used. Its code and parameters say what is wrong; its message says so in English. */
export class InputError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'InputError';
  readonly params: ErrorParams<C>;
  readonly file?: string;

  constructor(
    readonly code: C,
    ...[params, about]: Args<C>
  ) {
    super(describeError({ code, params: params ?? {}, file: about?.file }));
    this.params = (params ?? {}) as ErrorParams<C>;
    if (about?.file !== undefined) this.file = about.file;
  }

  /** The error again, of a file that the place which found it did not know. */
  in(file: string): InputError {
    return inputError({ ...faultOf(this), file } as Fault);
  }
}

/** Makes an error of its data again, as after its way from a worker. */
export function inputError({ code, params, file }: Fault): InputError {
  const Any = InputError as new (code: ErrorCode, params: object, about: About) => InputError;
  return new Any(code, params, { file });
}

/** Any thrown value as data; what is no InputError is 'unexpected', with its message. */
export function faultOf(error: unknown): Fault {
  if (error instanceof InputError) {
    const { code, params, file } = error;
    return (file === undefined ? { code, params } : { code, params, file }) as Fault;
  }
  return { code: 'unexpected', params: { message: error instanceof Error ? error.message : String(error) } };
}
