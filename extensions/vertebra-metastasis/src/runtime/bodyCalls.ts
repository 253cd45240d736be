/** What the worker that segments vertebral bodies can be asked for. */
import type { Affine, FitHints, LocatedVertebrae, LocateProgress, SegmentedBody, Vec3, Volume } from '../core';

/** A CT announced before its slices arrive: whole volumes are too big for one copy. */
export interface VolumeHead {
  readonly dims: readonly [number, number, number];
  readonly indexToLps: Affine;
  /** Int16 voxels, else Float32. */
  readonly wholeNumbers: boolean;
}

/** Where the models and the runtime's own files are served. */
export interface BodyNetworkPlace {
  /** URL of models/index.json. */
  readonly modelsUrl: string;
  /** URL of the folder that holds ort/. */
  readonly assetBase: string;
  /** The viewer's Authorization header, for files of its own origin. */
  readonly authorization?: string;
}

/** The calls of the worker. They block its thread, so to cancel one the page ends the worker. */
export type BodyCalls = {
  /** The network is to be loaded from here before the first search; answered before it is. */
  open: { params: BodyNetworkPlace; result: undefined };
  segment: {
    params: { readonly volume: Volume; readonly seedLps: Vec3; readonly hints: FitHints };
    result: SegmentedBody;
  };
  /** Announces the CT to search. */
  volume: { params: VolumeHead; result: undefined };
  /** Its slices from index `first` on, whole. */
  slices: { params: { readonly first: number; readonly hu: Volume['hu'] }; result: undefined };
  locate: { params: undefined; result: LocatedVertebrae; progress: LocateProgress };
};
