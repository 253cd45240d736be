/** The worker's side of body segmentation: holds the CT that is searched and answers one job at a time. */
import { locateVertebrae, segmentBody, type Volume } from '../core';
import type { BodyReply, BodyRequest } from './bodyProtocol';
import { errorSpec } from './protocol';
import { throttle } from './throttle';

/** One end of a message channel: a worker's own scope, or a MessagePort. */
export interface BodyPort {
  onmessage: ((event: { readonly data: BodyRequest }) => void) | null;
  postMessage(reply: BodyReply): void;
}

/** Often enough for a smooth bar, seldom enough to cost nothing. */
const PROGRESS_INTERVAL_MS = 100;

export function serveBodies(port: BodyPort): void {
  let searched: Volume | undefined;

  port.onmessage = ({ data: request }) => {
    answer(request).catch((error: unknown) => port.postMessage({ kind: 'failed', error: errorSpec(error) }));
  };

  async function answer(request: BodyRequest): Promise<void> {
    switch (request.kind) {
      case 'segment': {
        const body = segmentBody(request.volume, request.seedLps, request.hints);
        return port.postMessage({ kind: 'segmented', body });
      }
      case 'volume': {
        const { dims, indexToLps, wholeNumbers } = request.head;
        const voxels = dims[0] * dims[1] * dims[2];
        searched = { hu: wholeNumbers ? new Int16Array(voxels) : new Float32Array(voxels), dims, indexToLps };
        return;
      }
      case 'slices':
        searched?.hu.set(request.hu, request.first * searched.dims[0] * searched.dims[1]);
        return;
      case 'locate':
        return locate();
    }
  }

  async function locate(): Promise<void> {
    if (!searched) throw new Error('the volume was not sent');
    const volume = searched;
    // Freed after the search: a whole CT is hundreds of megabytes.
    searched = undefined;
    let stage = '';
    const found = await locateVertebrae(volume, {
      onProgress: progress => {
        const report = () => port.postMessage({ kind: 'progress', progress });
        if (progress.stage === stage) return soon(report);
        stage = progress.stage;
        report();
      },
    });
    port.postMessage({ kind: 'located', found });
  }

  let pending = () => undefined as void;
  const throttled = throttle(() => pending(), PROGRESS_INTERVAL_MS);
  function soon(report: () => void): void {
    pending = report;
    throttled.soon();
  }
}
