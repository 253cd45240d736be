/** The segmentation worker as the page sees it. It knows no model and no viewer. */
import {
  CancelledError,
  type FitHints,
  InputError,
  type LocatedVertebrae,
  type LocateProgress,
  type SegmentedBody,
  type Vec3,
  type Volume,
} from '../core';
import type { BodyNetworkPlace, BodyReply, BodyRequest } from './bodyProtocol';
import { errorFromSpec } from './protocol';

export interface BodyClient {
  /** Starts the worker ahead of its first job. */
  prepare(): void;
  /**
   * core's segmentBody on a piece of the CT.
   * @param volume cut around the click; its voxels are handed over and gone afterwards
   * @throws what segmentBody throws; CancelledError; InputError 'worker-lost'
   */
  segment(volume: Volume, seedLps: Vec3, options: { hints?: FitHints; cancel?: AbortSignal }): Promise<SegmentedBody>;
  /** core's locateVertebrae; the volume stays with the caller and is copied slice by slice. */
  locate(
    volume: Volume,
    options: { onProgress?: (progress: LocateProgress) => void; cancel?: AbortSignal }
  ): Promise<LocatedVertebrae>;
  /** Ends the worker and whatever runs. It starts again with the next job. */
  release(): void;
}

/** Slices of one message: about 8 MB of a usual CT, copied in a few milliseconds. */
const SLICES_AT_ONCE = 16;

/**
 * @param start makes a new worker
 * @param place where the network is served that outlines bodies, asked anew for every worker; without it their edges alone are followed
 */
export function createBodyClient(start: () => Worker, place?: () => BodyNetworkPlace): BodyClient {
  let worker: Worker | undefined;
  let ending: ((error: Error) => void) | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function running(): Worker {
    if (worker) return worker;
    worker = start();
    if (place) post(worker, { kind: 'open', place: place() });
    return worker;
  }

  function stop(error: Error): void {
    worker?.terminate();
    worker = undefined;
    ending?.(error);
  }

  /** Runs `send` and waits for its answer. A job blocks its thread, so cancelling it means ending the worker. */
  async function job<K extends BodyReply['kind']>(
    answer: K,
    send: (to: Worker, still: () => boolean) => void | Promise<void>,
    { cancel, onProgress }: { cancel?: AbortSignal; onProgress?: (progress: LocateProgress) => void }
  ): Promise<Extract<BodyReply, { kind: K }>> {
    if (cancel?.aborted) throw new CancelledError('The job was cancelled before it started.');
    const target = running();
    const abort = () => stop(new CancelledError('The segmentation was cancelled.'));
    cancel?.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        ending = reject;
        target.onmessage = ({ data: reply }: MessageEvent<BodyReply>) => {
          if (reply.kind === 'progress') onProgress?.(reply.progress);
          else if (reply.kind === 'failed') reject(errorFromSpec(reply.error));
          else if (reply.kind === answer) resolve(reply as Extract<BodyReply, { kind: K }>);
        };
        target.onerror = event => {
          event.preventDefault();
          stop(lost(event.message || 'it did not start'));
        };
        target.onmessageerror = () => stop(lost('a message could not be read'));
        Promise.resolve(send(target, () => worker === target)).catch(reject);
      });
    } finally {
      ending = undefined;
      cancel?.removeEventListener('abort', abort);
    }
  }

  /** One after the other: a worker has one thread. */
  function queued<T>(run: () => Promise<T>): Promise<T> {
    const result = last.then(run, run);
    last = result.catch(() => undefined);
    return result;
  }

  return {
    prepare: () => void running(),

    segment: (volume, seedLps, { hints = {}, cancel }) =>
      queued(async () => {
        const request = { kind: 'segment', volume, seedLps, hints } as const;
        const { body } = await job('segmented', to => post(to, request, [volume.hu.buffer]), { cancel });
        return body;
      }),

    locate: (volume, { onProgress, cancel }) =>
      queued(async () => {
        const { found } = await job('located', (to, still) => sendVolume(to, volume, still), {
          cancel,
          onProgress,
        });
        return found;
      }),

    release: () => stop(new CancelledError('The segmentation worker was released.')),
  };
}

function post(to: Worker, request: BodyRequest, handOver: ArrayBufferLike[] = []): void {
  to.postMessage(request, handOver as Transferable[]);
}

async function sendVolume(to: Worker, { hu, dims, indexToLps }: Volume, running: () => boolean): Promise<void> {
  post(to, { kind: 'volume', head: { dims, indexToLps, wholeNumbers: hu instanceof Int16Array } });
  const size = dims[0] * dims[1];
  for (let first = 0; first < dims[2] && running(); first += SLICES_AT_ONCE) {
    const piece = hu.slice(first * size, Math.min(dims[2], first + SLICES_AT_ONCE) * size);
    post(to, { kind: 'slices', first, hu: piece }, [piece.buffer]);
    // The page draws and answers between the pieces.
    await new Promise(resolve => setTimeout(resolve));
  }
  if (running()) post(to, { kind: 'locate' });
}

function lost(why: string): InputError {
  return new InputError('body-worker-lost', { reason: why });
}
