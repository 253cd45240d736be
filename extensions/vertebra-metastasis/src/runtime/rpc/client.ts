import { type CancelSignal, CancelledError } from '../../core';
import { type Calls, errorFromData, type Reply, type Request } from './messages';

export interface CallOptions<Progress> {
  readonly cancel?: CancelSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Handed over instead of copied; empty on this side afterwards. */
  readonly transfer?: readonly ArrayBufferLike[];
}

/** A worker as the page sees it. */
export interface RpcClient<C extends Calls, ToWorker> {
  /** Starts the worker unless it runs. */
  start(): void;
  readonly running: boolean;
  /** Starts the worker if need be. @throws what the handler throws, and what {@link stop} is given */
  call<Name extends keyof C & string>(
    name: Name,
    params: C[Name]['params'],
    options?: CallOptions<C[Name]['progress']>
  ): Promise<C[Name]['result']>;
  /** To a running worker, ahead of the calls that wait. */
  send(event: ToWorker): void;
  /** Asks the worker to cancel all calls. */
  cancelAll(): void;
  /** Ends the worker; all calls fail with `error`. */
  stop(error: Error): void;
}

export interface RpcOptions<ToPage> {
  readonly startWorker: () => Worker;
  readonly onStart?: () => void;
  /** What calls fail with when the worker dies. @param why as the browser says it; undefined when it does not */
  readonly lostError: (why: string | undefined) => Error;
  /** The worker died; its calls have failed already. */
  readonly onLost?: (error: Error) => void;
  readonly onEvent?: (event: ToPage) => void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
  readonly onProgress?: (progress: never) => void;
}

/** How often a cancel signal that is no AbortSignal is read. */
const CANCEL_POLL_MS = 50;

export function createRpcClient<C extends Calls, ToWorker = never, ToPage = never>({
  startWorker,
  onStart,
  lostError,
  onLost,
  onEvent,
}: RpcOptions<ToPage>): RpcClient<C, ToWorker> {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let lastId = 0;

  function start(): Worker {
    if (worker) return worker;
    const started = startWorker();
    worker = started;
    started.onmessage = ({ data }: MessageEvent<Reply>) => worker === started && receive(data);
    started.onerror = event => {
      event.preventDefault();
      lose(started, event.message || undefined);
    };
    started.onmessageerror = () => lose(started, 'a message could not be read');
    onStart?.();
    return started;
  }

  function lose(which: Worker, why: string | undefined): void {
    if (worker !== which) return;
    const error = lostError(why);
    stop(error);
    onLost?.(error);
  }

  function receive(reply: Reply): void {
    if (reply.kind === 'event') return onEvent?.(reply.event as ToPage);
    const call = pending.get(reply.id);
    if (!call) return;
    if (reply.kind === 'progress') return call.onProgress?.(reply.progress as never);
    pending.delete(reply.id);
    if (reply.kind === 'done') call.resolve(reply.result);
    else call.reject(errorFromData(reply.error));
  }

  function stop(error: Error): void {
    worker?.terminate();
    worker = undefined;
    const calls = [...pending.values()];
    pending.clear();
    for (const call of calls) call.reject(error);
  }

  const post = (to: Worker | undefined, request: Request, transfer: readonly ArrayBufferLike[] = []) =>
    to?.postMessage(request, transfer as Transferable[]);

  return {
    start: () => void start(),
    get running() {
      return worker !== undefined;
    },
    async call(name, params, { cancel, onProgress, transfer } = {}) {
      if (cancel?.aborted) throw new CancelledError('The job was cancelled before it started.');
      const target = start();
      const id = ++lastId;
      const result = new Promise<unknown>((resolve, reject) => pending.set(id, { resolve, reject, onProgress }));
      const forget = onAbort(cancel, () => post(target, { kind: 'cancel', id }));
      try {
        post(target, { kind: 'call', id, name, params }, transfer);
        return await result;
      } finally {
        pending.delete(id);
        forget();
      }
    },
    send: event => post(worker, { kind: 'event', event }),
    cancelAll: () => [...pending.keys()].forEach(id => post(worker, { kind: 'cancel', id })),
    stop,
  };
}

/** Calls `action` once the signal is aborted. @returns a function that stops listening */
export function onAbort(signal: CancelSignal | undefined, action: () => void): () => void {
  if (!signal) return () => undefined;
  if (signal instanceof AbortSignal) {
    signal.addEventListener('abort', action, { once: true });
    return () => signal.removeEventListener('abort', action);
  }
  const timer = setInterval(() => {
    if (!signal.aborted) return;
    clearInterval(timer);
    action();
  }, CANCEL_POLL_MS);
  return () => clearInterval(timer);
}
