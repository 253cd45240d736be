import type { Reply, Request } from './messages';
import type { ServerPort } from './server';

/** A worker in this thread: what `serve` answers on its port, messages copied and delivered in later tasks as between threads. */
export class TestWorker {
  onmessage: ((event: { data: Reply }) => void) | null = null;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  ended = false;
  readonly requests: Request[] = [];
  readonly replies: Reply[] = [];
  private readonly port: ServerPort = {
    onmessage: null,
    postMessage: reply => {
      const data = structuredClone(reply);
      this.replies.push(data);
      setTimeout(() => !this.ended && this.onmessage?.({ data }));
    },
  };

  constructor(serve: (port: ServerPort) => void) {
    serve(this.port);
  }

  /** The calls that arrived, in order. */
  get calls() {
    return this.requests.flatMap(request => (request.kind === 'call' ? [request] : []));
  }

  postMessage(request: Request, transfer: ArrayBuffer[] = []): void {
    const data = structuredClone(request, { transfer });
    this.requests.push(data);
    setTimeout(() => !this.ended && this.port.onmessage?.({ data }));
  }

  terminate(): void {
    this.ended = true;
  }

  /** Dies as a browser reports it. */
  crash(message: string): void {
    this.onerror?.({ message, preventDefault: () => undefined });
  }
}

/** Starts such workers and remembers them. */
export function testWorkers(serve: (port: ServerPort) => void) {
  const workers: TestWorker[] = [];
  const startWorker = () => {
    workers.push(new TestWorker(serve));
    return workers[workers.length - 1] as unknown as Worker;
  };
  return { workers, startWorker };
}
