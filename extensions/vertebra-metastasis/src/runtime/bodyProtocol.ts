/** Messages between the page and the worker that segments vertebral bodies. */
import type { Affine, FitHints, LocatedVertebrae, LocateProgress, SegmentedBody, Vec3, Volume } from '../core';
import type { ErrorSpec } from './protocol';

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

/** Page -> worker. One job at a time; to cancel one the page ends the worker. */
export type BodyRequest =
  /** The network is to be loaded from here before the first job. */
  | { readonly kind: 'open'; readonly place: BodyNetworkPlace }
  | { readonly kind: 'segment'; readonly volume: Volume; readonly seedLps: Vec3; readonly hints: FitHints }
  | { readonly kind: 'volume'; readonly head: VolumeHead }
  /** Slices from index `first` on, whole. */
  | { readonly kind: 'slices'; readonly first: number; readonly hu: Volume['hu'] }
  | { readonly kind: 'locate' };

/** Worker -> page. */
export type BodyReply =
  | { readonly kind: 'progress'; readonly progress: LocateProgress }
  | { readonly kind: 'segmented'; readonly body: SegmentedBody }
  | { readonly kind: 'located'; readonly found: LocatedVertebrae }
  | { readonly kind: 'failed'; readonly error: ErrorSpec };
