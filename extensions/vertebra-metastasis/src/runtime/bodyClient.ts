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
import type { BodyCalls, BodyNetworkPlace } from './bodyCalls';
import { createRpcClient } from './rpc/client';
import { createSerialQueue } from './serialQueue';

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
 * @param startWorker makes a new worker
 * @param place where the network is served that outlines bodies; without it their edges alone are followed
 */
export function createBodyClient(startWorker: () => Worker, place?: () => BodyNetworkPlace): BodyClient {
  const queue = createSerialQueue();
  const worker = createRpcClient<BodyCalls>({
    startWorker,
    lostError: (reason = 'it did not start') => new InputError('body-worker-lost', { reason }),
    // A failure is reported by the first search.
    onStart: () => place && void worker.call('open', place()).catch(() => undefined),
  });

  /** One job after the other. A job blocks the worker's thread, so cancelling it means ending the worker. */
  const job = <T>(cancel: AbortSignal | undefined, run: () => Promise<T>): Promise<T> =>
    queue.run(async () => {
      if (cancel?.aborted) throw new CancelledError('The job was cancelled before it started.');
      const end = () => worker.stop(new CancelledError('The segmentation was cancelled.'));
      cancel?.addEventListener('abort', end, { once: true });
      try {
        return await run();
      } finally {
        cancel?.removeEventListener('abort', end);
      }
    });

  async function sendVolume({ hu, dims, indexToLps }: Volume): Promise<void> {
    await worker.call('volume', { dims, indexToLps, wholeNumbers: hu instanceof Int16Array });
    const size = dims[0] * dims[1];
    for (let first = 0; first < dims[2]; first += SLICES_AT_ONCE) {
      const piece = hu.slice(first * size, Math.min(dims[2], first + SLICES_AT_ONCE) * size);
      // Waits for the answer: the page draws between the pieces, and after a cancellation none is sent to a new worker.
      await worker.call('slices', { first, hu: piece }, { transfer: [piece.buffer] });
    }
  }

  return {
    prepare: () => worker.start(),
    segment: (volume, seedLps, { hints = {}, cancel }) =>
      job(cancel, () => worker.call('segment', { volume, seedLps, hints }, { transfer: [volume.hu.buffer] })),
    locate: (volume, { onProgress, cancel }) =>
      job(cancel, async () => {
        await sendVolume(volume);
        return worker.call('locate', undefined, { onProgress });
      }),
    release: () => worker.stop(new CancelledError('The segmentation worker was released.')),
  };
}
