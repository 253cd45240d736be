/** The worker's side of body segmentation: holds the CT that is searched and answers one job at a time. */
import { type BodyNetwork, locateVertebrae, segmentBody, type Volume } from '../core';
import type { BodyNetworkPlace, BodyReply, BodyRequest } from './bodyProtocol';
import { errorSpec } from './protocol';
import { throttle } from './throttle';

/** One end of a message channel: a worker's own scope, or a MessagePort. */
export interface BodyPort {
  onmessage: ((event: { readonly data: BodyRequest }) => void) | null;
  postMessage(reply: BodyReply): void;
}

/** Often enough for a smooth bar, seldom enough to cost nothing. */
const PROGRESS_INTERVAL_MS = 100;

/** @returns undefined where the site has no such network */
export type BodyNetworkOpener = (place: BodyNetworkPlace) => Promise<BodyNetwork | undefined>;

export function serveBodies(port: BodyPort, openNetwork: BodyNetworkOpener): void {
  let searched: Volume | undefined;
  let place: BodyNetworkPlace | undefined;
  let opened: Promise<BodyNetwork | undefined> | undefined;

  /** One that did not open is tried again with the next job. */
  async function network(): Promise<BodyNetwork | undefined> {
    if (!place) return undefined;
    opened ??= openNetwork(place);
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  }

  port.onmessage = ({ data: request }) => {
    answer(request).catch((error: unknown) => port.postMessage({ kind: 'failed', error: errorSpec(error) }));
  };

  async function answer(request: BodyRequest): Promise<void> {
    switch (request.kind) {
      case 'open':
        place = request.place;
        // Loaded ahead of the first job, whose answer tells of a failure.
        return void network().catch(() => undefined);
      case 'segment': {
        const options = { ...request.hints, network: await network() };
        const body = await segmentBody(request.volume, request.seedLps, options);
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
      network: await network(),
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
