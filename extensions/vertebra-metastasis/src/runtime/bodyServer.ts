/** The worker's side of body segmentation: holds the CT that is searched and answers one call at a time. */
import { type BodyNetwork, locateVertebrae, segmentBody, type Volume } from '../core';
import type { BodyCalls, BodyNetworkPlace } from './bodyCalls';
import { serveCalls, type ServerPort } from './rpc/server';

/** @returns undefined where the site has no such network */
export type BodyNetworkOpener = (place: BodyNetworkPlace) => Promise<BodyNetwork | undefined>;

export function serveBodies(port: ServerPort, openNetwork: BodyNetworkOpener): void {
  let searched: Volume | undefined;
  let place: BodyNetworkPlace | undefined;
  let opened: Promise<BodyNetwork | undefined> | undefined;

  /** One that did not open is tried again with the next call. */
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

  serveCalls<BodyCalls>(port, {
    open(params) {
      place = params;
      // Loaded ahead of the first search, which reports a failure.
      void network().catch(() => undefined);
      return undefined;
    },
    segment: async ({ volume, seedLps, hints }) => segmentBody(volume, seedLps, { ...hints, network: await network() }),
    volume({ dims, indexToLps, wholeNumbers }) {
      const voxels = dims[0] * dims[1] * dims[2];
      searched = { hu: wholeNumbers ? new Int16Array(voxels) : new Float32Array(voxels), dims, indexToLps };
      return undefined;
    },
    slices({ first, hu }) {
      searched?.hu.set(hu, first * searched.dims[0] * searched.dims[1]);
      return undefined;
    },
    async locate(_, { report }) {
      if (!searched) throw new Error('the volume was not sent');
      const volume = searched;
      // Freed after the search: a whole CT is hundreds of megabytes.
      searched = undefined;
      let stage = '';
      return locateVertebrae(volume, {
        network: await network(),
        onProgress: progress => {
          report(progress, progress.stage !== stage);
          stage = progress.stage;
        },
      });
    },
  });
}
