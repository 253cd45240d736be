import { CancelledError } from '../../core';
import { createSerialQueue } from '../serialQueue';
import { throttle } from '../throttle';
import { type Calls, errorData, type Reply, type Request } from './messages';

/** One end of a message channel: a worker's own scope, or a MessagePort. */
export interface ServerPort {
  onmessage: ((event: { readonly data: Request }) => void) | null;
  postMessage(reply: Reply): void;
}

/** A call being answered. */
export interface CallContext<Progress> {
  /** Aborted when the page cancels the call. */
  readonly cancel: AbortSignal;
  /** Tells the page how far it is: the latest, at most ten times a second; at once where `urgent`. */
  report(progress: Progress, urgent?: boolean): void;
}

export type Handlers<C extends Calls> = {
  readonly [Name in keyof C]: (
    params: C[Name]['params'],
    context: CallContext<C[Name]['progress']>
  ) => Promise<C[Name]['result']> | C[Name]['result'];
};

/** Often enough for a smooth bar, seldom enough to cost nothing. */
const PROGRESS_INTERVAL_MS = 100;

/**
 * Answers calls on `port`, one at a time and in order; one that fails does not stop the next. A call cancelled before its turn
 * is not begun; a handler learns of it from its context.
 * @param onEvent told at once of what the page sends besides calls
 * @returns sends an event to the page
 */
export function serveCalls<C extends Calls, ToWorker = never, ToPage = never>(
  port: ServerPort,
  handlers: Handlers<C>,
  onEvent: (event: ToWorker) => void = () => undefined
): (event: ToPage) => void {
  const queue = createSerialQueue();
  const running = new Map<number, AbortController>();

  port.onmessage = ({ data: request }) => {
    if (request.kind === 'cancel') running.get(request.id)?.abort();
    else if (request.kind === 'event') onEvent(request.event as ToWorker);
    else answer(request);
  };

  function answer({ id, name, params }: Extract<Request, { kind: 'call' }>): void {
    const controller = new AbortController();
    running.set(id, controller);
    let latest: { readonly progress: unknown } | undefined;
    const reports = throttle(() => {
      if (latest) port.postMessage({ kind: 'progress', id, progress: latest.progress });
      latest = undefined;
    }, PROGRESS_INTERVAL_MS);
    const report = (progress: unknown, urgent = false) => {
      latest = { progress };
      if (urgent) reports.now();
      else reports.soon();
    };
    void queue
      .run(async () => {
        const { signal: cancel } = controller;
        if (cancel.aborted) throw new CancelledError('The job was cancelled before it started.');
        return handlers[name](params, { cancel, report });
      })
      .then(result => {
        reports.now();
        port.postMessage({ kind: 'done', id, result });
      })
      .catch((error: unknown) => port.postMessage({ kind: 'failed', id, error: errorData(error) }))
      .finally(() => running.delete(id));
  }

  return event => port.postMessage({ kind: 'event', event });
}
